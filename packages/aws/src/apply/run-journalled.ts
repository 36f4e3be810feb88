import { basename } from 'node:path'
import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { AwsConnection } from '../connection.ts'
import { toProblem } from '../refusals.ts'
import { realTime } from '../time.ts'
import { openChannel } from './channel.ts'
import { carryOut, type Ending } from './engine.ts'
import type { ApplyEvent, ApplyOptions } from './events.ts'
import { createJournal, type JournalFile, loadJournal, markRolledBack, suffixed } from './journal-file.ts'
import { planUndoing } from './plan-undoing.ts'
import { type Run, setUpRun } from './run.ts'

export interface RunningParts {
  readonly connection: AwsConnection
  readonly plan: Plan
  readonly journal: JournalFile
  readonly options: ApplyOptions
  readonly caller: string
  readonly answers: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/** Drives a plan with an open journal to its end, and takes it back where a failure is to do that. */
export async function* runJournalled(parts: RunningParts): AsyncGenerator<ApplyEvent, void, void> {
  const { plan, journal, options } = parts
  yield { event: 'started', plan: plan.id, operations: plan.operations.length, journal: journal.path }
  const ending = yield* runToEnd(parts)
  const mayTakeBack = options.onError === 'rollback' && ending.failed > 0 && !options.signal?.aborted
  const rolledBack = mayTakeBack && (yield* takeBack(parts))
  const { done, failed, interrupted } = ending
  yield {
    ...{ event: 'finished', ok: ending.ok, done, failed, journal: journal.path },
    ...(interrupted ? { interrupted: true as const } : {}),
    ...(rolledBack ? { rolledBack: true as const } : {}),
  }
}

async function* runToEnd(
  parts: RunningParts,
): AsyncGenerator<ApplyEvent, Ending & { readonly ok: boolean }, void> {
  const { plan, journal, options } = parts
  const channel = openChannel<ApplyEvent>()
  const run: Run = setUpRun({ ...parts, emit: (event) => channel.push(event) })
  for (const operation of parts.answers.keys()) run.emit({ event: 'done', operation, ms: 0, already: true })
  let ending: Ending = { done: 0, failed: 0, unknown: 0, interrupted: false }
  const work = carryOut(run, options).then(
    (result) => {
      ending = result
      channel.close()
    },
    (failure) => channel.close(failure),
  )
  try {
    yield* channel.read()
    const { done, failed } = ending
    const ok = done === plan.operations.length && failed === 0
    await run.write({ event: 'finished', ok, done, failed, at: run.now() })
    if (ok && options.undoes !== undefined)
      await markRolledBack(options.undoes, basename(journal.path), run.now())
    return { ...ending, ok }
  } finally {
    // Whoever watches may leave early: no further call is started, and those that are out are seen to their end.
    run.stop()
    if (!options.abandon?.aborted) await work
    await journal.close()
  }
}

/** Takes back what this run has done. Its own failure leaves both journals to go on from. */
async function* takeBack(parts: RunningParts): AsyncGenerator<ApplyEvent, boolean, void> {
  const { connection, journal, options, caller } = parts
  try {
    const { plan } = await planUndoing(connection, await loadJournal(journal.path), options)
    const at = new Date((options.timing ?? realTime).now()).toISOString()
    if (plan.operations.length === 0) {
      await markRolledBack(journal.path, 'a rollback with nothing to do', at)
      return true
    }
    const own = await createJournal(suffixed(journal.path, 'rollback'), {
      ...{ journal: 'mlflow-iam', version: 1, kind: 'rollback', at, caller },
      undoes: basename(journal.path),
      plan,
    })
    yield { event: 'rolling-back', plan: plan.id, operations: plan.operations.length, journal: own.path }
    const ending = yield* runToEnd({
      ...{ connection, plan, caller, journal: own, answers: new Map() },
      options: { ...options, onError: 'stop', leaveOut: new Set(), undoes: journal.path },
    })
    return ending.ok
  } catch (error) {
    const { code, what, why, fix, exit } = toProblem(error, { words: 'take back what was done', wrote: true })
    const operation = parts.plan.operations[0]?.id ?? ''
    yield {
      event: 'failed',
      operation,
      error: { code, what, why, fix: [...fix, `mlflow-iam rollback ${quoteForShell(journal.path)}`], exit },
    }
    return false
  }
}
