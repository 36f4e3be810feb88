import { cut, fit, visible, widthOf } from './text.ts'

/** Colour by meaning. `dim` is decoration only; no meaning hangs on any of them alone. */
export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'danger' | 'dim' | 'bold' | 'inverse'

export interface Span {
  readonly text: string
  readonly tone: Tone
}
export type Line = readonly Span[]

/** One piece of a line: a text in the default tone, or a span. */
export type Piece = string | Span

/** A text with a tone. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return { text: visible(text), tone }
}

/** Joins pieces into a line. */
export function line(...pieces: readonly Piece[]): Line {
  return pieces.map((piece) => (typeof piece === 'string' ? span(piece) : piece))
}

/** A text fitted into a column. */
export function column(
  text: string,
  width: number,
  tone: Tone = 'plain',
  ellipsis = '…',
  align: 'left' | 'right' | 'middle' = 'left',
): Span {
  return span(fit(visible(text), width, ellipsis, align), tone)
}

/** A text in a table: always one blank before the next column. */
export function cell(text: string, width: number, tone: Tone = 'plain', ellipsis = '…'): Span {
  return span(`${fit(visible(text), width - 1, ellipsis)} `, tone)
}

export function lineWidth(of: Line): number {
  return of.reduce((sum, piece) => sum + widthOf(piece.text), 0)
}

/** Cuts a line to `width` cells and marks the cut. */
export function cutLine(of: Line, width: number, ellipsis = '…'): Line {
  if (lineWidth(of) <= width) return of
  const out: Span[] = []
  let left = width
  for (const piece of of) {
    const size = widthOf(piece.text)
    if (size < left) {
      out.push(piece)
      left -= size
      continue
    }
    const isLastThatFits = size === left && piece === of.at(-1)
    out.push(
      isLastThatFits ? piece : { text: cut(`${piece.text}${ellipsis} `, left, ellipsis), tone: piece.tone },
    )
    break
  }
  return out
}

/** A left part and a right part with the gap between them; the left is cut first, but half the width is its own. */
export function spread(left: readonly Piece[], right: readonly Piece[], width: number, ellipsis = '…'): Line {
  const whole = line(...right)
  const most = width - 1 - Math.min(lineWidth(line(...left)), Math.floor(width / 2))
  const rightLine = cutLine(whole, most, ellipsis)
  const rightWidth = lineWidth(rightLine)
  if (rightWidth === 0) return cutLine(line(...left), width, ellipsis)
  const leftLine = cutLine(line(...left), Math.max(0, width - rightWidth - 1), ellipsis)
  const gap = Math.max(0, width - rightWidth - lineWidth(leftLine))
  return [...leftLine, span(' '.repeat(gap)), ...rightLine]
}

/** The same line in another tone, for the row that has the cursor. Pieces that carry a warning keep theirs. */
export function tinted(of: Line, tone: Tone): Line {
  return of.map((piece) => (piece.tone === 'plain' ? { ...piece, tone } : piece))
}
