import type { AccessDifference, UnknownAccess } from '@mlflow-iam/core/evaluate/access'
import type { TargetPrincipal } from '@mlflow-iam/core/target/target'
import { count } from './count.ts'
import { principalWord, serverWord } from './names.ts'
import type { Paint } from './paint.ts'
import { wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

/** Each difference with its actions and its cause, and what is not known; or that there is none. */
export function renderDifferences(
  differences: readonly AccessDifference[],
  principals: readonly TargetPrincipal[],
  { paint, width }: { readonly paint: Paint; readonly width: number },
  unknown: readonly UnknownAccess[] = [],
): string {
  if (differences.length + unknown.length === 0)
    return paint.adds('As described: the account gives exactly this access.')
  const blocks = differences.flatMap(({ principal, server, missing, extra, because }) => [
    `${paint.strong(principalWord(principal, principals))} on ${serverWord(server)}`,
    ...list('- missing ', missing, paint.removes, width),
    ...list('+ extra   ', extra, paint.changes, width),
    ...wrapText(terminalText(because), Math.max(24, width - 2)).map((line) => `  ${line}`),
  ])
  const open = unknown.flatMap(({ principal, server, actions, because }) => [
    `${paint.strong(principalWord(principal, principals))} on ${serverWord(server)}`,
    ...list('? unknown ', actions, paint.changes, width),
    ...wrapText(terminalText(because), Math.max(24, width - 2)).map((line) => `  ${line}`),
  ])
  const end = [
    ...(differences.length > 0 ? [`Not as described: ${count(differences.length, 'difference')}.`] : []),
    ...(unknown.length > 0 ? ['Whether the account gives exactly this access is not known.'] : []),
  ]
  return [...blocks, ...open, '', ...end].join('\n')
}

function list(
  title: string,
  actions: readonly string[],
  colour: (text: string) => string,
  width: number,
): string[] {
  if (actions.length === 0) return []
  const lines = wrapText(actions.join(', '), Math.max(24, width - title.length - 2))
  return lines.map((line, index) => colour(`  ${index === 0 ? title : ' '.repeat(title.length)}${line}`))
}
