/** One cell of a notebook, with the line in the file on which each of its lines stands. */
export interface NotebookCell {
  /** From 1, markdown cells included. */
  readonly number: number
  readonly kind: string
  readonly text: string
  readonly lines: readonly number[]
}

export interface Notebook {
  readonly cells: readonly NotebookCell[]
  /** As the kernel says: `python`, `R`, `scala`. */
  readonly language: string | undefined
  /** False where the file is no notebook, or is cut off. */
  readonly isWhole: boolean
}

/**
 * Reads the cells of an .ipynb file as far as it goes; what is broken ends the reading and loses nothing before it.
 * Every cell of format 4 and 3 is found, with the line of the file for each line of code.
 */
export function readCells(file: string): Notebook {
  const cells: NotebookCell[] = []
  const stack: Container[] = []
  let language: string | undefined
  let cell: { kind: string; parts: { text: string; line: number }[] } | undefined
  let line = 1
  let counted = 0
  let isWhole = false
  const lineOf = (offset: number): number => {
    for (let at = file.indexOf('\n', counted); at >= 0 && at < offset; at = file.indexOf('\n', at + 1)) {
      line += 1
      counted = at + 1
    }
    return line
  }

  for (const { token, offset } of tokensOf(file)) {
    const top = stack.at(-1)
    if (token === '{' || token === '[') {
      // A cell is an object in the list under `cells`.
      const isCell = token === '{' && top?.isList === true && stack.at(-2)?.key === 'cells'
      stack.push({ isList: token === '[', key: undefined, expectsKey: token === '{', isCell })
      if (stack.length > 10_000) break
      if (isCell) cell = { kind: 'code', parts: [] }
    } else if (token === '}' || token === ']') {
      const closed = stack.pop()
      if (closed?.isCell && cell) {
        cells.push(cellOf(cells.length + 1, cell))
        cell = undefined
      }
      if (stack.length === 0) isWhole = true
    } else if (token === ',') {
      if (top) top.expectsKey = !top.isList
    } else if (token === ':') {
      if (top) top.expectsKey = false
    } else if (token.startsWith('"') && top?.expectsKey) {
      top.key = textOfLiteral(token)
    } else if (token.startsWith('"') && top) {
      const holder = top.isList ? stack.at(-2) : top
      if (cell && holder?.isCell) {
        if (holder.key === 'cell_type') cell.kind = textOfLiteral(token)
        if (holder.key === 'source' || holder.key === 'input') {
          cell.parts.push({ text: textOfLiteral(token), line: lineOf(offset) })
        }
      }
      if (holder?.key === 'language' && !cell) language ??= textOfLiteral(token)
    }
  }
  if (cell && cell.parts.length > 0) cells.push(cellOf(cells.length + 1, cell))
  return { cells, language, isWhole }
}

/** The tokens of JSON text: brackets, colons, commas and strings; numbers and words are passed over. */
function* tokensOf(text: string): Generator<{ token: string; offset: number }> {
  let at = 0
  while (at < text.length) {
    const sign = text[at] ?? ''
    if (sign === '"') {
      const end = endOfString(text, at)
      if (end < 0) return
      yield { token: text.slice(at, end), offset: at }
      at = end
    } else {
      if ('{}[]:,'.includes(sign)) yield { token: sign, offset: at }
      at += 1
    }
  }
}

/** The offset behind a string's closing quote; -1 where it does not close. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text[quote - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return quote + 1
  }
  return -1
}

interface Container {
  readonly isList: boolean
  readonly isCell: boolean
  key: string | undefined
  expectsKey: boolean
}

function cellOf(
  number: number,
  cell: { kind: string; parts: { text: string; line: number }[] },
): NotebookCell {
  const text = cell.parts.map((part) => part.text).join('')
  const lines: number[] = []
  for (const part of cell.parts) {
    // Lines of one string stand on one line of the file.
    const breaks = part.text.split('\n').length - (part.text.endsWith('\n') ? 1 : 0)
    for (let count = 0; count < breaks; count++) lines.push(part.line)
  }
  return { number, kind: cell.kind, text, lines }
}

function textOfLiteral(literal: string): string {
  try {
    return String(JSON.parse(literal))
  } catch {
    return ''
  }
}
