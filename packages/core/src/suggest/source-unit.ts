import type { Tree } from '@lezer/common'
import { parser } from '@lezer/python'

/** One text that is parsed by itself: a file, or a cell of a notebook. */
export interface SourceUnit {
  readonly text: string
  readonly tree: Tree
  /** `train.py:41` for an offset in the text. */
  readonly placeOf: (offset: number) => string
  /** `cell 3, line 2` for an offset, in notebooks. */
  readonly cellOf: (offset: number) => string | undefined
}

/** Parses a text. `lines` gives each of its lines a number, where they are not 1, 2, 3, … */
export function sourceUnit(text: string, file: string, cell?: number, lines?: readonly number[]): SourceUnit {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const rowOf = (offset: number): number => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
  return {
    text,
    tree: parser.parse(text),
    placeOf: (offset) => `${file}:${lines?.[rowOf(offset)] ?? rowOf(offset) + 1}`,
    cellOf: (offset) => (cell === undefined ? undefined : `cell ${cell}, line ${rowOf(offset) + 1}`),
  }
}
