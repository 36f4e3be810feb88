import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import { type ExitCode, exitCodes } from '@mlflow-iam/core/problem'
import { accountName } from '../account/account-name.ts'
import { openAccount } from '../account/open-account.ts'
import { findMissingRights } from '../output/caller-rights.ts'
import { terminalText } from '../output/terminal-text.ts'
import { agreeTo, partOf } from './agree.ts'
import type { Call } from './command.ts'
import { applyOptions, runApply } from './run-apply.ts'
import { reachingAccount } from './typed-source.ts'

/** `apply --resume JOURNAL`: goes on where a run stopped. A finished one exits 0. */
export async function resume(path: string, call: Call): Promise<ExitCode> {
  const { flags, io } = call
  const options = applyOptions(flags)
  const account = openAccount(flags)
  try {
    const [{ prepareResume, resumeApply }, connection] = await Promise.all([
      import('../account/applying.ts'),
      account.connection(),
    ])
    const { plan, finished, remaining, already, snapshot } = await prepareResume(connection, path, options)
    if (finished) {
      const done = plan.operations.length
      if (io.json)
        io.out(JSON.stringify({ version: 1, event: 'finished', ok: true, done, failed: 0, journal: path }))
      else io.out(`Nothing is left to do: all ${done} are done.`)
      return exitCodes.done
    }
    io.note(`${already} of ${plan.operations.length} are done already; ${remaining.length} are left.`)
    const rest = partOf(plan, remaining)
    const refusal = snapshot && findMissingRights(rest, snapshot)
    // Nobody is asked to agree to what cannot be done; without a terminal a missing flag is said first.
    if (refusal && (io.canAsk || flags['dry-run'])) throw refusal
    if (flags['dry-run']) {
      const dry = { done: 0, failed: 0, journal: path, dryRun: true, operations: remaining.length }
      if (io.json) io.out(JSON.stringify({ version: 1, event: 'finished', ok: true, ...dry }))
      else io.out(remaining.map(({ id, because }) => terminalText(`${id}  ${because}`)).join('\n'))
      return exitCodes.done
    }
    const journal = [quoteForShell(path), account.shellFlags].filter(Boolean).join(' ')
    const look = `Look: mlflow-iam apply --resume ${journal} --dry-run`
    await agreeTo(rest, await accountName(connection, plan.account), flags, io, look)
    if (refusal) throw refusal
    return await runApply(
      plan,
      (signals) => resumeApply(connection, path, { ...options, ...signals }),
      call,
      account,
    )
  } catch (error) {
    throw reachingAccount(error, account.shellFlags)
  } finally {
    account.close()
  }
}
