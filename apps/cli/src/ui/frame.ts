import type { Glyphs } from './glyphs.ts'
import { cutLine, type Line, line, type Piece, type Span, span, spread } from './line.ts'
import { widthOf, wrap } from './text.ts'

/** The room a screen has, and how it may draw. */
export interface Area {
  readonly columns: number
  readonly rows: number
  /** `compact` below 80x24, `wide` from 110x34. */
  readonly layout: 'compact' | 'normal' | 'wide'
  readonly glyphs: Glyphs
}

export interface Strip {
  readonly title: string
  readonly right?: string
  readonly lines: readonly Line[]
}

/** What a screen shows: the frame around it is the same everywhere. */
export interface View {
  readonly body: readonly Line[]
  readonly strip?: Strip | undefined
  /** Where the hardware cursor sits, counted in the body. */
  readonly cursor?: { readonly row: number; readonly column: number } | undefined
}

export interface KeyHint {
  readonly keys: string
  readonly does: string
}

export interface FrameParts {
  readonly header: { readonly left: readonly Piece[]; readonly right: string }
  readonly steps: Line
  readonly compactRight: string
  readonly footer: readonly KeyHint[]
  readonly view: View
  /** What the last key did: stands on the last line of the body, or on the last two. */
  readonly said?: Span
}

export interface Frame {
  readonly lines: readonly Line[]
  readonly cursor?: { readonly x: number; readonly y: number }
}

/** Lines of the body that a frame leaves to its screen. */
export function bodyHeight(area: Area, stripLines: number): number {
  const fixed = area.layout === 'compact' ? 4 : 5
  const strip = area.layout === 'compact' || stripLines === 0 ? 0 : stripLines + 1
  return Math.max(1, area.rows - 1 - fixed - strip)
}

/** Lines below the title of a sheet that covers the body and has no strip. */
export function sheetRoom(area: Area): number {
  return Math.max(3, bodyHeight(area, 0) - (area.layout === 'compact' ? 2 : 3))
}

/** Puts header, steps, body, strip and keys together: at most rows - 1 lines, none in the last column. */
export function composeFrame(area: Area, parts: FrameParts): Frame {
  const width = area.columns - 1
  const { glyphs } = area
  const compact = area.layout === 'compact'
  const rule = line(' ', span(glyphs.rule.repeat(width - 1), 'dim'))
  const strip = compact ? undefined : parts.view.strip
  const height = bodyHeight(area, strip?.lines.length ?? 0)
  const top = compact
    ? [spread([' ', ...parts.header.left], [parts.compactRight], width, glyphs.more), rule]
    : [spread([' ', ...parts.header.left], [parts.header.right], width, glyphs.more), parts.steps, rule]
  const body = parts.view.body.slice(0, height)
  const filler = Array.from({ length: Math.max(0, height - body.length) }, () => line(''))
  const inside = [...body, ...filler]
  if (parts.said) {
    const { text, tone } = parts.said
    const told = wrap(text, width - 3)
    const rows = told.length > 1 ? [told[0] ?? '', told.slice(1).join(' ')] : told
    inside.splice(height - rows.length, rows.length, ...rows.map((each) => line('   ', span(each, tone))))
  }
  const bottom = strip ? [stripRule(strip, width, glyphs), ...strip.lines] : []
  const lines = [
    ...top,
    ...inside,
    ...bottom,
    rule,
    footerLine(compact ? parts.footer.map(shortened) : parts.footer, width),
  ].map((each) => cutLine(each, width, glyphs.more))
  const at = parts.view.cursor
  if (!at || at.row >= height) return { lines }
  return { lines, cursor: { x: Math.min(at.column, width - 1), y: top.length + at.row } }
}

/** The line above a strip: its title on the left, what belongs to it on the right. */
export function stripRule(strip: Strip, width: number, glyphs: Glyphs): Line {
  const right = strip.right ? ` ${strip.right} ` : ''
  const left = ` ${strip.title} `
  const room = width - 1 - 2 - widthOf(left) - widthOf(right) - (right ? 2 : 0)
  return [
    span(` ${glyphs.rule.repeat(2)}`, 'dim'),
    span(left, 'bold'),
    span(glyphs.rule.repeat(Math.max(0, room)), 'dim'),
    span(right, 'bold'),
    span(right ? glyphs.rule.repeat(2) : '', 'dim'),
  ]
}

/** Where there is little room, what the arrows do is left to the cursor. */
function shortened({ keys, does }: KeyHint): KeyHint {
  return { keys, does: ['↑↓', '↑↓←→', 'up/down', 'arrows'].includes(keys) ? '' : does }
}

/** The keys that fit, in order; the first one and the way out are never dropped. */
function footerLine(hints: readonly KeyHint[], width: number): Line {
  const sizeOf = ({ keys, does }: KeyHint) => widthOf(keys) + (does === '' ? 0 : 1 + widthOf(does))
  const isPinned = (hint: KeyHint, index: number) => index === 0 || hint.keys === 'q'
  let left = width + 1
  for (const hint of hints.filter(isPinned)) left -= sizeOf(hint) + 2
  const shown = hints.filter((hint, index) => {
    if (isPinned(hint, index)) return true
    const fits = sizeOf(hint) + 2 <= left
    if (fits) left -= sizeOf(hint) + 2
    return fits
  })
  const pieces = shown.flatMap(({ keys, does }, index): Piece[] => [
    index === 0 ? ' ' : '  ',
    span(keys, 'bold'),
    does === '' ? '' : ` ${does}`,
  ])
  return line(...pieces)
}
