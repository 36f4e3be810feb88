import { findEffect, viewAccount } from '@mlflow-iam/core/journal/find-effect'
import { requestOf } from '@mlflow-iam/core/journal/resolve-values'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import { needIamOnly } from '../observe/needs.ts'
import { observeAccount } from '../observe/observe-account.ts'
import { backOff } from '../time.ts'
import { probeEffect } from './probe.ts'
import type { Run } from './run.ts'

/** Up to here each object is read by itself; beyond, one read of the whole account costs fewer calls. */
const fewOperations = 8

/**
 * Waits until AWS shows what the operations wrote: looks, and looks again at growing intervals. Returns those
 * that are still not visible when the patience ends; empty means all is usable.
 */
export async function settle(run: Run, operations: readonly Operation[]): Promise<readonly Operation[]> {
  const started = run.timing.now()
  let pending = operations
  for (let look = 1; ; look += 1) {
    pending = await findPending(run, pending)
    if (pending.length === 0 || run.abandon?.aborted) return []
    if (run.timing.now() - started >= run.settleMs) return pending
    const [first] = pending
    const what =
      pending.length === 1
        ? `waiting until AWS shows ${first?.id} (${first?.action}) everywhere`
        : `waiting until AWS shows ${pending.length} changes everywhere`
    run.emit({ event: 'settling', ...(pending.length === 1 && first ? { operation: first.id } : {}), what })
    await run.timing.sleep(backOff(look, run.timing, 500, 10_000), run.abandon)
  }
}

async function findPending(run: Run, operations: readonly Operation[]): Promise<readonly Operation[]> {
  const look = { connection: run.connection, timing: run.timing, plan: run.plan }
  if (operations.length <= fewOperations) {
    const pending: Operation[] = []
    for (const operation of operations) {
      const effect = await probeEffect(look, requestOf(operation, run.answers))
      if (effect.state === 'not-there') pending.push(operation)
    }
    return pending
  }
  const account = viewAccount(await observeAccount(run.connection, needIamOnly, { timing: run.timing }))
  return operations.filter(
    (operation) => findEffect(requestOf(operation, run.answers), account).state === 'not-there',
  )
}
