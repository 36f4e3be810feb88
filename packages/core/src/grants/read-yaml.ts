import { Composer, type CST, type Document, Lexer, Parser } from 'yaml'
import { type Complaint, showText } from './complaint.ts'
import { mostAliases, type PlainValue, toPlain } from './plain-value.ts'
import type { LineIndex, PlacedComplaint } from './positions.ts'

/** A grants file is five levels deep; this leaves room and keeps every later step off the end of the stack. */
export const deepestNesting = 64

/** No name, ARN or title comes near this. */
const longestText = 10_000

/** More words and signs than any file needs below the limit in bytes, and still some seconds of work. */
const mostTokens = 2_500_000

/** Syntax errors drag others behind them; past this many nobody reads on. */
const mostSyntaxErrors = 20

export interface ReadYaml {
  /** Undefined where the text has no one value to check. */
  readonly plain: PlainValue | undefined
  readonly complaints: readonly PlacedComplaint[]
}

/**
 * Parses YAML 1.2 (core schema) or JSON without ever running away: size and nesting are bounded while reading,
 * aliases while expanding, and keys that repeat or that JavaScript would treat specially are refused.
 */
export function readYaml(text: string, lines: LineIndex): ReadYaml {
  const { tokens, refusal } = tokenize(text)
  if (refusal) return refused([refusal])
  const options = { version: '1.2', schema: 'core', merge: false, resolveKnownTags: false } as const
  const limits = { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const
  const documents: Document.Parsed[] = []
  withoutStackTraces(() => {
    for (const document of new Composer({ ...options, ...limits }).compose(tokens, true, text.length)) {
      documents.push(document)
      if (document.errors.length > 0 || documents.length === 2) break
    }
  })
  const errors = documents.flatMap((document) => document.errors)
  if (errors.length > 0) return refused(errors.slice(0, mostSyntaxErrors).map(describeSyntaxError))
  const [document, second] = documents
  if (document === undefined) return refused([])
  if (second !== undefined) return refused([describeSecondDocument(documentStart(text, second))])
  return toPlain(document, lines)
}

function refused(complaints: readonly PlacedComplaint[]): ReadYaml {
  return { plain: undefined, complaints }
}

/** A hostile file makes errors by the million, and nearly all their cost is the stack traces that nobody reads. */
function withoutStackTraces(run: () => void): void {
  const errors = Error as { stackTraceLimit?: number }
  const before = errors.stackTraceLimit
  errors.stackTraceLimit = 0
  try {
    run()
  } finally {
    if (before !== undefined) errors.stackTraceLimit = before
  }
}

interface Tokens {
  readonly tokens: readonly CST.Token[]
  /** Set where it was not worth reading on. */
  readonly refusal?: PlacedComplaint
}

function tokenize(text: string): Tokens {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let count = 0
  let errors = 0
  let aliases = 0
  let previous = ''
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token)
      if (token.type === 'error') errors += 1
    }
    // Behind this mark comes the text of a scalar, which may begin with any sign.
    if (lexeme.startsWith('*') && previous !== scalarMark) aliases += 1
    // Comments and blank lines may be as long as they like.
    const isText = lexeme.length > longestText && (previous === scalarMark || /^["'&*!]/.test(lexeme))
    previous = lexeme
    count += 1
    const depth = parser.stack.length
    if (isText || depth > deepestNesting || count > mostTokens || aliases > mostAliases) {
      const length = isText ? lexeme.length : 0
      const offset = Math.max(0, Math.min(parser.offset - length, text.length))
      return {
        tokens,
        refusal: { path: '', offset, ...complainAboutSize({ depth, length, count, aliases }) },
      }
    }
    // What was read so far holds errors enough to show; the rest is left alone.
    if (errors >= mostSyntaxErrors) break
  }
  for (const token of parser.end()) tokens.push(token)
  return { tokens }
}

const scalarMark = '\u001F'

interface Size {
  readonly depth: number
  readonly length: number
  readonly count: number
  readonly aliases: number
}

function complainAboutSize(size: Size): Complaint {
  if (size.depth > deepestNesting) {
    return {
      what: 'The text nests too deeply.',
      why: `A grants file is read to a depth of ${deepestNesting} levels; it needs five.`,
      fix: 'Take the extra brackets or indentation away.',
    }
  }
  if (size.length > longestText) {
    return {
      what: 'There is a very long piece of text here.',
      why: `One value has at most ${longestText} characters, and this has ${size.length}.`,
      fix: 'Shorten it, or close the quote before it.',
    }
  }
  if (size.aliases > mostAliases) {
    return {
      what: 'The file uses too many aliases.',
      why: `At most ${mostAliases} aliases are written out.`,
      fix: 'Write the values out, or use several grants.',
    }
  }
  return {
    what: 'The file holds too much.',
    why: `It is read up to ${mostTokens} words and signs, which is more than sixty thousand grants.`,
    fix: 'Split it into several files with a name each.',
  }
}

interface SyntaxError {
  readonly code: string
  readonly message: string
  readonly pos: readonly [number, number]
}

function describeSyntaxError(error: SyntaxError): PlacedComplaint {
  const said = error.message.slice(0, 200).split('\n')[0]?.trim() ?? error.code
  const why = said.replace(/^Missing closing (["'])quote$/, 'The closing quote ($1) is missing')
  return {
    path: '',
    offset: error.pos[0],
    what: 'This is not valid YAML.',
    why: /[.!?]$/.test(why) ? why : `${why}.`,
    fix: fixes[error.code] ?? 'Compare the line with the example in the guide.',
  }
}

const fixes: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Align the line with its neighbours, with spaces.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  BAD_DQ_ESCAPE: 'Use single quotes, or double the backslash.',
  MISSING_CHAR: 'Close the quote or bracket, or put the missing sign in.',
  MULTILINE_IMPLICIT_KEY: 'Put the text in quotes, or a colon and a space behind the key.',
  BLOCK_AS_IMPLICIT_KEY: 'Put the text in quotes: a colon and a space begin a value.',
  UNEXPECTED_TOKEN: 'Put text that holds YAML signs in quotes, or take the extra sign away.',
  KEY_OVER_1024_CHARS: 'Shorten the key.',
}

function describeSecondDocument(offset: number): PlacedComplaint {
  return {
    path: '',
    offset,
    what: `A second document begins here (${showText('---')}).`,
    why: 'A grants file is one YAML document; what follows would be ignored.',
    fix: 'Keep one document in each file.',
  }
}

function documentStart(text: string, document: { readonly range?: readonly number[] | null }): number {
  const start = document.range?.[0] ?? 0
  const mark = text.lastIndexOf('\n---', start)
  return mark === -1 ? start : mark + 1
}
