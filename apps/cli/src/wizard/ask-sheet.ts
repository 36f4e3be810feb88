import { blank, text } from '../screens/rows.ts'
import { type Area, bodyHeight, type View } from '../ui/frame.ts'
import { type Line, span, type Tone } from '../ui/line.ts'
import { wrap } from '../ui/text.ts'
import type { Question } from './ask.ts'

const tones: Readonly<Record<string, Tone>> = { '!': 'warn', '+': 'ok', '~': 'warn', '-': 'danger' }

/** A question as a sheet: what the change means, in full; what does not fit is one scroll away. */
export function askSheet(question: Question, top: number, area: Area): View {
  const head = headOf(question, area)
  const { all, height } = laidOut(question, area)
  const from = Math.min(top, Math.max(0, all.length - height))
  const shown = all.slice(from, from + height)
  const below = all.length - from - shown.length
  const more = below > 0 ? [text(`${area.glyphs.down} ${below} more ${below === 1 ? 'line' : 'lines'}`)] : []
  return { body: [...head, ...shown, ...more], cursor: { row: head.length - 2, column: 3 } }
}

/** How far down a question can be scrolled. */
export function lastTopOfAsk(question: Question, area: Area): number {
  const { all, height } = laidOut(question, area)
  return Math.max(0, all.length - height)
}

function headOf(question: Question, area: Area): readonly Line[] {
  return [...(area.layout === 'compact' ? [] : [blank]), text(span(question.title, 'bold')), blank]
}

function laidOut(question: Question, area: Area) {
  const height = Math.max(3, bodyHeight(area, 0) - headOf(question, area).length - 1)
  const drawn = (paragraphs: readonly string[]) =>
    paragraphs.flatMap((paragraph) => paragraphLines(paragraph, area.columns - 6))
  const asked = drawn(question.lines)
  // Where scrolling is needed, what warns is seen without it.
  return { all: asked.length <= height ? asked : drawn(warningsFirst(question.lines)), height }
}

function warningsFirst(paragraphs: readonly string[]): readonly string[] {
  const warns = (paragraph: string) => paragraph.startsWith('! ')
  return [...paragraphs.filter(warns), ...paragraphs.filter((paragraph) => !warns(paragraph))]
}

/** Marks hang before their text, and what follows a mark is indented with it. */
function paragraphLines(paragraph: string, width: number): readonly Line[] {
  const [, indent = '', mark = '', words = ''] = /^( *)([!+~-] )?(.*)$/.exec(paragraph) ?? []
  const hang = ' '.repeat(indent.length + mark.length)
  const tone = tones[mark.trim()] ?? 'plain'
  return wrap(words, width - hang.length).map((each, index) =>
    index === 0
      ? text(indent, span(mark, tone), mark === '! ' ? span(each, 'warn') : each)
      : text(hang, mark === '! ' ? span(each, 'warn') : each),
  )
}
