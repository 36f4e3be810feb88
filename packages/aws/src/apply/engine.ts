import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import { type Schedule, startSchedule } from '@mlflow-iam/core/journal/schedule'
import { subjectsOf } from '@mlflow-iam/core/journal/subjects'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { toProblem } from '../refusals.ts'
import { deliver } from './deliver.ts'
import type { ApplyOptions } from './events.ts'
import type { Delivery, Run } from './run.ts'
import { settle } from './settle.ts'

/** How a run ended. */
export interface Ending {
  readonly done: number
  readonly failed: number
  /** Sent, with no answer known. */
  readonly unknown: number
  readonly interrupted: boolean
}

/**
 * Carries out what is left of a plan: several calls at once where they touch different objects, phase after
 * phase, and not into a phase that takes something away before what was given is usable.
 */
export async function carryOut(
  run: Run,
  { onError, leaveOut = new Set() }: Pick<ApplyOptions, 'onError' | 'leaveOut'>,
): Promise<Ending> {
  const { operations } = run.plan
  const schedule = startSchedule(operations, new Set(run.answers.keys()))
  const out = new Map<Operation, Promise<Delivery>>()
  const counts = { failed: 0, unknown: 0 }
  let unsettled: Operation[] = []
  let phase = schedule.phase
  for (const operation of operations) {
    if (!run.answers.has(operation.id)) continue
    for (const subject of Object.values(subjectsOf(operation))) run.touched.add(subject)
  }

  for (;;) {
    if (schedule.phase !== phase) {
      phase = schedule.phase
      if (!(await settlePhase(run, unsettled))) counts.failed += 1
      unsettled = []
    }
    startCalls({ run, schedule, out, phase, leaveOut })
    for (const { operation, because } of schedule.takeSkipped()) {
      run.emit({ event: 'skipped', operation: operation.id, because })
    }
    if (out.size === 0) {
      // The last of a phase may have been left out: the next one begins without a call having ended.
      if (schedule.phase !== phase && !run.stopping.aborted) continue
      break
    }
    const ended = await nextEnd(run, out).catch(async (failure) => {
      // The journal cannot be written: nothing more is sent, and what is out is seen to its end.
      run.stop()
      await Promise.allSettled(out.values())
      throw failure
    })
    if (ended === 'abandoned') {
      for (const operation of out.keys()) run.emit({ event: 'unknown', operation: operation.id })
      counts.unknown += out.size
      break
    }
    const { operation, outcome } = ended
    out.delete(operation)
    schedule.end(operation, outcome === 'done' ? 'done' : 'failed')
    if (outcome === 'done') unsettled.push(operation)
    if (outcome === 'failed') {
      counts.failed += 1
      if (onError !== 'continue') run.stop()
    }
    if (outcome === 'unknown') {
      counts.unknown += 1
      run.emit({ event: 'unknown', operation: operation.id })
    }
    if (outcome === 'interrupted')
      run.emit({ event: 'skipped', operation: operation.id, because: 'interrupted' })
  }
  // Whoever interrupted, or has a failure to look at, is not kept waiting: resuming looks first anyway.
  if (!run.stopping.aborted && unsettled.length > 0) await settleEnd(run, unsettled)
  const done = run.answers.size
  const meant = leaveOut.size > 0 && !run.stopping.aborted
  const interrupted = counts.failed === 0 && !meant && (done < operations.length || counts.unknown > 0)
  return { done, ...counts, interrupted }
}

interface Starting {
  readonly run: Run
  readonly schedule: Schedule
  readonly out: Map<Operation, Promise<Delivery>>
  readonly phase: number
  readonly leaveOut: ReadonlySet<string>
}

function startCalls({ run, schedule, out, phase, leaveOut }: Starting): void {
  while (!run.stopping.aborted && out.size < run.pace.limit && schedule.phase === phase) {
    const operation = schedule.next()
    if (operation === undefined) return
    if (leaveOut.has(operation.id)) {
      schedule.end(operation, 'failed')
      run.emit({ event: 'skipped', operation: operation.id, because: 'left out' })
      continue
    }
    const delivery = deliver(run, operation).then((outcome) => ({ operation, outcome }))
    delivery.catch(() => undefined) // looked at below, or after leaving at once by nobody
    out.set(operation, delivery)
  }
}

async function nextEnd(
  run: Run,
  out: ReadonlyMap<Operation, Promise<Delivery>>,
): Promise<Delivery | 'abandoned'> {
  const { abandon } = run
  if (abandon === undefined) return Promise.race(out.values())
  if (abandon.aborted) return 'abandoned'
  let leave = () => {}
  const abandoned = new Promise<'abandoned'>((resolve) => {
    leave = () => resolve('abandoned')
    abandon.addEventListener('abort', leave, { once: true })
  })
  try {
    return await Promise.race([abandoned, ...out.values()])
  } finally {
    abandon.removeEventListener('abort', leave)
  }
}

/** Between phases. What cannot be seen in time stops the run: nothing is taken away on a promise. */
async function settlePhase(run: Run, written: readonly Operation[]): Promise<boolean> {
  if (run.stopping.aborted || written.length === 0) return true
  let problem: Problem
  let operation = written[0]
  try {
    const pending = await settle(run, written)
    if (pending.length === 0) return true
    operation = pending[0]
    problem = notVisible(run, pending)
  } catch (error) {
    problem = toProblem(error, { words: 'read back what was written', wrote: true })
  }
  const { code, what, why, fix, exit } = problem
  if (operation) run.emit({ event: 'failed', operation: operation.id, error: { code, what, why, fix, exit } })
  run.stop()
  return false
}

/** At the end nothing depends on it any more: what AWS has accepted will show. */
async function settleEnd(run: Run, written: readonly Operation[]): Promise<void> {
  try {
    const pending = await settle(run, written)
    const [first] = pending
    if (first)
      run.emit({ event: 'settling', operation: first.id, what: 'accepted by AWS, and not visible yet' })
  } catch (error) {
    const { what } = toProblem(error, { words: 'read back what was written' })
    run.emit({ event: 'settling', what: `not checked whether everything is usable: ${what}` })
  }
}

function notVisible(run: Run, pending: readonly Operation[]): Problem {
  const seconds = Math.round(run.settleMs / 1000)
  return new Problem(
    'NOT_VISIBLE',
    `AWS accepted ${pending.length} changes that it does not show after ${seconds} s.`,
    {
      why: 'Nothing is taken away before what replaces it is usable, so the run stopped here.',
      fix: [`mlflow-iam apply --resume ${quoteForShell(run.journal.path)}`],
      exit: exitCodes.partlyDone,
    },
  )
}
