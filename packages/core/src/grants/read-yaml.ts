import { Composer, type CST, type Document, Lexer, Parser } from 'yaml'
import { showText } from './complaint.ts'
import { type PlainValue, toPlain } from './plain-value.ts'
import type { LineIndex, PlacedComplaint } from './positions.ts'

/** A grants file is five levels deep; this leaves room and keeps every later step off the end of the stack. */
export const deepestNesting = 64

/** Syntax errors drag others behind them; past this many nobody reads on. */
const mostSyntaxErrors = 20

export interface ReadYaml {
  /** Undefined where the text has no one value to check. */
  readonly plain: PlainValue | undefined
  /** The document with its comments, for edits. */
  readonly document: Document.Parsed | undefined
  readonly complaints: readonly PlacedComplaint[]
}

/**
 * Parses YAML 1.2 (core schema) or JSON without ever running away: nesting is bounded while reading, aliases
 * while expanding, and keys that repeat or that JavaScript would treat specially are refused.
 */
export function readYaml(text: string, lines: LineIndex): ReadYaml {
  const tokens = tokenize(text)
  if (!Array.isArray(tokens)) return refused([tokens])
  const options = { version: '1.2', schema: 'core', merge: false, resolveKnownTags: false } as const
  const limits = {
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    keepSourceTokens: true,
  } as const
  const composer = new Composer({ ...options, ...limits })
  const documents = [...composer.compose(tokens, true, text.length)]
  const errors = documents.flatMap((document) => document.errors)
  if (errors.length > 0) return refused(errors.slice(0, mostSyntaxErrors).map(describeSyntaxError))
  const [document, second] = documents
  if (document === undefined) return refused([])
  if (second !== undefined) return refused([describeSecondDocument(documentStart(text, second))])
  const { plain, complaints } = toPlain(document, lines)
  return { plain, document: document as Document.Parsed, complaints }
}

function refused(complaints: readonly PlacedComplaint[]): ReadYaml {
  return { plain: undefined, document: undefined, complaints }
}

/** The tokens of the text, or the complaint that it nests too deeply to go on. */
function tokenize(text: string): CST.Token[] | PlacedComplaint {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    if (parser.stack.length > deepestNesting) {
      return {
        path: '',
        offset: Math.min(parser.offset, text.length),
        what: 'The text nests too deeply.',
        why: `A grants file is read to a depth of ${deepestNesting} levels; it needs five.`,
        fix: 'Take the extra brackets or indentation away.',
      }
    }
  }
  for (const token of parser.end()) tokens.push(token)
  return tokens
}

interface SyntaxError {
  readonly code: string
  readonly message: string
  readonly pos: readonly [number, number]
}

function describeSyntaxError(error: SyntaxError): PlacedComplaint {
  const why = error.message.split('\n')[0]?.trim() ?? error.code
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
