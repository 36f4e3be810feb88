import type { AwsConnection, AwsSettings } from '@mlflow-iam/aws/connection'
import type { ObserveNeeds } from '@mlflow-iam/aws/observe/needs'
import { quoteForShell } from '@mlflow-iam/core/export/shell-quote'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { TargetServer } from '@mlflow-iam/core/target/target'
import type { FlagValues } from '../commands/flags.ts'
import { typedFlags } from '../commands/typed-source.ts'
import { usageProblem } from '../commands/usage-problem.ts'
import { writeStream } from '../output/write-stream.ts'
import type { Account, Wanted } from './account.ts'
import { tellCalls } from './tell-calls.ts'

type AccountFlags = Pick<
  FlagValues,
  'profile' | 'region' | 'endpoint-url' | 'sandbox' | 'offline' | 'snapshot' | 'state' | 'verbose' | 'quiet'
>

/** Opens the account that the flags name. Nothing is read, loaded or sent before its first use. */
export function openAccount(flags: AccountFlags): Account {
  refuseContradictions(flags)
  refuseSeveral(flags)
  if (flags.snapshot !== undefined) return snapshotAccount(flags.snapshot)
  if (flags.offline) return offlineAccount()
  if (flags.sandbox) return liveAccount('sandbox', typedFlags(flags), told(flags, connectSandbox))
  return liveAccount('aws', typedFlags(flags), told(flags, connectAws))
}

/** With `-v`, every call is said on standard error. */
function told(flags: AccountFlags, connect: (flags: AccountFlags) => Promise<AwsConnection>) {
  return async (): Promise<AwsConnection> => {
    const verbose = flags.quiet ? 0 : (flags.verbose?.length ?? 0)
    const connection = await connect(flags)
    return verbose === 0 ? connection : tellCalls(connection, verbose, (line) => writeStream(2, line))
  }
}

function refuseContradictions(flags: AccountFlags): void {
  const kinds = (['snapshot', 'offline', 'sandbox'] as const).filter((name) => flags[name])
  const live = (['endpoint-url', 'profile'] as const).filter((name) => flags[name] !== undefined)
  // A profile of the sandbox picks one of its accounts.
  const others = kinds[0] === 'sandbox' ? live.filter((name) => name !== 'profile') : live
  const [first, second] = kinds.length > 0 ? [...kinds, ...others] : []
  if (first === undefined || second === undefined) return
  throw usageProblem(
    `--${first} and --${second} contradict each other.`,
    'Each names another account.',
    `Leave one out.`,
  )
}

function refuseSeveral({ profile }: AccountFlags): void {
  if (new Set(profile).size < 2) return
  throw usageProblem(
    'Several profiles are given.',
    'This works on one account at a time.',
    `Give one: --profile ${profile?.[0]}`,
  )
}

function liveAccount(kind: 'aws' | 'sandbox', flags: string, open: () => Promise<AwsConnection>): Account {
  let opened: Promise<AwsConnection> | undefined
  const connection = () => {
    opened ??= open()
    return opened
  }
  return {
    kind,
    shellFlags: flags,
    connection,
    observe: (wanted) => observeLive(connection, wanted),
    async id() {
      const [{ observeIdentity }, live] = await Promise.all([import('./reading.ts'), connection()])
      return (await observeIdentity(live)).account
    },
    close() {
      // One that could not be opened has said so already.
      opened?.then(
        (each) => each.close(),
        () => undefined,
      )
    },
  }
}

async function observeLive(connection: () => Promise<AwsConnection>, wanted: Wanted): Promise<Snapshot> {
  const [reading, live] = await Promise.all([import('./reading.ts'), connection()])
  // The wrong account is told from one call, and nothing more of it is read.
  const onIdentity = ({ account }: { readonly account: string }) => refuseOtherAccount(account, wanted)
  return reading.observeAccount(live, needsOf(wanted, reading), { onIdentity, regionRequired: true })
}

function needsOf(
  { file, prune, plan, operationsOf }: Wanted,
  reading: typeof import('./reading.ts'),
): ObserveNeeds {
  if (file) return reading.needsOfFile(file, prune)
  if (plan) return needsOfPlan(plan)
  if (!operationsOf) return reading.needEverything()
  const { profiles } = reading.needsOfOperations(operationsOf)
  const { permissionSets } = needsOfPlan(operationsOf)
  const namesSets =
    permissionSets !== undefined || operationsOf.operations.some(({ action }) => /PermissionSet/.test(action))
  // Of the managed policies only those that say what the caller may do: the rest decides nothing here.
  return {
    managedPolicies: 'of-caller',
    ...reading.needsOfDeletions(operationsOf),
    ...(profiles ? { profiles } : {}),
    ...(namesSets ? { permissionSets: { required: true } } : {}),
  }
}

