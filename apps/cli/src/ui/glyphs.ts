/** Every mark that is not plain ASCII, all one cell wide, with its twin for `--ascii`. */
export interface Glyphs {
  readonly cursor: string
  readonly folded: string
  readonly open: string
  readonly yes: string
  readonly no: string
  readonly busy: string
  readonly none: string
  readonly dot: string
  readonly needed: string
  readonly down: string
  readonly up: string
  readonly more: string
  readonly arrow: string
  readonly times: string
  readonly step: string
  readonly rule: string
  readonly bar: string
  readonly radio: string
  readonly arrows: string
  readonly updown: string
  readonly leftright: string
  readonly dash: string
}

export const unicodeGlyphs: Glyphs = {
  cursor: '❯',
  folded: '▸',
  open: '▾',
  yes: '✓',
  no: '✗',
  busy: '◐',
  none: '·',
  dot: '·',
  needed: '»',
  down: '↓',
  up: '↑',
  more: '…',
  arrow: '→',
  times: '×',
  step: '›',
  rule: '─',
  bar: '│',
  radio: '(•)',
  arrows: '↑↓←→',
  updown: '↑↓',
  leftright: '←→',
  dash: '—',
}

export const asciiGlyphs: Glyphs = {
  cursor: '*',
  folded: '>',
  open: 'v',
  yes: 'ok',
  no: 'XX',
  busy: '..',
  none: '.',
  dot: '.',
  needed: '>',
  down: 'v',
  up: '^',
  more: '...',
  arrow: '->',
  times: 'x',
  step: '>',
  rule: '-',
  bar: '|',
  radio: '(*)',
  arrows: 'arrows',
  updown: 'up/down',
  leftright: 'left/right',
  dash: '-',
}

const twins: Readonly<Record<string, string>> = { '“': '"', '”': '"', '‘': "'", '’': "'", '–': '-' }

/** What is left of non-ASCII text (names, messages) under `--ascii`: its twin, or `?` in each cell it took. */
export function toAscii(text: string, widthOf: (text: string) => number): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  let out = ''
  for (const character of text) {
    if (character >= ' ' && character <= '~') out += character
    else out += oneCellTwin(character) ?? '?'.repeat(widthOf(character))
  }
  return out
}

function oneCellTwin(character: string): string | undefined {
  const own = twins[character]
  if (own) return own
  for (const key of Object.keys(unicodeGlyphs) as (keyof Glyphs)[]) {
    if (unicodeGlyphs[key] === character && asciiGlyphs[key].length === 1) return asciiGlyphs[key]
  }
  return character === '…' ? '.' : character === '→' ? '>' : undefined
}
