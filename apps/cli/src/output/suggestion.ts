import { evidenceWords } from '@mlflow-iam/core/catalog/functions'
import type { ReasonEvidence, Suggestion } from '@mlflow-iam/core/suggest/suggest-grants'
import type { Paint } from './paint.ts'
import { renderTable, wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

const known: Readonly<Record<ReasonEvidence, string>> = {
  ...evidenceWords,
  cloudtrail: 'called in your account, as CloudTrail recorded',
  denial: 'refused by AWS, as the message says',
}

/** The same in one word, for the table. */
const knownShort: Readonly<Record<ReasonEvidence, string>> = {
  measured: 'recorded',
  inferred: 'read',
  'not-on-tracking-servers': 'newer',
  cloudtrail: 'called',
  denial: 'refused',
}

/** The grants-file lines, then how each action is known, then what reading alone could not decide. */
export function renderSuggestion(
  { grants, needs, reasons, undecided }: Suggestion,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  if (grants === '' && undecided.length === 0) return 'No call of MLflow was found, so nothing is needed.'
  const columns = [
    { title: 'ACTION' },
    { title: 'WHERE' },
    { title: 'CALL', wraps: true },
    { title: 'KNOWN' },
  ]
  const rows = reasons.map((each) => [
    each.action,
    each.cell === undefined ? each.at : `${each.at} (${each.cell})`,
    each.function,
    knownShort[each.evidence],
  ])
  const kinds = [...new Set(reasons.map(({ evidence }) => evidence))]
  const legend = kinds.flatMap((kind) => wrapText(`${knownShort[kind]} = ${known[kind]}`, width))
  return [
    grants === ''
      ? 'Nothing that can be granted is needed.'
      : grants.trimEnd().split('\n').map(terminalText).join('\n'),
    ...(needs.s3.length > 0 ? ['', `Artifacts in S3: ${needs.s3.join(', ')}`] : []),
    ...(rows.length > 0 ? ['', ...renderTable(columns, rows, width), '', ...legend] : []),
    ...renderUndecided({ undecided }, { paint }),
  ].join('\n')
}

/** What is for a person to decide, under a blank line; nothing where there is nothing. */
export function renderUndecided(
  { undecided }: Pick<Suggestion, 'undecided'>,
  { paint }: { readonly paint: Paint },
): readonly string[] {
  if (undecided.length === 0) return []
  return [
    '',
    paint.changes('Not decided by reading alone'),
    ...undecided.map(({ at, why }) => terminalText(`  ${at}: ${why}`)),
  ]
}
