import { exitCodes } from '@mlflow-iam/core/problem'
import { accountName } from '../account/account-name.ts'
import { openAccount } from '../account/open-account.ts'
import { findMissingRights } from '../output/caller-rights.ts'
import { renderPlanSummary } from '../output/plan-summary.ts'
import { agreeTo } from './agree.ts'
import type { Command } from './command.ts'
import { newestJournal } from './newest-journal.ts'
import { applyOptions, runApply } from './run-apply.ts'
import { reachingAccount } from './typed-source.ts'
import { usageProblem } from './usage-problem.ts'

/** `rollback`: shows what taking an apply back would do, then does it. */
export const run: Command = async (call) => {
  const {
    arguments: [path],
    flags,
    io,
  } = call
  if (path === undefined) {
    throw usageProblem(
      'No journal is given.',
      'Rollback takes back what a journal says was done.',
      'Name the journal, as apply did when it was done: mlflow-iam rollback mlflow-iam-….journal.jsonl',
      ...newestJournal(process.cwd()),
    )
  }
  const options = applyOptions(flags)
  const account = openAccount(flags)
  try {
    const [{ applyRollback, prepareRollback }, connection] = await Promise.all([
      import('../account/applying.ts'),
      account.connection(),
    ])
    const { plan, snapshot } = await prepareRollback(connection, path, options)
    const refusal = findMissingRights(plan, snapshot)
    // Nobody is asked to agree to what cannot be done; without a terminal a missing flag is said first.
    if (refusal && (io.canAsk || flags['dry-run'])) throw refusal
    const alias = await accountName(connection, plan.account)
    const isResult = flags['dry-run'] || plan.operations.length === 0
    const view = {
      ...{ paint: isResult ? io.paint : io.paintError, width: io.width },
      nothing: 'Nothing is left that can be taken back.',
    }
    const summary = renderPlanSummary(plan, alias === plan.account ? view : { ...view, alias })
    if (flags['dry-run']) {
      io.out(io.json ? JSON.stringify(plan) : summary)
      return exitCodes.done
    }
    if (!isResult) io.note(summary)
    await agreeTo(plan, alias, flags, io, 'Look at the plan above.')
    if (refusal) throw refusal
    if (isResult && !io.json) {
      io.out(summary)
      return exitCodes.done
    }
    return await runApply(
      plan,
      (signals) => applyRollback(connection, path, plan, { ...options, ...signals }),
      call,
      account,
    )
  } catch (error) {
    throw reachingAccount(error, account.shellFlags)
  } finally {
    account.close()
  }
}
