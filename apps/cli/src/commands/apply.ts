import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import { agreementOf } from '@mlflow-iam/core/plan/agreement'
import { findStaleness } from '@mlflow-iam/core/plan/fingerprint'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { type ExitCode, exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { namedAccounts } from '../account/named-accounts.ts'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { asTyped } from '../output/as-typed.ts'
import { findMissingRights } from '../output/caller-rights.ts'
import { renderPlanSummary } from '../output/plan-summary.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import { agreeTo } from './agree.ts'
import type { Command } from './command.ts'
import { findPlanSource, openPlanSource, type PlanSource } from './plan-source.ts'
import { resume } from './resume.ts'
import { applyOptions, runApply } from './run-apply.ts'
import { applySeveral } from './several/apply-several.ts'
import { reachingAccount, typedFile } from './typed-source.ts'
import { usageProblem } from './usage-problem.ts'

/** `apply`: carries a plan out, or goes on with a journal. */
export const run: Command = async (call) => {
  const { flags, io } = call
  if (flags.resume !== undefined) {
    if (call.arguments.length > 0 || flags.file !== undefined) {
      throw usageProblem(
        '--resume goes on with a journal.',
        'It holds its own plan.',
        'Leave out the plan and the file.',
      )
    }
    return resume(flags.resume, call)
  }
  const options = applyOptions(flags)
  const source = findPlanSource(call)
  const file = source.kind === 'file' ? readGrants(source.path) : undefined
  const named = file && namedAccounts(flags, file)
  if (named) return applySeveral(named, file, call)
  const account = openAccount(flags)
  try {
    const connection = await account.connection()
    const { plan, snapshot } = await openPlanSource(source, account, flags, { wanted: 'operations', file })
    warnUnknown(snapshot, io)
    if (source.kind === 'plan') {
      // Our own half-done run makes the plan look stale: its journal is the way on, not a new plan.
      if (!flags['dry-run']) await (await import('../account/applying.ts')).refuseUnfinished(plan, options)
      refuseStale(plan, snapshot, source)
    }
    const typed = [source.kind === 'file' ? typedFile(flags) : quoteForShell(source.path), account.shellFlags]
    const from = typed.filter(Boolean).join(' ')
    const refusal = findMissingRights(plan, snapshot, from)
    // Nobody is asked to agree to what cannot be done; without a terminal a missing flag is said first.
    if (refusal && (io.canAsk || flags['dry-run'])) throw refusal
    if (flags['dry-run']) return dryRun(plan, snapshot, call)
    await showBeforeAsking(plan, snapshot, call)
    const look = source.kind === 'file' ? `plan ${from} --show risk` : `apply ${from} --dry-run`
    await agreeTo(plan, snapshot.alias ?? snapshot.account, flags, io, `Look: mlflow-iam ${look}`)
    if (refusal) throw refusal
    const { applyPlan } = await import('../account/applying.ts')
    const exit = await runApply(
      plan,
      (signals) => applyPlan(connection, plan, { ...options, ...signals }),
      call,
      account,
    )
    const proves = exit === exitCodes.done && plan.operations.length > 0 && !io.json
    if (proves) io.note(asTyped(`Prove it: mlflow-iam verify ${from}`))
    return exit
  } catch (error) {
    throw reachingAccount(error, account.shellFlags)
  } finally {
    account.close()
  }
}

function refuseStale(plan: Plan, snapshot: Snapshot, source: PlanSource): void {
  const changes = findStaleness(plan, snapshot)
  if (changes.length === 0) return
  throw new Problem('STALE_PLAN', 'AWS changed since this plan was made, so nothing was applied.', {
    why: changes.join('\n'),
    fix: [`mlflow-iam plan ${typedFile(plan)} -o ${quoteForShell(source.path)} --force, then apply again.`],
    exit: exitCodes.stalePlan,
  })
}

/** Everything but sending: what would happen, and which flags it would take. */
async function dryRun(plan: Plan, snapshot: Snapshot, { io }: Parameters<Command>[0]): Promise<ExitCode> {
  const { confirm, deletes, changes } = agreementOf(plan)
  if (io.json) {
    const dry = {
      version: 1,
      event: 'finished',
      ok: true,
      done: 0,
      failed: 0,
      journal: null,
      dryRun: true,
      operations: plan.operations.length,
    }
    io.out(JSON.stringify(dry))
    return exitCodes.done
  }
  io.out(
    renderPlanSummary(plan, { ...io, ...(snapshot.alias === undefined ? {} : { alias: snapshot.alias }) }),
  )
  const alias = snapshot.alias ?? snapshot.account
  const needed = [
    confirm ? `--confirm ${alias}` : '--yes',
    ...(deletes > 0 ? [`--allow-delete ${deletes}`] : []),
  ]
  io.note(changes ? `\nNothing was sent. To carry it out: ${needed.join(' ')}` : '\nNothing was sent.')
  return exitCodes.done
}

/** In a terminal the plan stands above the question. */
async function showBeforeAsking(
  plan: Plan,
  snapshot: Snapshot,
  { flags, io }: Parameters<Command>[0],
): Promise<void> {
  if (!io.canAsk || io.json || flags.confirm !== undefined || plan.operations.length === 0) return
  const view = { paint: io.paintError, width: io.width }
  io.note(
    renderPlanSummary(plan, { ...view, ...(snapshot.alias === undefined ? {} : { alias: snapshot.alias }) }),
  )
}
