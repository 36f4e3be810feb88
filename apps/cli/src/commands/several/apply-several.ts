import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { exitCodes } from '@mlflow-iam/core/problem'
import type { NamedAccount } from '../../account/named-accounts.ts'
import { findMissingRights } from '../../output/caller-rights.ts'
import { warnUnknown } from '../../output/warn-unknown.ts'
import type { Call } from '../command.ts'
import { planFile } from '../plan-file.ts'
import { applyOptions } from '../run-apply.ts'
import { reachingAccount } from '../typed-source.ts'
import { usageProblem } from '../usage-problem.ts'
import {
  exitOfSeveral,
  exitsOf,
  ioOf,
  openSeveral,
  tellProblems,
  type Visit,
  visitObjects,
} from './accounts.ts'
import { agreeToAll } from './agree-to-all.ts'
import { renderPlansTable } from './plan-several.ts'
import { type ReadyAccount, runSeveral } from './run-several.ts'
import { sourceOf } from './source-of.ts'

/**
 * `apply` in several accounts: all are planned, and agreed to, before anything is sent in any. Whatever keeps one of
 * them from being applied keeps all.
 */
export async function applySeveral(
  named: readonly NamedAccount[],
  file: GrantsFile,
  call: Call,
): Promise<number> {
  const { flags, io } = call
  if (flags.journal !== undefined) {
    throw usageProblem(
      '--journal names one file, and there are several accounts.',
      'Each account has a journal of its own.',
      'Leave it out: each is named after its plan.',
    )
  }
  const options = applyOptions(flags)
  const several = await openSeveral(named, call, file)
  try {
    const visits = await several.visit(async ({ account, named: { profile }, file: own = file }) => ({
      ...(await planFile(own, account, flags, { profile })),
      account,
    }))
    for (const visit of visits) if (visit.result) warnUnknown(visit.result.snapshot, ioOf(visit, io))
    if (!io.json) (flags['dry-run'] ? io.out : io.note)(renderPlansTable(visits, io))
    const ready = visits.flatMap(({ result, profile }): readonly ReadyAccount[] => {
      const { alias } = result?.snapshot ?? {}
      const known = { ...(alias ? { alias } : {}), ...(profile === undefined ? {} : { profile }) }
      return result ? [{ plan: result.plan, account: result.account, ...known }] : []
    })
    if (ready.length < visits.length) return nothingSent(visits, call)
    const checked = visits.map((visit) => withoutRights(visit, call))
    const lacks = checked.some(({ problem }) => problem !== undefined)
    if (lacks && (io.canAsk || flags['dry-run'])) return nothingSent(checked, call)
    if (flags['dry-run']) return dryRun(ready, call)
    const { refuseUnfinished } = await import('../../account/applying.ts')
    for (const { plan, account } of ready) {
      if (plan.operations.length === 0) continue
      await refuseUnfinished(plan, options).catch((error) => {
        throw reachingAccount(error, account.shellFlags)
      })
    }
    await agreeToAll(ready, flags, io)
    if (lacks) return nothingSent(checked, call)
    return await runSeveral(ready, options, call)
  } finally {
    several.close()
  }
}

/** The same account, failed where its caller may not do what its plan needs. */
function withoutRights(visit: Visit<ReadyPlan>, { flags }: Call): Visit<ReadyPlan> {
  const { plan, snapshot } = visit.result ?? {}
  const problem = plan && snapshot && findMissingRights(plan, snapshot, sourceOf(flags, visit.profile))
  const { result: _, problem: before, ...who } = visit
  return problem && before === undefined ? { ...who, problem } : visit
}

type ReadyPlan = Pick<ReadyAccount, 'plan'> & {
  readonly snapshot: Parameters<typeof findMissingRights>[1]
}

function nothingSent(visits: readonly Visit<ReadyPlan>[], { io }: Call): number {
  tellProblems(visits, io)
  io.note('\nNothing was sent in any account.')
  if (io.json) {
    const accounts = visitObjects(visits, ({ plan }) => ({ plan: plan.id }))
    io.out(JSON.stringify({ version: 1, event: 'finished', ...nothing, ok: false, accounts }))
  }
  return exitOfSeveral(exitsOf(visits, () => exitCodes.done))
}

const nothing = { done: 0, failed: 0, journal: null } as const

function dryRun(ready: readonly ReadyAccount[], { io }: Call): number {
  io.note('\nNothing was sent.')
  if (io.json) {
    const accounts = ready.map(({ plan, profile = null }) => ({
      account: plan.account,
      profile,
      plan: plan.id,
      operations: plan.operations.length,
    }))
    io.out(JSON.stringify({ version: 1, event: 'finished', ...nothing, ok: true, dryRun: true, accounts }))
  }
  return exitCodes.done
}
