import {
  anyOne,
  anyOneInSegment,
  anyRun,
  anyRunInSegment,
  compileGlob,
  type GlobStep,
  literalSteps,
} from './glob.ts'
import type { RequestFacts } from './request.ts'
import type { Truth } from './truth.ts'

/**
 * How a policy value is compared with a value of the request.
 * - `equals`: character by character; `like`: with `*` and `?`
 * - `resource`: an ARN in `Resource`. A `*` that ends a segment may run on past its colon, any other stays
 *   inside its segment (IAM User Guide, "IAM JSON policy elements: Resource")
 * - `arn`: the Arn operators, which compare the six parts one by one (IAM User Guide, "Condition operators")
 */
export interface PatternStyle {
  readonly form: 'equals' | 'like' | 'resource' | 'arn'
  readonly ignoreCase: boolean
  /** Whether `${…}` is a policy variable: only in documents of Version 2012-10-17. */
  readonly variables: boolean
}

export interface TextPattern {
  /** Condition keys that its variables name, lower case. */
  readonly keys: readonly string[]
  matches(text: string, facts: RequestFacts): Truth
}

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly sign: '*' | '?' }
  | { readonly kind: 'variable'; readonly key: string; readonly fallback: string | undefined }

/** Compiles one value of a policy; patterns without variables are compiled once and for all. */
export function compileTextPattern(value: string, style: PatternStyle): TextPattern {
  const pieces = readPieces(value, style)
  const keys = pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.key.toLowerCase()] : []))
  const fold = (text: string) => (style.ignoreCase ? text.toLowerCase() : text)
  if (keys.length === 0) {
    const glob = compileGlob(stepsOf(pieces, style))
    return { keys, matches: (text) => glob.matches(fold(text)) }
  }
  return {
    keys,
    matches(text, facts) {
      const filled = fillVariables(pieces, facts)
      if (!filled) return false
      if (!compileGlob(stepsOf(filled.pieces, style)).matches(fold(text))) return false
      return filled.unknown.length === 0 || { keys: filled.unknown }
    },
  }
}

/**
 * Puts values in the place of variables. A value is text, never a wildcard. A key that the request does not
 * carry has no value that anything could equal: then nothing matches (undefined). One that is not known here
 * could be anything, so it stands as a wildcard and the match is not certain.
 */
function fillVariables(pieces: readonly Piece[], facts: RequestFacts) {
  const unknown: string[] = []
  const filled: Piece[] = []
  for (const piece of pieces) {
    if (piece.kind !== 'variable') {
      filled.push(piece)
      continue
    }
    const value = facts.valueOf(piece.key.toLowerCase())
    if (value === 'unknown') {
      unknown.push(piece.key)
      filled.push({ kind: 'wildcard', sign: '*' })
    } else {
      // Keys with several values cannot be variables (IAM User Guide, "Variables and tags").
      const text = value === 'absent' || value.length !== 1 ? piece.fallback : value[0]
      if (text === undefined) return undefined
      filled.push({ kind: 'text', text })
    }
  }
  return { pieces: filled, unknown }
}

function readPieces(value: string, style: PatternStyle): readonly Piece[] {
  const pieces: Piece[] = []
  let text = ''
  const flush = () => {
    if (text !== '') pieces.push({ kind: 'text', text })
    text = ''
  }
  for (let index = 0; index < value.length; index++) {
    const sign = value[index] ?? ''
    const variable = style.variables && sign === '$' ? readVariable(value, index) : undefined
    if (variable) {
      index = variable.end
      if (variable.key === '*' || variable.key === '?' || variable.key === '$') text += variable.key
      else {
        flush()
        pieces.push({ kind: 'variable', key: variable.key, fallback: variable.fallback })
      }
    } else if ((sign === '*' || sign === '?') && style.form !== 'equals') {
      flush()
      pieces.push({ kind: 'wildcard', sign })
    } else text += sign
  }
  flush()
  return pieces
}

/** `${key}` or `${key, 'default'}` that begins at `start`; undefined where it is only text. */
function readVariable(value: string, start: number) {
  if (value[start + 1] !== '{') return undefined
  const end = value.indexOf('}', start)
  if (end < 0) return undefined
  const comma = value.indexOf(',', start)
  if (comma < 0 || comma > end) {
    const key = value.slice(start + 2, end).trim()
    return key === '' ? undefined : { key, fallback: undefined, end }
  }
  const close = value.indexOf("'}", comma)
  const open = value.indexOf("'", comma)
  if (close < 0 || open >= close || value.slice(comma + 1, open).trim() !== '') return undefined
  return { key: value.slice(start + 2, comma).trim(), fallback: value.slice(open + 1, close), end: close + 1 }
}

function stepsOf(pieces: readonly Piece[], style: PatternStyle): readonly GlobStep[] {
  const steps: GlobStep[] = []
  const inParts = style.form === 'resource' || style.form === 'arn'
  let colons = 0
  pieces.forEach((piece, index) => {
    if (piece.kind === 'text') {
      if (inParts) colons += piece.text.split(':').length - 1
      for (const step of literalSteps(style.ignoreCase ? piece.text.toLowerCase() : piece.text))
        steps.push(step)
    } else if (piece.kind === 'wildcard') {
      const next = pieces[index + 1]
      const endsPart = next?.kind === 'text' && next.text.startsWith(':') && style.form === 'resource'
      const free = !inParts || colons >= 5 || next === undefined || endsPart
      if (piece.sign === '*') steps.push(free ? anyRun : anyRunInSegment)
      else steps.push(inParts && colons < 5 ? anyOneInSegment : anyOne)
    }
  })
  return steps
}
