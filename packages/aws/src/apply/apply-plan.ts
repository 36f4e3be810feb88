import { basename, join } from 'node:path'
import type { JournalHeader } from '@mlflow-iam/core/journal/journal'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { AwsConnection } from '../connection.ts'
import { observeIdentity } from '../observe/observe-account.ts'
import { realTime } from '../time.ts'
import { openChannel } from './channel.ts'
import { carryOut, type Ending } from './engine.ts'
import type { ApplyEvent, ApplyOptions } from './events.ts'
import { createJournal, type JournalFile, markRolledBack } from './journal-file.ts'
import { accountLock, takeLock } from './lock.ts'
import { type Run, setUpRun } from './run.ts'

/**
 * Carries out a plan, yielding an event for each thing that happens; the last is `finished`. Sends exactly the
 * plan's inputs. Throws a Problem before the first event when nothing may be sent at all.
 */
export async function* applyPlan(
  connection: AwsConnection,
  plan: Plan,
  options: ApplyOptions = {},
): AsyncGenerator<ApplyEvent, void, void> {
  if (plan.operations.length === 0) {
    yield { event: 'started', plan: plan.id, operations: 0, journal: null }
    yield { event: 'finished', ok: true, done: 0, failed: 0, journal: null }
    return
  }
  const timing = options.timing ?? realTime
  const { caller } = await refuseOtherAccount(connection, plan)
  const wanted = options.journal ?? join(options.folder ?? '.', `mlflow-iam-${plan.id}.journal.jsonl`)
  const header: JournalHeader = {
    journal: 'mlflow-iam',
    version: 1,
    kind: options.undoes === undefined ? 'apply' : 'rollback',
    at: new Date(timing.now()).toISOString(),
    caller,
    ...(options.undoes === undefined ? {} : { undoes: basename(options.undoes) }),
    plan,
  }
  yield* underLocks(connection, plan, options, async function* () {
    const journal = await createJournal(wanted, header)
    yield* runToEnd({ connection, plan, journal, options, answers: new Map() })
  })
}

/** Signed in elsewhere, a plan would change the wrong account. */
export async function refuseOtherAccount(
  connection: AwsConnection,
  plan: Pick<Plan, 'account'>,
): Promise<{ readonly caller: string }> {
  const { account, caller } = await observeIdentity(connection)
  if (account === plan.account) return { caller }
  throw new Problem(
    'WRONG_ACCOUNT',
    `The plan is for account ${plan.account}, and you are signed in to ${account}.`,
    {
      why: 'A plan is made against one account and means nothing in another.',
      fix: [`Sign in to ${plan.account} (--profile), or make a plan for ${account}.`],
      exit: exitCodes.badInput,
    },
  )
}

/** Runs while holding the account's lock, which every process with this state folder sees. */
export async function* underLocks(
  connection: AwsConnection,
  plan: Pick<Plan, 'account' | 'id'>,
  options: ApplyOptions,
  work: () => AsyncGenerator<ApplyEvent, void, void>,
): AsyncGenerator<ApplyEvent, void, void> {
  const path = accountLock(options.stateFolder, plan.account, connection.place)
  const lock = await takeLock(path, `plan ${plan.id}`, (options.timing ?? realTime).now())
  try {
    yield* work()
  } finally {
    await lock.release()
  }
}

interface RunningParts {
  readonly connection: AwsConnection
  readonly plan: Plan
  readonly journal: JournalFile
  readonly options: ApplyOptions
  readonly answers: ReadonlyMap<string, Readonly<Record<string, string>>>
}

/** Drives a journalled run to its end and turns what happens into events. */
export async function* runToEnd(parts: RunningParts): AsyncGenerator<ApplyEvent, Ending, void> {
  const { plan, journal, options } = parts
  const channel = openChannel<ApplyEvent>()
  const run: Run = setUpRun({ ...parts, emit: (event) => channel.push(event) })
  run.emit({ event: 'started', plan: plan.id, operations: plan.operations.length, journal: journal.path })
  for (const operation of parts.answers.keys()) run.emit({ event: 'done', operation, ms: 0, already: true })
  let ending: Ending = { done: 0, failed: 0, unknown: 0, interrupted: false }
  const work = carryOut(run, options.onError).then(
    (result) => {
      ending = result
      channel.close()
    },
    (failure) => channel.close(failure),
  )
  try {
    yield* channel.read()
    await work
    const { done, failed, interrupted } = ending
    const ok = done === plan.operations.length && failed === 0
    await run.write({ event: 'finished', ok, done, failed, at: run.now() })
    if (ok && options.undoes !== undefined) await markRolledBack(options.undoes, journal.path, run.now())
    yield {
      ...{ event: 'finished', ok, done, failed, journal: journal.path },
      ...(interrupted ? { interrupted: true as const } : {}),
    }
    return ending
  } finally {
    // Whoever watches may leave early: no further call is started, and those that are out are seen to their end.
    run.stop()
    if (!options.abandon?.aborted) await work
    await journal.close()
  }
}
