import type { Area } from '../ui/frame.ts'
import { type Line, line, type Piece, span, tinted } from '../ui/line.ts'
import { windowOf } from '../ui/scroll.ts'

/** A row of a list: the cursor row carries the mark and the accent. */
export function row(area: Area, focused: boolean, ...pieces: readonly Piece[]): Line {
  const mark = focused ? span(` ${area.glyphs.cursor} `, 'accent') : span('   ')
  const rest = line(...pieces)
  return [mark, ...(focused ? tinted(rest, 'accent') : rest)]
}

/** An indented line of text. */
export function text(...pieces: readonly Piece[]): Line {
  return line('   ', ...pieces)
}

export const blank: Line = line('')

export interface ListView {
  readonly lines: readonly Line[]
  /** Line of the cursor within `lines`. */
  readonly cursor: number | undefined
  /** The first row shown: what to keep as `top`. */
  readonly top: number
}

/** Draws the visible part of a list, and how many more there are below or above. */
export function list<Item>(
  area: Area,
  items: readonly Item[],
  cursor: number,
  top: number,
  height: number,
  draw: (item: Item, focused: boolean, index: number) => Line,
  more = '',
): ListView {
  const shown = windowOf(items.length, cursor, top, height)
  const lines: Line[] = []
  for (let index = shown.start; index < shown.end; index += 1) {
    const item = items[index]
    if (item !== undefined) lines.push(draw(item, index === cursor, index))
  }
  if (shown.below > 0) lines.push(text(`${area.glyphs.down} ${shown.below} more${more}`))
  else if (shown.above > 0) lines.push(text(`${area.glyphs.up} ${shown.above} more above${more}`))
  const inside = cursor >= shown.start && cursor < shown.end
  return { lines, cursor: inside ? cursor - shown.start : undefined, top: shown.start }
}

/** `[x]`, `[ ]`, `(•)`, `( )`. */
export function tick(on: boolean): string {
  return on ? '[x]' : '[ ]'
}
export function radio(area: Area, on: boolean): string {
  return on ? area.glyphs.radio : '( )'
}
