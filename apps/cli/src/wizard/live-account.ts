import { compareAccess } from '@mlflow-iam/core/evaluate/compare-access'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import { findStaleness } from '@mlflow-iam/core/plan/fingerprint'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Account } from '../account/account.ts'
import { openAccount } from '../account/open-account.ts'
import type { FlagValues } from '../commands/flags.ts'
import type { AccountChoice, WizardAccount } from './account.ts'
import { readProfiles } from './profiles.ts'

type Flags = Parameters<typeof openAccount>[0] & Pick<FlagValues, 'prune'>

/** The account that the command line names, as the wizard uses it: choosable among the AWS profiles of this machine. */
export function liveAccount(flags: Flags, env: Readonly<Record<string, string | undefined>>): WizardAccount {
  let given: Flags = flags
  let account: Account = openAccount(flags)
  const now = () => new Date()
  const aws = () => import('@mlflow-iam/aws')
  return {
    async choices() {
      if (flags.sandbox) return [sandboxChoice]
      if (flags.snapshot !== undefined) return [{ ...sandboxChoice, name: flags.snapshot, signIn: 'file' }]
      return readProfiles(env, flags.profile, flags.region)
    },
    async choose(choice, region) {
      const profile = choice.profile === undefined ? {} : { profile: choice.profile }
      const next: Flags = { ...given, ...profile, ...(region === undefined ? {} : { region }) }
      if (JSON.stringify(next) === JSON.stringify(given)) return
      account.close()
      given = next
      account = openAccount(next)
    },
    async identity() {
      if (account.kind === 'snapshot') {
        const snapshot = await account.observe({})
        return {
          account: snapshot.account,
          arn: snapshot.caller ?? 'unknown',
          region: snapshot.region,
          ...alias(snapshot),
        }
      }
      const { observeIdentity } = await aws()
      const connection = await account.connection()
      const who = await observeIdentity(connection)
      return { account: who.account, arn: who.caller, region: (await connection.region()) ?? 'us-east-1' }
    },
    observe: () => account.observe({}),
    async plan(fileText) {
      const file = parseGrants(fileText, 'grants.yaml')
      const snapshot = await account.observe({
        file,
        expectedBy: 'The grants file',
        ...(file.account === undefined ? {} : { expected: file.account }),
      })
      return { plan: buildPlan({ file, snapshot, prune: given.prune ?? false, now: now() }), snapshot }
    },
    async *apply(plan, { onError, signal }) {
      await refuseStale(account, plan)
      const { applyPlan } = await aws()
      yield* applyPlan(await account.connection(), plan, { onError, signal })
    },
    async *resume(journal, { onError, signal }) {
      const { resumeApply } = await aws()
      yield* resumeApply(await account.connection(), journal, { onError, signal })
    },
    async *rollback(journal, { onError, signal }) {
      const { planRollback, applyPlan } = await aws()
      const connection = await account.connection()
      const plan = await planRollback(connection, journal)
      yield* applyPlan(connection, plan, { onError, signal, undoes: journal })
    },
    async verify(plan) {
      const snapshot = await account.observe({})
      const { ok, access, differences } = compareAccess(plan.target, snapshot, {
        name: plan.name,
        now: now(),
        strict: false,
      })
      return { ok, access, differences, method: 'policies as read' }
    },
    signInCommand: () =>
      given.profile && !flags.sandbox ? ['aws', 'sso', 'login', '--profile', given.profile] : undefined,
    shellFlags: () => (account.shellFlags === '' ? '' : ` ${account.shellFlags}`),
  }
}

const sandboxChoice: AccountChoice = {
  name: 'sandbox',
  signIn: 'built in',
  session: 'no expiry',
  expired: false,
}

function alias(snapshot: { readonly alias?: string }): { readonly alias?: string } {
  return snapshot.alias === undefined ? {} : { alias: snapshot.alias }
}

/** What was shown must still be what is there: a plan of a changed account is not sent. */
async function refuseStale(account: Account, plan: Plan): Promise<void> {
  const changes = findStaleness(
    plan,
    await account.observe({ expected: plan.account, expectedBy: 'The plan' }),
  )
  if (changes.length === 0) return
  throw new Problem('STALE_PLAN', 'AWS changed since this plan was made, so nothing was applied.', {
    why: changes.join(' '),
    fix: ['Go back to Preview: r reads AWS again and plans anew.'],
    exit: exitCodes.stalePlan,
  })
}
