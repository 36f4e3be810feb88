/** A piece of PowerShell: a string with its value, or a word or mark of code. */
export interface Token {
  readonly kind: 'string' | 'code'
  readonly text: string
}

const single = "'\u2018\u2019\u201a\u201b"
const double = '"\u201c\u201d\u201e'
const closing: Readonly<Record<string, string>> = {
  '(': ')',
  '@(': ')',
  '{': '}',
  '${': '}',
  '[': ']',
  '@{': '}',
}

/**
 * Splits a script by PowerShell's own lexical rules (comments, both quotes in all their typographic forms,
 * here-strings, back-tick escapes) and throws where a string, a comment or a bracket does not end.
 */
export function readPowerShell(script: string): readonly Token[] {
  const tokens: Token[] = []
  const open: string[] = []
  let at = 0
  const rest = () => script.slice(at)
  while (at < script.length) {
    const character = script.charAt(at)
    const blank = /^(?:\s|`\n)+/.exec(rest())
    if (blank) at += blank[0].length
    else if (character === '#') at += /^[^\n]*/.exec(rest())?.[0].length ?? 1
    else if (
      script.startsWith('@', at) &&
      single.includes(script.charAt(at + 1)) &&
      script.charAt(at + 2) === '\n'
    ) {
      const body = new RegExp(`^@[${single}]\\n([\\s\\S]*?)\\n[${single}]@`).exec(rest())
      if (body === null) throw new Error(`a here-string does not end: ${rest().slice(0, 40)}`)
      tokens.push({ kind: 'string', text: body[1] ?? '' })
      at += body[0].length
    } else if (single.includes(character)) {
      const body = new RegExp(`^[${single}]((?:[^${single}]|[${single}]{2})*)[${single}]`).exec(rest())
      if (body === null) throw new Error(`a string does not end: ${rest().slice(0, 40)}`)
      tokens.push({
        kind: 'string',
        text: (body[1] ?? '').replace(new RegExp(`([${single}])[${single}]`, 'g'), '$1'),
      })
      at += body[0].length
    } else if (double.includes(character)) {
      const body = new RegExp(`^[${double}]((?:[^${double}\`]|\`[\\s\\S]|[${double}]{2})*)[${double}]`).exec(
        rest(),
      )
      if (body === null) throw new Error(`a string does not end: ${rest().slice(0, 40)}`)
      tokens.push({ kind: 'string', text: readEscapes(body[1] ?? '') })
      at += body[0].length
    } else {
      const code = /^(?:@[({]|\$\{|[(){}[\],;|=]|[^\s(){}[\],;|='"#`@]+|.)/.exec(rest())?.[0] ?? character
      tokens.push({ kind: 'code', text: code })
      if (code in closing) open.push(closing[code] ?? '')
      else if (/^[)}\]]$/.test(code) && open.pop() !== code) throw new Error(`an unexpected ${code}`)
      at += code.length
    }
  }
  if (open.length > 0) throw new Error(`missing ${open.join(' ')}`)
  return tokens
}

function readEscapes(text: string): string {
  return text.replace(/`u\{([0-9a-f]+)\}|`([\s\S])/gi, (_, hex, character) =>
    hex === undefined ? (character as string) : String.fromCodePoint(Number.parseInt(hex, 16)),
  )
}
