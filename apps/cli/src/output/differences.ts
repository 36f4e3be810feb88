import type { AccessDifference } from '@mlflow-iam/core/evaluate/access'
import type { TargetPrincipal } from '@mlflow-iam/core/target/target'
import { count } from './count.ts'
import { principalWord, serverWord } from './names.ts'
import type { Paint } from './paint.ts'
import { wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

/** Each difference with its actions and its cause; or that there is none. */
export function renderDifferences(
  differences: readonly AccessDifference[],
  principals: readonly TargetPrincipal[],
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  if (differences.length === 0) return paint.adds('As described: the account gives exactly this access.')
  const blocks = differences.flatMap(({ principal, server, missing, extra, because }) => [
    `${paint.strong(principalWord(principal, principals))} on ${serverWord(server)}`,
    ...list('- missing ', missing, paint.removes, width),
    ...list('+ extra   ', extra, paint.changes, width),
    ...wrapText(terminalText(because), Math.max(24, width - 2)).map((line) => `  ${line}`),
  ])
  return [...blocks, '', `Not as described: ${count(differences.length, 'difference')}.`].join('\n')
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
