import { dirname, join } from 'node:path'
import { decideResume, type Resumption } from '@mlflow-iam/core/journal/decide-resume'
import type { Journal } from '@mlflow-iam/core/journal/read-journal'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { AwsConnection } from '../connection.ts'
import { needsOfCaller, type ObserveNeeds } from '../observe/needs.ts'
import { backOff, realTime } from '../time.ts'
import { underLocks } from './apply-plan.ts'
import type { ApplyEvent, ApplyOptions } from './events.ts'
import { loadJournal, reopenJournal } from './journal-file.ts'
import { observeFor } from './observe-for.ts'
import { refuseOtherAccount } from './right-account.ts'
import { runJournalled } from './run-journalled.ts'

/** What `apply --resume` would do, to show and to agree to. */
export interface ResumePlan {
  readonly plan: Plan
  /** Nothing is left to do. */
  readonly finished: boolean
  /** Operations still to be sent, in plan order. */
  readonly remaining: readonly Operation[]
  /** How many are done, as the account shows. */
  readonly already: number
  /** The account as it was read for this; absent where nothing is left to do. */
  readonly snapshot?: Snapshot
}

/** Looks at a journal and at the account, and says what is left. Sends nothing; throws where the account changed. */
export async function prepareResume(
  connection: AwsConnection,
  path: string,
  options: Pick<ApplyOptions, 'timing' | 'settleMs'> = {},
): Promise<ResumePlan> {
  const journal = await loadJournal(path)
  const { plan } = journal.header
  refuseRolledBack(path, journal)
  if (journal.finished) return { plan, finished: true, remaining: [], already: plan.operations.length }
  await refuseOtherAccount(connection, plan)
  const { remaining, already, snapshot } = await compareWithAws(connection, journal, options, needsOfCaller)
  return { plan, finished: false, remaining, already: already.size, snapshot }
}

/**
 * Goes on with an interrupted run. AWS is asked first: what it shows is done, whatever the journal says; what it
 * does not show is sent. Ends in the same state as a run that was never interrupted.
 */
export async function* resumeApply(
  connection: AwsConnection,
  path: string,
  options: ApplyOptions = {},
): AsyncGenerator<ApplyEvent, void, void> {
  const first = await loadJournal(path)
  const { plan } = first.header
  refuseRolledBack(path, first)
  if (first.finished) {
    const done = plan.operations.length
    yield { event: 'started', plan: plan.id, operations: done, journal: path }
    yield { event: 'finished', ok: true, done, failed: 0, journal: path }
    return
  }
  const { caller } = await refuseOtherAccount(connection, plan)
  const undoes = first.header.undoes === undefined ? {} : { undoes: join(dirname(path), first.header.undoes) }
  const all: ApplyOptions = { ...options, ...undoes }
  yield* underLocks(connection, plan, all, async function* () {
    // Read again under the lock: whoever held it may have finished the run.
    const journal = await loadJournal(path)
    const { already } = await compareWithAws(connection, journal, all)
    const file = await reopenJournal(path, journal)
    const at = new Date((all.timing ?? realTime).now()).toISOString()
    await file.write({ event: 'resumed', at, caller })
    const recorded = new Set(
      journal.steps.filter(({ state }) => state === 'done').map(({ operation }) => operation.id),
    )
    for (const [operation, answer] of already) {
      if (!recorded.has(operation)) await file.write({ event: 'done', operation, at, already: true, answer })
    }
    yield* runJournalled({ connection, plan, journal: file, options: all, caller, answers: already })
  })
}

async function compareWithAws(
  connection: AwsConnection,
  journal: Journal,
  options: Pick<ApplyOptions, 'timing' | 'settleMs'>,
  more: ObserveNeeds = {},
): Promise<Resumption & { readonly snapshot: Snapshot }> {
  const timing = options.timing ?? realTime
  const started = timing.now()
  for (let look = 1; ; look += 1) {
    const snapshot = await observeFor(connection, journal.header.plan, timing, more)
    const resumption = decideResume(journal, snapshot)
    const changes = [...resumption.changed, ...resumption.undone]
    if (changes.length === 0) return { ...resumption, snapshot }
    // What was done a moment ago may not show yet; a colleague's change stays.
    const mayShow =
      resumption.changed.length === 0 && timing.now() - started < (options.settleMs ?? 120_000) / 4
    if (!mayShow) throw changedMeanwhile(changes)
    await timing.sleep(backOff(look, timing, 500, 10_000))
  }
}

function changedMeanwhile(changes: readonly string[]): Problem {
  return new Problem('STALE_PLAN', 'AWS changed since this run was interrupted, so nothing more was sent.', {
    why: changes.join('\n'),
    fix: [
      'mlflow-iam plan -f grants.yaml -o plan.json, then apply: it starts from the account as it is.',
      'Or take back what this run has done: mlflow-iam rollback JOURNAL',
    ],
    exit: exitCodes.stalePlan,
  })
}

function refuseRolledBack(path: string, journal: Journal): void {
  if (journal.rolledBackBy === undefined) return
  throw new Problem('ROLLED_BACK', `${path} was rolled back, so there is nothing to go on with.`, {
    why: `Its steps were taken back by ${journal.rolledBackBy}.`,
    fix: ['Make a new plan: mlflow-iam plan -f grants.yaml'],
    exit: exitCodes.badInput,
  })
}
