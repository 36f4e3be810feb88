import { exitCodes, Problem } from '../problem.ts'

/** Needs no quotes anywhere in a bash command line, whatever stands around it. */
const bare = /^[A-Za-z0-9_./:=@%+,-]+$/
/** What a terminal may act on or hide instead of showing: controls, bidirectional marks, line separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/**
 * One word of a bash command line that bash reads back as exactly `text`. Single quotes, inside which nothing has
 * a meaning; text with characters that a reader would not see is written with escapes that he does see (`$'\033'`).
 * The same quotes go around `$` and back-ticks, so that they are seen to be meant as text.
 */
export function quoteForShell(text: string): string {
  if (text.includes('\0')) throw unquotable()
  if (bare.test(text)) return text
  if (unseen.test(text.replaceAll('\n', '')) || /[$`]/.test(text)) return quoteVisibly(text)
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** ANSI-C quotes: bash 2 and later. Octal escapes have three digits, so a digit that follows is never taken in. */
function quoteVisibly(text: string): string {
  const escaped = Array.from(text, (character) => {
    if (character === '\\' || character === "'") return `\\${character}`
    if (character === '\n' || !unseen.test(character)) return character
    return utf8(character)
      .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
      .join('')
  })
  return `$'${escaped.join('')}'`
}

/** The bytes of a character that `encodeURIComponent` writes as `%XX`, as all unseen ones are. */
function utf8(character: string): readonly number[] {
  return encodeURIComponent(character)
    .split('%')
    .slice(1)
    .map((hex) => Number.parseInt(hex, 16))
}

/** Text for a comment: one line, and nothing in it that a terminal acts on or hides. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}

function unquotable(): Problem {
  return new Problem('UNQUOTABLE', 'A value in the plan holds a NUL character.', {
    why: 'No command line can carry one, and AWS accepts none in a name, path, tag or policy.',
    fix: ['Make the plan again with mlflow-iam plan; this one was edited or damaged.'],
    exit: exitCodes.badInput,
  })
}
