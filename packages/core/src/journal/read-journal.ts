import { planId } from '../plan/build-plan.ts'
import type { Operation, Request } from '../plan/operation.ts'
import type { Plan } from '../plan/plan.ts'
import { exitCodes, Problem } from '../problem.ts'
import type { JournalEvent, JournalHeader } from './journal.ts'
import { isKnownAction } from './subjects.ts'

/** What a journal says about each operation of its plan. */
export interface Journal {
  readonly header: JournalHeader
  /** In plan order. */
  readonly steps: readonly JournalStep[]
  /** Every operation is done. */
  readonly finished: boolean
  /** The journal of a completed rollback of this one. */
  readonly rolledBackBy: string | undefined
  /** The last line was cut off by a crash; `bytes` is what precedes it, in UTF-8. */
  readonly torn: boolean
  readonly bytes: number
}

export interface JournalStep {
  readonly operation: Operation
  /**
   * `waiting`: never sent. `unknown`: sent, and no answer recorded; it may have taken effect.
   * `failed`: refused by AWS, without effect.
   */
  readonly state: 'waiting' | 'unknown' | 'done' | 'failed'
  readonly answer: Readonly<Record<string, string>>
  /** As it was written down before the call; as planned where the call was never made. */
  readonly inverse: readonly Request[]
}

type Mutable<T> = { -readonly [M in keyof T]: T[M] }

/** Reads a journal's text. A torn last line is left out; damage anywhere else is an error. */
export function readJournal(text: string, fileName: string): Journal {
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  let torn = false
  if (last !== '') {
    // Either the line was cut short, or only its line break is missing.
    torn = !isJson(last)
    if (!torn) lines.push(last)
  }
  const [first, ...rest] = lines
  if (first === undefined)
    throw isBeginning(text) ? nothingSent(fileName) : notJournal(fileName, 'It holds none of its lines.')
  const header = readHeader(first, fileName)
  const steps = new Map<string, Mutable<JournalStep>>()
  for (const operation of header.plan.operations) {
    steps.set(operation.id, { operation, state: 'waiting', answer: {}, inverse: operation.inverse })
  }
  const sent = new Set<string>()
  let rolledBackBy: string | undefined
  rest.forEach((line, index) => {
    const event = readEvent(line, fileName, index + 2)
    if (event.event === 'rolled-back') rolledBackBy = event.by
    if (!('operation' in event)) return
    const step = steps.get(event.operation)
    if (!step)
      throw damaged(fileName, index + 2, `It names ${event.operation}, which the plan does not have.`)
    if (event.event === 'sending') {
      // Sent again, it may find gone what it destroyed the first time: what was written down first counts.
      if (!sent.has(event.operation)) step.inverse = event.inverse
      sent.add(event.operation)
      step.state = 'unknown'
    } else step.state = event.event
    if (event.event === 'done') step.answer = event.answer ?? {}
  })
  const all = [...steps.values()]
  const bytes = torn ? utf8Length(text) - utf8Length(last) : utf8Length(text)
  return {
    header,
    steps: all,
    finished: all.every((step) => step.state === 'done'),
    rolledBackBy,
    torn,
    bytes,
  }
}

function readHeader(line: string, fileName: string): JournalHeader {
  const value = parse(line)
  if (!isRecord(value) || value.journal !== 'mlflow-iam')
    throw notJournal(fileName, 'Its first line is not a journal header.')
  if (value.version !== 1)
    throw notJournal(fileName, `It has version ${String(value.version)}; this program reads version 1.`)
  if (!isOwnPlan(value.plan))
    throw notJournal(fileName, 'The plan in its header was changed after it was made, or is none.')
  return value as unknown as JournalHeader
}

/** The id of a plan covers all of it: what was agreed to is what is resumed. */
function isOwnPlan(plan: unknown): boolean {
  try {
    return isRecord(plan) && planId(plan as unknown as Plan) === plan.id && isRequests(plan.operations)
  } catch {
    return false
  }
}

const events = new Set(['sending', 'done', 'failed', 'resumed', 'finished', 'rolled-back'])

function readEvent(line: string, fileName: string, number: number): JournalEvent {
  const value = parse(line)
  const isEntry =
    isRecord(value) &&
    events.has(String(value.event)) &&
    (value.event !== 'sending' || isRequests(value.inverse)) &&
    (value.answer === undefined || isRecord(value.answer))
  if (!isEntry) throw damaged(fileName, number, 'The line is not an entry of a journal.')
  return value as unknown as JournalEvent
}

function isRequests(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => isRecord(item) && isKnownAction(item.action) && isRecord(item.input))
  )
}

/** True for a file in which not even the first line was finished: the run it belongs to never sent anything. */
export function isBeginning(text: string): boolean {
  const start = '{"journal":"mlflow-iam","version":1,'
  return !text.includes('\n') && start.startsWith(text.slice(0, start.length))
}

function nothingSent(fileName: string): Problem {
  return new Problem('JOURNAL_EMPTY', `${fileName} was cut off in its first line.`, {
    why: 'The first line is on the disk before the first call leaves, so nothing was sent.',
    fix: ['Apply the plan again; it starts from the top.'],
    exit: exitCodes.badInput,
  })
}

function notJournal(fileName: string, why: string): Problem {
  return new Problem('NOT_A_JOURNAL', `${fileName} is not a journal that can be used.`, {
    why,
    fix: ['Give the journal that `apply` named: mlflow-iam-<plan id>.journal.jsonl.'],
    exit: exitCodes.badInput,
  })
}

function damaged(fileName: string, line: number, why: string): Problem {
  return new Problem('JOURNAL_DAMAGED', `${fileName} is damaged at line ${line}.`, {
    why,
    fix: [
      'Restore the file from a copy, or make a new plan: `mlflow-iam plan` compares the grants file with the account as it is.',
    ],
    exit: exitCodes.badInput,
  })
}

function isJson(text: string): boolean {
  return parse(text) !== undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return length
}
