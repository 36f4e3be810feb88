import { terminalText } from './terminal-text.ts'

export interface Column {
  readonly title: string
  /** Wraps its text when the table is wider than the screen; at most one column does. */
  readonly wraps?: boolean
  /** Shortens its texts when the table is wider than the screen; at most one column does. */
  readonly shrinks?: boolean
}

/** Shrinking stops here: a shorter name would say nothing. */
const shortest = 20

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
    widths[wrapping] = Math.max(20, Math.min(widths[wrapping] ?? 0, width - others))
  }
  const shrinking = columns.findIndex(({ shrinks }) => shrinks === true)
  const over = widths.reduce((sum, each) => sum + each + 2, -2) - width
  if (shrinking >= 0 && over > 0) {
    const room = Math.max(shortest, (widths[shrinking] ?? 0) - over)
    widths[shrinking] = Math.min(widths[shrinking] ?? 0, room)
    for (const row of cells) row[shrinking] = shorten(row[shrinking] ?? '', room)
  }
  const head = columns.map(({ title }) => title)
  return [head, ...cells].flatMap((row) => layOut(row, widths, wrapping))
}

function shorten(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`
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
