import type { OperationInputs, Request } from '../plan/operation.ts'
import type { Plan } from '../plan/plan.ts'

/**
 * A journal is a file of JSON lines. The first holds the whole plan, so that going on and going back need
 * nothing else; then one line before each call is sent and one after its answer. It is only ever added to.
 */
export type JournalLine = JournalHeader | JournalEvent

export interface JournalHeader {
  readonly journal: 'mlflow-iam'
  readonly version: 1
  readonly kind: 'apply' | 'rollback'
  readonly at: string
  /** ARN of who started it. */
  readonly caller?: string
  readonly plan: Plan
  /** For a rollback: the name of the journal that it undoes. */
  readonly undoes?: string
}

export type JournalEvent =
  | {
      /** Written and flushed before the call leaves: without it, the call was never made. */
      readonly event: 'sending'
      readonly operation: string
      readonly action: keyof OperationInputs
      /** The members sent, with values of earlier answers filled in. */
      readonly input: OperationInputs[keyof OperationInputs]
      /** What puts back the state before it, with the values it replaces. */
      readonly inverse: readonly Request[]
      readonly at: string
    }
  | {
      readonly event: 'done'
      readonly operation: string
      readonly at: string
      /** The account already was as the operation would leave it. */
      readonly already?: true
      /** Values that AWS invented, by their path in its answer: `{"PolicyVersion.VersionId":"v2"}`. */
      readonly answer?: Readonly<Record<string, string>>
    }
  | {
      /** AWS looked at the call and refused it: it had no effect. */
      readonly event: 'failed'
      readonly operation: string
      readonly code: string
      readonly why: string
      readonly at: string
    }
  | { readonly event: 'resumed'; readonly at: string; readonly caller?: string }
  | {
      readonly event: 'finished'
      readonly ok: boolean
      readonly done: number
      readonly failed: number
      readonly at: string
    }
  | { readonly event: 'rolled-back'; readonly by: string; readonly at: string }

/** One line of a journal, with its end. JSON escapes every line break, so a line never holds another. */
export function journalLine(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`
}

/** The same line in pieces: a plan of ten thousand operations is never held as one text. */
export function* journalPieces(line: JournalLine): Iterable<string> {
  yield* jsonPieces(line, 3)
  yield '\n'
}

/** What JSON.stringify gives, in pieces: the members of the first levels one by one, deeper ones whole. */
function* jsonPieces(value: unknown, levels: number): Iterable<string> {
  if (levels === 0 || typeof value !== 'object' || value === null) {
    yield JSON.stringify(value) ?? 'null'
  } else if (Array.isArray(value)) {
    yield '['
    for (const [index, item] of value.entries()) {
      if (index > 0) yield ','
      yield* jsonPieces(item, levels - 1)
    }
    yield ']'
  } else {
    let before = '{'
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue
      yield `${before}${JSON.stringify(name)}:`
      yield* jsonPieces(member, levels - 1)
      before = ','
    }
    yield before === '{' ? '{}' : '}'
  }
}
