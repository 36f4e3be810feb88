import { exitCodes, Problem } from '../../problem.ts'

/** PowerShell takes typographic quotes for quotes. */
const singleQuotes = /['\u2018-\u201b]/g
const doubleQuotes = /["\u201c-\u201e`$]/g
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/**
 * A PowerShell string that is exactly `text`: single quotes, inside which nothing has a meaning but the quote.
 * Characters that a reader would not see are written as `u{…} inside double quotes.
 */
export function quoteForPowerShell(text: string): string {
  if (text.includes('\0')) throw unquotable()
  if (!unseen.test(text.replaceAll('\n', ''))) return `'${text.replace(singleQuotes, '$&$&')}'`
  const escaped = Array.from(text, (character) =>
    unseen.test(character)
      ? `\`u{${(character.codePointAt(0) ?? 0).toString(16)}}`
      : character.replace(doubleQuotes, '`$&'),
  )
  return `"${escaped.join('')}"`
}

/** A document as a here-string, whose lines stand as they are; or quoted, where a line could end it early. */
export function hereString(text: string): string {
  const plain = /^[\n\x20-\x7e\xa1-\xff]*$/.test(text) && !/^\s*['\u2018-\u201b]@/m.test(text)
  return plain ? `@'\n${text}\n'@` : quoteForPowerShell(text)
}

function unquotable(): Problem {
  return new Problem('UNQUOTABLE', 'A value in the plan holds a NUL character.', {
    why: 'No command line can carry one, and AWS accepts none in a name, path, tag or policy.',
    fix: ['Make the plan again with mlflow-iam plan; this one was edited or damaged.'],
    exit: exitCodes.badInput,
  })
}
