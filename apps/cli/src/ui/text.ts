import stringWidth from 'string-width'

const plainAscii = /^[\x20-\x7e]*$/

/** Terminal cells that a text takes; wide characters count two. */
export function widthOf(text: string): number {
  return plainAscii.test(text) ? text.length : stringWidth(text)
}

/** Replaces what could move the cursor or hide text (control, bidi and invisible characters) by one visible mark. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '?')
}

/** Cuts a text to `width` cells; a cut shows as the ellipsis. */
export function cut(text: string, width: number, ellipsis = '…'): string {
  if (width <= 0) return ''
  if (widthOf(text) <= width) return text
  const room = width - widthOf(ellipsis)
  if (room <= 0) return '.'.repeat(width)
  if (plainAscii.test(text)) return text.slice(0, room) + ellipsis
  let taken = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const size = widthOf(segment)
    if (used + size > room) break
    taken += segment
    used += size
  }
  return taken + ellipsis
}

/** Cuts or pads a text to exactly `width` cells. */
export function fit(
  text: string,
  width: number,
  ellipsis = '…',
  align: 'left' | 'right' | 'middle' = 'left',
): string {
  const shown = cut(text, width, ellipsis)
  const room = Math.max(0, width - widthOf(shown))
  if (align === 'right') return ' '.repeat(room) + shown
  if (align === 'left') return shown + ' '.repeat(room)
  return ' '.repeat(Math.floor(room / 2)) + shown + ' '.repeat(Math.ceil(room / 2))
}

/** Breaks a text into lines of at most `width` cells, at spaces where there are some. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (let word of paragraph.split(' ')) {
      while (widthOf(word) > width) {
        if (line) lines.push(line)
        line = ''
        lines.push(word.slice(0, width))
        word = word.slice(width)
      }
      if (line && widthOf(line) + 1 + widthOf(word) > width) {
        lines.push(line)
        line = word
      } else line = line ? `${line} ${word}` : word
    }
    lines.push(line)
  }
  return lines
}

/** The same for a line that may be indented: what goes on from it stands two cells further in. */
export function wrapIndented(text: string, width: number): readonly string[] {
  const indent = /^ */.exec(text)?.[0] ?? ''
  if (widthOf(text) <= width) return [text]
  const [first = '', ...rest] = wrap(text.slice(indent.length), Math.max(1, width - indent.length - 2))
  return [`${indent}${first}`, ...rest.map((each) => `${indent}  ${each}`)]
}

/** "1 row", "12 rows", "1,204 characters". */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? noun : plural}`
}
