import type { Area } from '../ui/frame.ts'
import { type Line, span } from '../ui/line.ts'
import { windowOf } from '../ui/scroll.ts'
import type { Place } from '../wizard/model.ts'
import type { Block } from './preview-tabs.ts'
import { blank, text } from './rows.ts'

/** Draws blocks so that the one with the cursor is seen, and says how many lines more there are. */
export function scrolled(blocks: readonly Block[], place: Place, height: number, area: Area) {
  const row = Math.min(place.row, Math.max(0, blocks.length - 1))
  const starts: number[] = []
  const lines: Line[] = []
  for (const [index, block] of blocks.entries()) {
    starts.push(lines.length)
    lines.push(...(index === row ? marked(block.lines, area) : block.lines))
  }
  const at = starts[row] ?? 0
  const end = at + (blocks[row]?.lines.length ?? 1) - 1
  const shown = windowOf(
    lines.length,
    Math.max(at, Math.min(end, at + height - 2)),
    place.tab === 2 || place.tab === 3 ? at - 3 : 0,
    height,
  )
  const more = shown.below > 0 ? [text(`${area.glyphs.down} ${shown.below} more`)] : []
  return { lines: [...lines.slice(shown.start, shown.end), ...more], cursor: Math.max(0, at - shown.start) }
}

function marked([head = blank, ...rest]: readonly Line[], area: Area): readonly Line[] {
  const [first, ...others] = head
  const lead = first ? first.text.replace(/^ {3}/, '') : ''
  return [
    [span(` ${area.glyphs.cursor} `, 'accent'), ...(first ? [{ ...first, text: lead }] : []), ...others],
    ...rest,
  ]
}

/** A wide area, for counting and copying: nothing is cut there. */
export const plainArea: Area = {
  columns: 400,
  rows: 1000,
  layout: 'normal',
  glyphs: {
    cursor: ' ',
    folded: '',
    open: '',
    yes: 'ok',
    no: 'no',
    busy: '',
    none: '.',
    dot: '-',
    needed: '',
    down: '',
    up: '',
    more: '...',
    arrow: '->',
    times: 'x',
    step: '>',
    rule: '-',
    bar: '|',
    radio: '(*)',
    arrows: '',
    updown: '',
    leftright: '',
    dash: '-',
  },
}
