import type { Complaint } from './complaint.ts'

/** A complaint with its place: a dotted path and an offset in the text. */
export interface PlacedComplaint extends Complaint {
  readonly path: string
  readonly offset: number
}

/** Turns offsets into lines and columns that count from 1. */
export interface LineIndex {
  at(offset: number): { readonly line: number; readonly column: number }
}

/** Finds lines by their starts; CR LF counts as one line end. */
export function indexLines(text: string): LineIndex {
  const starts = [0]
  for (let next = text.indexOf('\n'); next !== -1; next = text.indexOf('\n', next + 1)) starts.push(next + 1)
  return {
    at(offset) {
      let low = 0
      let high = starts.length
      while (high - low > 1) {
        const middle = (low + high) >> 1
        if ((starts[middle] ?? 0) <= offset) low = middle
        else high = middle
      }
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
    },
  }
}
