import type { Explanation } from '@mlflow-iam/core/evaluate/explain'
import { type NamedPrincipal, policyWord, principalWord, serverWord } from './names.ts'
import type { Paint } from './paint.ts'
import { byServer } from './row-order.ts'
import { renderTable, wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

interface View {
  readonly paint: Paint
  readonly width: number
}

/** One answer of `explain`: what it needs, who has it where an account was looked at, and the grant that allows it. */
export function renderExplanation(
  { query, kind, needs, holders, grant, note }: Explanation,
  { paint, width }: View,
  /** The permission sets of the account that was looked at, where one was. */
  sets: readonly NamedPrincipal[] | undefined,
): string {
  const name = kind === 'denial' ? 'This denial' : terminalText(query.trim())
  const actions = wrapText(needs.actions.join(', ') || 'no MLflow action', Math.max(24, width - 2))
  const lines = [
    paint.strong(`${name} needs`),
    ...actions.map((line) => `  ${line}`),
    ...(needs.s3.length > 0 ? [`  and ${needs.s3.join(', ')} access to the server's artifacts in S3`] : []),
    ...(sets ? ['', ...holderLines(holders, sets, width)] : []),
  ]
  const title = grant.includes('persona:') ? 'A grant that allows it' : 'The smallest grant that allows it'
  const more =
    grant === ''
      ? ['', ...wrapText(note ?? 'No grant of this tool allows it.', width)]
      : ['', paint.strong(title), terminalLines(grant.trimEnd())]
  return [...lines, ...more].join('\n')
}

function holderLines(
  holders: Explanation['holders'],
  sets: readonly NamedPrincipal[],
  width: number,
): string[] {
  if (holders.length === 0) return ['Nobody has it.']
  const rows = byServer(holders).map(({ principal, server, decision, account, policy, statement }) => [
    principalWord(principal, sets),
    serverWord(server),
    account !== undefined
      ? `decided in account ${account}`
      : isUnread(decision, statement)
        ? 'unknown'
        : decision,
    policy === null
      ? '-'
      : `${policyWord(policy)} ${isUnread(decision, statement) ? '(not read)' : (statement ?? '')}`.trim(),
  ])
  const columns = [
    { title: 'WHO', shrinks: true },
    { title: 'SERVER' },
    { title: 'DECISION' },
    { title: 'THROUGH', wraps: true },
  ]
  return renderTable(columns, rows, width)
}

/** It hangs on no statement, but on a policy of which only the name is known. */
function isUnread(decision: string, statement: string | null): boolean {
  return decision === 'depends' && statement === null
}

function terminalLines(text: string): string {
  return text.split('\n').map(terminalText).join('\n')
}
