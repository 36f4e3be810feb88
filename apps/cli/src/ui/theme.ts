import { toAscii } from './glyphs.ts'
import type { Line, Tone } from './line.ts'
import { widthOf } from './text.ts'

export interface Theme {
  readonly color: boolean
  readonly ascii: boolean
}

/** On and off codes of each token: the sixteen ANSI colours, so that the user's own theme decides. */
const codes: Readonly<
  Record<Tone, { readonly color: readonly [string, string]; readonly mono: readonly [string, string] }>
> = {
  plain: { color: ['', ''], mono: ['', ''] },
  accent: { color: ['\u001b[1m\u001b[94m', '\u001b[39m\u001b[22m'], mono: ['\u001b[1m', '\u001b[22m'] },
  ok: { color: ['\u001b[36m', '\u001b[39m'], mono: ['', ''] },
  warn: { color: ['\u001b[33m', '\u001b[39m'], mono: ['', ''] },
  danger: { color: ['\u001b[1m\u001b[31m', '\u001b[39m\u001b[22m'], mono: ['\u001b[1m', '\u001b[22m'] },
  dim: { color: ['\u001b[2m', '\u001b[22m'], mono: ['', ''] },
  bold: { color: ['\u001b[1m', '\u001b[22m'], mono: ['\u001b[1m', '\u001b[22m'] },
  inverse: { color: ['\u001b[7m', '\u001b[27m'], mono: ['\u001b[7m', '\u001b[27m'] },
}

/** A line as the terminal gets it. Trailing blanks are left off, so that copied text has no padding. */
export function paint(of: Line, theme: Theme): string {
  let out = ''
  const last = of.findLastIndex((piece) => piece.text.trim() !== '' || piece.tone === 'inverse')
  for (const [index, piece] of of.entries()) {
    if (index > last) break
    const [on, off] = theme.color ? codes[piece.tone].color : codes[piece.tone].mono
    const raw = theme.ascii ? toAscii(piece.text, widthOf) : piece.text
    const text = index === last && piece.tone !== 'inverse' ? raw.trimEnd() : raw
    out += on + text + off
  }
  return out
}
