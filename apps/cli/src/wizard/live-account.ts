import type { AwsConnection } from '@mlflow-iam/aws'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import { openAccount } from '../account/open-account.ts'
import type { FlagValues } from '../commands/flags.ts'
import type { AccountChoice, WizardAccount } from './account.ts'
import { readProfiles } from './profiles.ts'

type Flags = Parameters<typeof openAccount>[0] & Pick<FlagValues, 'prune'>

/** Where journals and locks go; the working folder and the usual state folder where absent. */
export interface ApplyPlaces {
  readonly folder?: string
  readonly stateFolder?: string
}

/** The account that the command line names, as the wizard uses it: choosable among the AWS profiles of this machine. */
export function liveAccount(flags: Flags, env: Readonly<Record<string, string | undefined>>): WizardAccount {
  let given: Flags = flags
  let account: Account = openAccount(flags)
  return {
    ...actions(
      () => account,
      () => given.prune ?? false,
      {},
    ),
    async choices() {
      if (flags.sandbox) return sandboxChoices(flags.profile?.[0])
      if (flags.snapshot !== undefined) return [{ ...sandboxChoice, name: flags.snapshot, signIn: 'file' }]
      return readProfiles(env, flags.profile?.[0], flags.region)
    },
    async choose(choice, region) {
      const profile = choice.profile === undefined ? {} : { profile: [choice.profile] }
      const next: Flags = { ...given, ...profile, ...(region === undefined ? {} : { region }) }
      if (JSON.stringify(next) === JSON.stringify(given)) return
      account.close()
      given = next
      account = openAccount(next)
    },
    signInCommand: () =>
      given.profile?.[0] !== undefined && !flags.sandbox
        ? ['aws', 'sso', 'login', '--profile', given.profile[0]]
        : undefined,
    shellFlags: () => (account.shellFlags === '' ? '' : ` ${account.shellFlags}`),
  }
}

/** One connection that is already open, for a sandbox in this process. */
export function accountOver(connection: AwsConnection, places: ApplyPlaces = {}): WizardAccount {
  const account: Account = {
    kind: 'sandbox',
    shellFlags: '--sandbox',
    connection: () => Promise.resolve(connection),
    id: async () => (await (await import('@mlflow-iam/aws')).observeIdentity(connection)).account,
    observe: async (wanted) => {
      const { needEverything, needsOfFile, observeAccount } = await import('@mlflow-iam/aws')
      return observeAccount(connection, wanted.file ? needsOfFile(wanted.file) : needEverything())
    },
    close() {},
  }
  return {
    ...actions(
      () => account,
      () => false,
      places,
    ),
    choices: async () => [sandboxChoice],
    choose: async () => undefined,
    signInCommand: () => undefined,
    shellFlags: () => ' --sandbox',
  }
}

type Actions = Omit<WizardAccount, 'choices' | 'choose' | 'signInCommand' | 'shellFlags'>

function actions(current: () => Account, prune: () => boolean, places: ApplyPlaces): Actions {
  const now = () => new Date()
  const aws = () => import('@mlflow-iam/aws')
  const applying = () => import('../account/applying.ts')
  const deciding = () => import('./deciding.ts')
  return {
    async identity() {
      const account = current()
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
    observe: () => current().observe({}),
    async plan(fileText) {
      const { buildPlan, grantsForAccount, parseGrants } = await deciding()
      const whole = parseGrants(fileText, 'grants.yaml')
      const file = whole.accounts.length === 0 ? whole : grantsForAccount(whole, await current().id())
      const snapshot = await current().observe({
        file,
        prune: prune(),
        expectedBy: 'The grants file',
        ...(file.account === undefined ? {} : { expected: file.account }),
      })
      return { plan: buildPlan({ file, snapshot, prune: prune(), now: now() }), snapshot }
    },
    async *apply(plan, { onError, signal }) {
      const snapshot = await refuseStale(current(), plan)
      const { refuseLacking } = await import('./may-send.ts')
      refuseLacking(plan, snapshot, 'no journal')
      const { applyPlan } = await applying()
      yield* applyPlan(await current().connection(), plan, { onError, signal, ...places })
    },
    async *resume(journal, options) {
      const [{ prepareResume, resumeApply }, { leftToSend, refuseLacking }, connection] = await Promise.all([
        applying(),
        import('./may-send.ts'),
        current().connection(),
      ])
      const { plan, remaining, snapshot } = await prepareResume(connection, journal)
      if (snapshot) refuseLacking(leftToSend(plan, remaining, options.leaveOut), snapshot, 'journal')
      yield* resumeApply(connection, journal, { ...options, ...places })
    },
    async planRollback(journal) {
      const { prepareRollback } = await applying()
      return prepareRollback(await current().connection(), journal)
    },
    async *rollback(journal, { plan, snapshot }, { onError, signal }) {
      const { refuseLacking } = await import('./may-send.ts')
      refuseLacking(plan, snapshot, 'journal')
      const { applyRollback } = await applying()
      yield* applyRollback(await current().connection(), journal, plan, { onError, signal, ...places })
    },
    async verify(plan) {
      const { compareAccess } = await deciding()
      const snapshot = await current().observe({})
      const options = { name: plan.name, now: now(), strict: false }
      return { ...compareAccess(plan.target, snapshot, options), method: 'policies as read' }
    },
  }
}

const sandboxChoice: AccountChoice = {
  name: 'sandbox',
  signIn: 'built in',
  session: 'no expiry',
  expired: false,
}

/** The embedded accounts: the one that is meant where none is named, and the others by their profiles. */
async function sandboxChoices(asked: string | undefined): Promise<readonly AccountChoice[]> {
  const { embeddedAccounts } = await import('@mlflow-iam/sandbox/accounts')
  const [{ account }] = embeddedAccounts
  const named = embeddedAccounts.map(
    ({ account: id, profiles: [profile] }): AccountChoice => ({
      ...sandboxChoice,
      name: profile,
      profile,
      account: id,
    }),
  )
  const wanted = named.find((choice) => choice.profile === asked)
  const others = named.filter((choice) => choice !== wanted && choice.account !== account)
  return [wanted ?? { ...sandboxChoice, account }, ...others]
}

function alias(snapshot: { readonly alias?: string }): { readonly alias?: string } {
  return snapshot.alias === undefined ? {} : { alias: snapshot.alias }
}

/** What was shown must still be what is there: a plan of a changed account is not sent. Hands on the new reading. */
async function refuseStale(account: Account, plan: Plan): Promise<Snapshot> {
  const { findStaleness } = await import('./deciding.ts')
  const snapshot = await account.observe({ expected: plan.account, expectedBy: 'The plan' })
  const changes = findStaleness(plan, snapshot)
  if (changes.length === 0) return snapshot
  throw new Problem('STALE_PLAN', 'AWS changed since this plan was made, so nothing was applied.', {
    why: changes.join(' '),
    fix: ['Go back to Preview: r reads AWS again and plans anew.'],
    exit: exitCodes.stalePlan,
  })
}