/** IAM, its servers, and permission sets where it names some. */
function needsOfPlan({ target }: Plan): ObserveNeeds {
  const regions = (kind: TargetServer['kind']) => {
    const found = new Set(target.servers.filter((server) => server.kind === kind).map(({ region }) => region))
    return found.size === 0 ? undefined : { required: false, regions: [...found] }
  }
  const [servers, apps] = [regions('tracking-server'), regions('app')]
  const sets = target.principals.filter(({ kind }) => kind === 'permission-set').map(({ name }) => name)
  return {
    ...(servers === undefined ? {} : { servers }),
    ...(apps === undefined ? {} : { apps }),
    ...(sets.length === 0 ? {} : { permissionSets: { required: true, names: new Set(sets) } }),
  }
}

/** Exit 3 with both ids where the account is not the one that a file or plan is for. */
export function refuseOtherAccount(
  actual: string,
  { expected, expectedBy = 'The file', profile }: Wanted,
): void {
  if (expected === undefined || expected === actual) return
  if (profile !== undefined) throw wrongProfile(profile, actual, expected)
  throw new Problem('WRONG_ACCOUNT', `This is account ${actual}, not ${expected}.`, {
    why: `${expectedBy} is for account ${expected}; you are signed in to ${actual}.`,
    fix: [`Sign in to ${expected} (--profile NAME), or use a file for ${actual}.`],
    exit: exitCodes.badInput,
  })
}

function wrongProfile(profile: string, actual: string, expected: string): Problem {
  return new Problem('WRONG_ACCOUNT', `Profile ${profile} signs in to account ${actual}, not ${expected}.`, {
    why: `The grants file lists ${profile} as the profile of ${expected}.`,
    fix: [`Correct the profile of ${expected} under accounts, or list ${actual} there.`],
    exit: exitCodes.badInput,
  })
}

function snapshotAccount(path: string): Account {
  const read = async () => (await import('../files/read-snapshot.ts')).readSnapshot(path)
  return {
    kind: 'snapshot',
    shellFlags: `--snapshot ${quoteForShell(path)}`,
    async observe(wanted) {
      const snapshot = await read()
      refuseOtherAccount(snapshot.account, wanted)
      return snapshot
    },
    id: async () => (await read()).account,
    connection: () => Promise.reject(nothingLive('--snapshot')),
    close() {},
  }
}

function offlineAccount(): Account {
  return {
    kind: 'offline',
    shellFlags: '--offline',
    async observe({ file }) {
      if (!file)
        throw usageProblem(
          '--offline needs a grants file.',
          'It is what the account is assumed from.',
          'Add -f FILE.',
        )
      const { assumeAccount } = await import('@mlflow-iam/core/snapshot/assume-account')
      return assumeAccount(file, new Date())
    },
    id: () => Promise.reject(nothingLive('--offline')),
    connection: () => Promise.reject(nothingLive('--offline')),
    close() {},
  }
}

function nothingLive(flag: string): Problem {
  return usageProblem(
    `Nothing can be sent with ${flag}.`,
    'It stands for an account that only can be read.',
    `Leave ${flag} out.`,
  )
}

async function connectAws(flags: AccountFlags): Promise<AwsConnection> {
  const { connect } = await import('./reading.ts')
  const { profile: [profile] = [], region, 'endpoint-url': endpointUrl } = flags
  await checkRegion(region)
  if (
    endpointUrl !== undefined &&
    !/^https?:$/.test(URL.canParse(endpointUrl) ? new URL(endpointUrl).protocol : '')
  ) {
    throw usageProblem(
      `--endpoint-url ${JSON.stringify(endpointUrl)} is no URL.`,
      'It must begin with http:// or https://.',
      'For example: --endpoint-url http://127.0.0.1:5000',
    )
  }
  const settings: AwsSettings = {
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
  }
  return connect(settings)
}

async function checkRegion(region: string | undefined): Promise<void> {
  if (region === undefined) return
  const { regionName } = await import('@mlflow-iam/core/grants/rules/aws')
  const complaint = regionName.complain(region)
  if (complaint) throw usageProblem(`--region: ${complaint.what}`, complaint.why, complaint.fix)
}

async function connectSandbox(flags: AccountFlags): Promise<AwsConnection> {
  await checkRegion(flags.region)
  const [{ connect }, { openSandbox }] = await Promise.all([
    import('./reading.ts'),
    import('./open-sandbox.ts'),
  ])
  const sandbox = await openSandbox(flags.state, flags.profile?.[0])
  return connect({ region: flags.region ?? 'eu-west-1', requestHandler: sandbox.requestHandler, env: {} })
}
