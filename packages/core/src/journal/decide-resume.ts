import { findStaleness } from '../plan/fingerprint.ts'
import type { Operation } from '../plan/operation.ts'
import { arnName } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { findEffect, viewAccount } from './find-effect.ts'
import type { Journal } from './read-journal.ts'
import { requestOf } from './resolve-values.ts'
import { type Subjects, subjectsOf } from './subjects.ts'

/** What is left to do of an interrupted run, judged by the account and not by the journal alone. */
export interface Resumption {
  /** Operations whose effect is there: with the answers that later ones and a rollback need. */
  readonly already: ReadonlyMap<string, Readonly<Record<string, string>>>
  /** In plan order. */
  readonly remaining: readonly Operation[]
  /** Done before, and no longer so: somebody else took it back, or AWS does not show it yet. One sentence each. */
  readonly undone: readonly string[]
  /** What changed at objects that this run has not touched yet. One sentence each. */
  readonly changed: readonly string[]
}

/** Compares every operation of a journal with the account as it is now. */
export function decideResume(journal: Journal, snapshot: Snapshot): Resumption {
  const account = viewAccount(snapshot)
  const already = new Map<string, Readonly<Record<string, string>>>()
  for (const step of journal.steps) if (step.state === 'done') already.set(step.operation.id, step.answer)

  const overtaken = findOvertaken(journal)
  const remaining: Operation[] = []
  const undone: string[] = []
  for (const { operation, state } of journal.steps) {
    const effect = findEffect(requestOf(operation, already), account)
    if (state === 'done') {
      if (effect.state === 'not-there' && !overtaken.has(operation.id))
        undone.push(`${operation.id} (${operation.because}) was done and is not there any more.`)
    } else if (effect.state === 'there') already.set(operation.id, effect.answer)
    else remaining.push(operation)
  }
  return { already, remaining, undone, changed: findChanged(journal, snapshot, already) }
}

/** Operations whose effect a later one of the same plan is meant to replace. */
function findOvertaken(journal: Journal): ReadonlySet<string> {
  const overtaken = new Set<string>()
  const later = new Set<string>()
  for (const { operation } of [...journal.steps].reverse()) {
    const subjects = subjectsOf(operation)
    const own = isAttachment(subjects) ? `${subjects.holder} ${subjects.policy}` : keysOf(subjects)[0]
    if (own !== undefined && later.has(own)) overtaken.add(operation.id)
    if (own !== undefined) later.add(own)
  }
  return overtaken
}

function isAttachment(subjects: Subjects): boolean {
  return subjects.holder !== undefined && subjects.policy !== undefined
}

function keysOf({ holder, policy }: Subjects): readonly string[] {
  return [holder, policy].filter((key) => key !== undefined)
}

/** Staleness of the objects that no operation has touched: what was changed by this run differs rightly. */
function findChanged(
  journal: Journal,
  snapshot: Snapshot,
  already: ReadonlyMap<string, unknown>,
): readonly string[] {
  const touched = new Set(
    journal.steps
      .filter(({ operation, state }) => state !== 'waiting' || already.has(operation.id))
      .flatMap(({ operation }) => keysOf(subjectsOf(operation))),
  )
  const { plan } = journal.header
  const fingerprint = Object.fromEntries(
    Object.entries(plan.snapshot.fingerprint).filter(([arn]) => !touched.has(keyOfArn(arn))),
  )
  return findStaleness({ ...plan, snapshot: { ...plan.snapshot, fingerprint } }, snapshot)
}

function keyOfArn(arn: string): string {
  const profile = /:user-profile\/(.+)$/.exec(arn)?.[1]
  if (profile !== undefined) return `profile/${profile}`
  const kind = /:(policy|role|user|group)\//.exec(arn)?.[1]
  if (kind === undefined) return arn
  return kind === 'policy' ? `policy/${arnName(arn).toLowerCase()}` : `${kind}/${arnName(arn)}`
}
