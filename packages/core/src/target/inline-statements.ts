import { utf8ToBytes } from '@noble/hashes/utils.js'
import { documentText, type Statement } from '../policy/document.ts'
import { canonicalJson, hexHash } from '../policy/hash.ts'
import { type StatementDraft, writeDocument } from '../policy/statement-draft.ts'
import { findStatements, type Span } from '../policy/statement-spans.ts'
import { Problem } from '../problem.ts'

/** Limits of a permission set's one inline policy (IAM Identity Center User Guide, "Quotas"; API: 32,768 characters). */
export const inlineSetLimits = { counted: 10_240, raw: 32_768 } as const

/** What the Sids of our statements begin with, in the inline policies that we share with others. Sids are letters and digits. */
const ownSid = /^MlflowIam([0-9a-f]{8})/u

/** `MlflowIam1a2b3c4d`: the mark of one grants file's statements. */
export function sidPrefix(fileName: string): string {
  return `MlflowIam${hexHash(fileName, 8)}`
}

/** The mark that a statement's Sid carries, whatever grants file it is of; undefined for foreign ones. */
export function markOf(sid: string | undefined): string | undefined {
  return ownSid.exec(sid ?? '')?.[0]
}

/** Statements with our mark on each Sid: the same drafts, always the same bytes. */
export function markedStatements(fileName: string, drafts: readonly StatementDraft[]): readonly Statement[] {
  const prefix = sidPrefix(fileName)
  return [writeDocument(drafts).Statement]
    .flat()
    .map((statement) => ({ ...statement, Sid: `${prefix}${statement.Sid}` }))
}

/** Our statements in a text, in order; none where the text is not one that statements can be found in. */
export function ownStatements(text: string, fileName: string): readonly Statement[] {
  return spansOf(text, fileName)
    .filter(({ own }) => own)
    .map(({ span }) => JSON.parse(text.slice(span.start, span.end)) as Statement)
}

/**
 * Whether statements allow the same, however they are put: in which order, under which Sids, and folded how, hangs on
 * how the file words its grants.
 */
export function allowTheSame(some: readonly Statement[], others: readonly Statement[]): boolean {
  const [one, two] = [allowanceKeys(some), allowanceKeys(others)]
  return one.size === two.size && [...one].every((key) => two.has(key))
}

/** A text for each action on each resource under its conditions; a statement that says anything else has one as it is. */
export function allowanceKeys(statements: readonly Statement[]): ReadonlySet<string> {
  return new Set(
    statements.flatMap((statement) => {
      const { Sid: _, Effect, Action, Resource, Condition, ...rest } = statement
      if (
        Effect !== 'Allow' ||
        Action === undefined ||
        Resource === undefined ||
        Object.keys(rest).length > 0
      )
        return [canonicalJson(statement)]
      const condition = canonicalJson(Condition ?? null)
      return [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource} ${condition}`))
    }),
  )
}

/**
 * A permission set's inline policy with our statements made these, and everything else as it is, byte for byte.
 * Undefined where nothing would be left in it. Throws where the text cannot be read: what somebody else wrote is
 * never overwritten unread.
 */
export function replaceOwnStatements(
  text: string | undefined,
  fileName: string,
  statements: readonly Statement[],
  setName: string,
): string | undefined {
  if (!text) {
    if (statements.length === 0) return undefined
    const document = { Version: '2012-10-17', Statement: statements }
    return fitting(documentText(document), () => JSON.stringify(document))
  }
  const found = findStatements(text)
  if (!found) throw unreadable(setName)
  const kept = spansOf(text, fileName)
    .filter(({ own }) => !own)
    .map(({ span }) => text.slice(span.start, span.end))
  if (kept.length === 0 && statements.length === 0) return undefined
  const { indent, separator } = layoutOf(text, found.statements)
  const around = found.isList ? outside(text, found.value, found.statements) : aroundOne(indent)
  const write = (inner: string | undefined): string => {
    const list = [...kept, ...statements.map((statement) => layOut(statement, inner))].join(separator)
    return `${text.slice(0, found.value.start)}${around.open}${list}${around.close}${text.slice(found.value.end)}`
  }
  return fitting(write(indent), () => write(undefined))
}

/** White space counts towards the raw limit: what is too long with it is written without. */
function fitting(pretty: string, compact: () => string): string {
  return pretty.length > inlineSetLimits.raw ? compact() : pretty
}

/** The bytes that Identity Center counts: white space between tokens is free. */
export function countedSize(text: string): number {
  return utf8ToBytes(text.replace(/"(?:[^"\\]|\\.)*"|\s+/gu, (part) => (part.startsWith('"') ? part : '')))
    .length
}

function spansOf(text: string, fileName: string): readonly { readonly span: Span; readonly own: boolean }[] {
  const prefix = sidPrefix(fileName)
  return (findStatements(text)?.statements ?? []).map((span) => {
    const { Sid } = JSON.parse(text.slice(span.start, span.end)) as { Sid?: unknown }
    return { span, own: typeof Sid === 'string' && Sid.startsWith(prefix) }
  })
}

interface Layout {
  /** White space before a statement; undefined where the document stands in one line. */
  readonly indent: string | undefined
  readonly separator: string
}

/** New statements are laid out as the document is: each on lines of its own, or all in one. */
function layoutOf(text: string, [first]: readonly Span[]): Layout {
  if (!text.includes('\n')) return { indent: undefined, separator: ',' }
  const before = first ? (/\n([\t ]*)$/u.exec(text.slice(0, first.start))?.[1] ?? '    ') : '    '
  return { indent: before, separator: `,\n${before}` }
}

function layOut(statement: Statement, indent: string | undefined): string {
  return indent === undefined
    ? JSON.stringify(statement)
    : JSON.stringify(statement, null, 2).replaceAll('\n', `\n${indent}`)
}

/** What stands between a list's brackets and its statements. */
function outside(text: string, value: Span, statements: readonly Span[]) {
  const first = statements[0]
  const last = statements.at(-1)
  return first && last
    ? { open: text.slice(value.start, first.start), close: text.slice(last.end, value.end) }
    : { open: '[', close: ']' }
}

function aroundOne(indent: string | undefined) {
  return indent === undefined ? { open: '[', close: ']' } : { open: `[\n${indent}`, close: '\n  ]' }
}

function unreadable(setName: string): Problem {
  return new Problem(
    'INLINE_POLICY_UNREADABLE',
    `The inline policy of permission set ${setName} cannot be read.`,
    {
      why: 'It is no JSON document with one Statement, so what others wrote in it could not be kept as it is.',
      fix: [
        `Correct it in Identity Center, or leave ${setName} out of permission-sets: it then refers to managed policies.`,
      ],
      exit: 3,
    },
  )
}
