import type { Narrowing, UseRow } from '../commands/narrow-file.ts'
import { principalWord, serverWord } from './names.ts'
import type { Paint } from './paint.ts'
import { wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

interface Screen {
  readonly paint: Paint
  readonly width: number
}

/** Who used what on which server, what was refused, and what is granted and was not used. */
export function renderUse(rows: readonly UseRow[], screen: Screen): string {
  if (rows.length === 0) return 'No MLflow event is in these records: data events may be off in this trail.'
  return rows.map((row) => renderRow(row, screen)).join('\n\n')
}

function renderRow(row: UseRow, { paint, width }: Screen): string {
  const lastUse = new Map(row.used.map(({ action, last }) => [action, last]))
  const counted = row.used.map(({ action, count, last }) => `${action} ${count}x${last && ` (last ${last})`}`)
  const refused = row.denied.map(
    ({ action, count, last }) => `${action} ${count}x${last && ` (last ${last})`}`,
  )
  const unused = row.unused?.map((action) => {
    const last = lastUse.get(action)
    return last ? `${action} (last ${last})` : action
  })
  const line = (title: string, words: readonly string[] | undefined, none?: string) => {
    if (words === undefined || (words.length === 0 && none === undefined)) return []
    const text = words.length > 0 ? words.join(', ') : (none ?? '')
    return wrapText(terminalText(text), Math.max(20, width - 11)).map(
      (part, index) => `  ${(index === 0 ? title : '').padEnd(8)} ${part}`,
    )
  }
  return [
    paint.strong(terminalText(`${principalWord(row.principal)} on ${serverWord(row.server)}`)),
    ...line('used', counted, 'nothing'),
    ...line('denied', refused),
    ...line('unused', unused),
    ...line('unknown', unknownIn(row)),
  ].join('\n')
}

function unknownIn({ silent, unseen = [] }: UseRow): readonly string[] {
  if (silent !== undefined) return [silent]
  return unseen.length > 0 ? [`${unseen.join(', ')}: use of these is not recorded`] : []
}

/** The change to the grants file, for review. */
export function renderNarrowing({ diff, rows }: Narrowing, paint: Paint): string {
  const lines = diff
    .trimEnd()
    .split('\n')
    .map((line) => paintLine(line, paint))
  const kept = rows.some(({ silent }) => silent !== undefined)
    ? ['', 'Grants that reach a server without any MLflow event are left as they are.']
    : []
  const nothing = 'Nothing to narrow: no grant holds an action that is known to be unused.'
  return [...(diff === '' ? [nothing] : lines), ...kept].join('\n')
}

function paintLine(line: string, paint: Paint): string {
  const text = terminalText(line)
  if (line.startsWith('+')) return paint.adds(text)
  if (line.startsWith('-')) return paint.removes(text)
  return line.startsWith('@') ? paint.dim(text) : text
}
