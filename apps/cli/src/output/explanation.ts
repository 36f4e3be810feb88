import type { Explanation, Holder } from '../commands/explain-query.ts'
import { policyWord, principalWord, serverWord } from './names.ts'
import type { Paint } from './paint.ts'
import { renderTable, wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

interface Shown extends Pick<Explanation, 'query' | 'kind' | 'needs'> {
  readonly grant: string
  /** Absent where no account was looked at. */
  readonly holders?: readonly Holder[]
}

/** One answer of `explain`: what it needs, who has it, and the grant that would allow it. */
export function renderExplanation(
  { query, kind, needs, holders, grant }: Shown,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  const name = kind === 'denial' ? 'This denial' : terminalText(query.trim())
  const lines = [
    paint.strong(`${name} needs`),
    ...wrapText(needs.actions.join(', ') || 'no action of its own', Math.max(24, width - 2)).map(
      (line) => `  ${line}`,
    ),
    ...(needs.s3.length > 0 ? [`  and ${needs.s3.join(', ')} access to the server's artifacts in S3`] : []),
  ]
  if (holders) {
    const rows = holders.map(({ principal, server, decision, policy, statement }) => [
      principalWord(principal),
      serverWord(server),
      decision,
      policy === null ? '-' : `${policyWord(policy)}${statement === null ? '' : ` ${statement}`}`,
    ])
    const columns = [
      { title: 'WHO' },
      { title: 'SERVER' },
      { title: 'DECISION' },
      { title: 'THROUGH', wraps: true },
    ]
    lines.push('', ...(rows.length > 0 ? renderTable(columns, rows, width) : ['Nobody has it.']))
  }
  if (grant !== '') lines.push('', paint.strong('The smallest grant that allows it'), grant.trimEnd())
  return lines.join('\n')
}
