import { terminalText } from './terminal-text.ts'

export interface Column {
  readonly title: string
  /** Wraps its text when the table is wider than the screen; at most one column does. */
  readonly wraps?: boolean
  /** Gives way when the table is wider than the screen; at most the first column does. */
  readonly shrinks?: boolean
}

/** Shrinking stops here: nearly every name would stand alone. */
const narrowest = 20

/** Aligned columns under a header, two spaces apart; the wrapping column takes what the others leave. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const cells = rows.map((row) => columns.map((_, index) => terminalText(row[index] ?? '')))
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  const wrapping = columns.findIndex(({ wraps }) => wraps === true)
  if (wrapping >= 0) {
    const others = widths.reduce((sum, each, index) => (index === wrapping ? sum : sum + each + 2), 0)
    // Beside a column that gives way, a wrapping one takes room for a few words where there is some.
    const given = columns[0]?.shrinks ? Math.max(0, (widths[0] ?? 0) - narrowest) : 0
    const least = Math.max(14, Math.min(24, width - others + given))
    widths[wrapping] = Math.max(least, Math.min(widths[wrapping] ?? 0, width - others))
  }
  const over = widths.reduce((sum, each) => sum + each + 2, -2) - width
  const [first = 0] = widths
  if (columns[0]?.shrinks === true && over > 0) widths[0] = Math.min(first, Math.max(narrowest, first - over))
  const head = columns.map(({ title }) => title)
  return [head, ...cells].flatMap((row, index, all) => {
    const [name = '', ...rest] = row
    if (name.length <= (widths[0] ?? 0)) return layOut(row, widths, wrapping)
    // A longer name stands once on a line of its own, above its rows: cut, it would be nobody's.
    const above = all[index - 1]?.[0] === name ? [] : [name]
    return [...above, ...layOut(['', ...rest], widths, wrapping)]
  })
}

function layOut(row: readonly string[], widths: readonly number[], wrapping: number): string[] {
  const pieces = wrapping < 0 ? [] : wrapText(row[wrapping] ?? '', widths[wrapping] ?? 20)
  const height = Math.max(1, pieces.length)
  return Array.from({ length: height }, (_, line) =>
    row
      .map((cell, index) => {
        const text = index === wrapping ? (pieces[line] ?? '') : line === 0 ? cell : ''
        return text.padEnd(widths[index] ?? 0)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Breaks at spaces so that no line is longer than `width`; a longer word stands alone, whole. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
