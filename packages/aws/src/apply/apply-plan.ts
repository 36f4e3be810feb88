import { basename, join } from 'node:path'
import type { JournalHeader } from '@mlflow-iam/core/journal/journal'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { AwsConnection } from '../connection.ts'
import { realTime } from '../time.ts'
import type { ApplyEvent, ApplyOptions } from './events.ts'
import { createJournal, freeName, markRolledBack } from './journal-file.ts'
import { accountLock, takeLock } from './lock.ts'
import { refuseForeign } from './refuse-foreign.ts'
import { refuseOtherAccount } from './right-account.ts'
import { runJournalled } from './run-journalled.ts'

/**
 * Carries out a plan, yielding an event for each thing that happens; the last is `finished`. Sends exactly the
 * plan's inputs. Throws a Problem before the first event when nothing may be sent at all.
 */
export async function* applyPlan(
  connection: AwsConnection,
  plan: Plan,
  options: ApplyOptions = {},
): AsyncGenerator<ApplyEvent, void, void> {
  const timing = options.timing ?? realTime
  const at = new Date(timing.now()).toISOString()
  if (plan.operations.length === 0) {
    if (options.undoes !== undefined)
      await markRolledBack(options.undoes, 'a rollback with nothing to do', at)
    yield { event: 'started', plan: plan.id, operations: 0, journal: null }
    yield { event: 'finished', ok: true, done: 0, failed: 0, journal: null }
    return
  }
  // What a rollback sends was written down by the run that it takes back.
  if (options.undoes === undefined) refuseForeign(plan)
  const { caller } = await refuseOtherAccount(connection, plan)
  const header: JournalHeader = {
    journal: 'mlflow-iam',
    version: 1,
    kind: options.undoes === undefined ? 'apply' : 'rollback',
    at,
    caller,
    ...(options.undoes === undefined ? {} : { undoes: basename(options.undoes) }),
    plan,
  }
  yield* underLocks(connection, plan, options, async function* () {
    const journal = await createJournal(journalPath(plan, options), header)
    yield* runJournalled({ connection, plan, journal, options, caller, answers: new Map() })
  })
}

/**
 * Refuses (exit 4, with the line that resumes) a plan that was begun before and is not finished. To be asked before
 * staleness: what a half-done run has changed itself makes its plan look stale.
 */
export async function refuseUnfinished(
  plan: Pick<Plan, 'id'>,
  options: Pick<ApplyOptions, 'journal' | 'folder'> = {},
): Promise<void> {
  await freeName(journalPath(plan, options))
}

function journalPath(plan: Pick<Plan, 'id'>, options: Pick<ApplyOptions, 'journal' | 'folder'>): string {
  return options.journal ?? join(options.folder ?? '.', `mlflow-iam-${plan.id}.journal.jsonl`)
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
