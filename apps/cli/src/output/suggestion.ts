import { evidenceWords } from '@mlflow-iam/core/catalog/functions'
import type { Suggestion } from '@mlflow-iam/core/suggest/suggest-grants'
import type { Paint } from './paint.ts'
import { renderTable } from './table.ts'
import { terminalText } from './terminal-text.ts'

/** The grants-file lines, then how each action is known, then what reading alone could not decide. */
export function renderSuggestion(
  { grants, needs, reasons, undecided }: Suggestion,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  if (grants === '' && undecided.length === 0) return 'No call of MLflow was found, so nothing is needed.'
  const columns = [
    { title: 'ACTION' },
    { title: 'WHERE' },
    { title: 'CALL' },
    { title: 'KNOWN', wraps: true },
  ]
  const rows = reasons.map((each) => [
    each.action,
    each.cell === undefined ? each.at : `${each.at} (${each.cell})`,
    each.function,
    evidenceWords[each.evidence],
  ])
  return [
    grants === ''
      ? 'Nothing that can be granted is needed.'
      : grants.trimEnd().split('\n').map(terminalText).join('\n'),
    ...(needs.s3.length > 0 ? ['', `Artifacts in S3: ${needs.s3.join(', ')}`] : []),
    ...(rows.length > 0 ? ['', ...renderTable(columns, rows, width)] : []),
    ...(undecided.length > 0 ? ['', paint.changes('Not decided by reading alone')] : []),
    ...undecided.map(({ at, why }) => terminalText(`  ${at}: ${why}`)),
  ].join('\n')
}
