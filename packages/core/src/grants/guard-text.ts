import { showCharacter } from './complaint.ts'
import type { PlacedComplaint } from './positions.ts'

/** The largest grants file that is read, in bytes of UTF-8. */
export const largestFile = 5 * 1024 * 1024

/** Past this many bad characters the file is no text, and naming more of them helps nobody. */
const mostCharacters = 20

// Everything that YAML does not print, plus marks that show a reader another text than the parser sees.
const unreadable =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFEFF\uFFFD\uFFFE\uFFFF]|\r(?!\n)|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

export interface GuardedText {
  /** The text without its byte order mark. */
  readonly text: string
  readonly complaints: readonly PlacedComplaint[]
  /** Not worth parsing: too large, or no text at all. */
  readonly hopeless: boolean
}

/** Refuses what no parser should be asked to read: oversize, binary data, control and reordering characters. */
export function guardText(raw: string): GuardedText {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw
  const bytes = utf8Bytes(raw)
  if (bytes > largestFile) {
    const complaint = {
      what: `The file has ${bytes} bytes.`,
      why: `A grants file may have at most 5 MB (${largestFile} bytes).`,
      fix: 'Split it into several files with a name each.',
    }
    return { text, complaints: [{ path: '', offset: 0, ...complaint }], hopeless: true }
  }
  const complaints: PlacedComplaint[] = []
  for (const found of text.matchAll(unreadable)) {
    if (complaints.length === mostCharacters) return { text, complaints: [notText(text)], hopeless: true }
    complaints.push({ path: '', offset: found.index, ...describeCharacter(found[0]) })
  }
  return { text, complaints, hopeless: false }
}

function describeCharacter(character: string): { what: string; why: string; fix: string } {
  const name = showCharacter(character)
  if (character === '\uFFFD') {
    return {
      what: 'There are bytes here that are not UTF-8.',
      why: 'A grants file is UTF-8 text.',
      fix: 'Save the file as UTF-8 and correct the character.',
    }
  }
  if (character === '\r') {
    return {
      what: 'There is a carriage return (U+000D) without a line feed.',
      why: 'Lines end with LF or CR LF; a CR alone shows another text in an editor than the parser reads.',
      fix: 'Save the file with LF line ends.',
    }
  }
  if (/[\uD800-\uDFFF]/.test(character)) {
    return {
      what: `There is half of a surrogate pair (${name}).`,
      why: 'It is no character, and no UTF-8 text can hold it.',
      fix: 'Delete it.',
    }
  }
  if (/[\u202A-\u202E\u2066-\u2069\uFEFF]/.test(character)) {
    return {
      what: `There is an invisible character (${name}).`,
      why: 'It makes the text look different from what it says.',
      fix: 'Delete it.',
    }
  }
  return {
    what: `There is a ${character === '\0' ? 'NUL' : 'control'} character (${name}).`,
    why: 'YAML text holds no control characters but tab and line ends.',
    fix: 'Delete it.',
  }
}

function notText(text: string): PlacedComplaint {
  return {
    path: '',
    offset: Math.max(0, text.search(unreadable)),
    what: 'This is not a text file.',
    why: `It holds more than ${mostCharacters} control characters or bytes that are not UTF-8, the first of them here.`,
    fix: 'Name a grants file: YAML or JSON in UTF-8.',
  }
}

/** Counts without a TextEncoder, which is not part of the language. */
function utf8Bytes(text: string): number {
  if (text.length > largestFile) return text.length
  // At most three bytes a unit: nearly every file is too small for a closer look.
  if (text.length * 3 <= largestFile) return text.length
  let bytes = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    // Each half of a surrogate pair counts 2 of the 4 bytes that the pair takes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3
  }
  return bytes
}
