import { type Schedule, startSchedule } from '@mlflow-iam/core/journal/schedule'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { findMissingRights } from '../output/caller-rights.ts'

/**
 * Throws, before anything is sent, where the caller's own policies certainly refuse some of it: the same judgement and
 * the same words as on the command line. A journal that exists already can be handed over as it is.
 */
export function refuseLacking(plan: Plan, snapshot: Snapshot, journalled: 'journal' | 'no journal'): void {
  if (journalled === 'journal') {
    const refusal = findMissingRights(plan, snapshot)
    if (refusal) throw refusal
    return
  }
  const refusal = findMissingRights(plan, snapshot, '-f grants.yaml')
  if (!refusal) return
  const { code, what, why, exit } = refusal
  const fix = [
    'Export it in Preview: its README has the least policy to ask for, and whoever has that may run it.',
  ]
  throw new Problem(code, what, { why, fix, exit })
}

/** What going on with a run would send: what is left, without what is left out and everything that needs that. */
export function leftToSend(
  plan: Plan,
  remaining: readonly Operation[],
  leaveOut: ReadonlySet<string> = new Set(),
): Plan {
  const left = new Set(remaining.map(({ id }) => id))
  const done = new Set(plan.operations.map(({ id }) => id).filter((id) => !left.has(id)))
  return { ...plan, operations: [...sentBy(startSchedule(plan.operations, done), leaveOut)] }
}

function* sentBy(schedule: Schedule, leaveOut: ReadonlySet<string>): Generator<Operation> {
  for (let operation = schedule.next(); operation; operation = schedule.next()) {
    const isOut = leaveOut.has(operation.id)
    if (!isOut) yield operation
    schedule.end(operation, isOut ? 'failed' : 'done')
  }
}
