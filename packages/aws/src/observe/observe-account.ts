import { parseArn } from '@mlflow-iam/core/policy/arn'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Partition, Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { AwsConnection } from '../connection.ts'
import { realTime, type Timing } from '../time.ts'
import { needEverything, type ObserveNeeds, type PartNeed, type RegionNeed } from './needs.ts'
import { type AccountIam, readIam } from './read-iam.ts'
import { holdersOf, readManagedPolicies } from './read-managed-policies.ts'
import { readPermissionSets } from './read-permission-sets.ts'
import { readProfiles } from './read-profiles.ts'
import { withRoleLengths } from './read-role-lengths.ts'
import { joinByArn, roleUsersNeeded } from './read-role-users.ts'
import { readApps, readServers } from './read-servers.ts'
import { type Studio, withSplitProfiles } from './read-split-profiles.ts'
import { type Reading, Refusal, startReading } from './reading.ts'
import { permissionSetsNeeded } from './sets-holding.ts'

export interface ObserveOptions {
  /** Called before anything else is read; what it throws ends the reading there. */
  readonly onIdentity?: (identity: Identity) => void
  /** Called after each page of the account's IAM with everything read so far. */
  readonly onPage?: (soFar: Readonly<AccountIam>) => void
  /** Where no Region is set, reading what lies in the default one is an error, as with the AWS CLI. */
  readonly regionRequired?: boolean
  readonly timing?: Timing
}

/** Who is signed in, and where: one call. */
export interface Identity {
  readonly account: string
  readonly partition: Partition
  readonly caller: string
}

/** Reads what is needed of an account, with as few calls as AWS allows. Writes nothing. */
export async function observeAccount(
  connection: AwsConnection,
  needs: ObserveNeeds = needEverything(),
  options: ObserveOptions = {},
): Promise<Snapshot> {
  const timing = options.timing ?? realTime
  const reading = startReading(connection, timing)
  try {
    // First and alone: without it nothing else can be read, and its error is the one to show.
    const identity = await readIdentity(reading)
    options.onIdentity?.(identity)
    const chosen = await connection.region()
    if (chosen === undefined && options.regionRequired && asksDefaultRegion(needs)) throw noRegion()
    const region = chosen ?? 'us-east-1'
    const details = needs.details ?? true
    const readSets = (need: PartNeed | undefined) =>
      need
        ? reading.part('permission-sets', need.required, [], () => readPermissionSets(reading, need))
        : undefined
    const [read, alias, quotas, servers, apps, domains, asked] = await Promise.all([
      readIam(reading, options.onPage),
      details ? readAlias(reading) : undefined,
      details ? readQuotas(reading) : undefined,
      inRegions(reading, region, needs.servers, 'servers', readServers),
      inRegions(reading, region, needs.apps, 'apps', readApps),
      inRegions(reading, region, needs.profiles, 'profiles', readStudio),
      needs.setsOf === undefined ? readSets(needs.permissionSets) : undefined,
    ])
    const permissionSets = asked ?? (await readSets(permissionSetsNeeded(needs, read.roles))) ?? []
    const using = roleUsersNeeded(needs, read.roles)
    const [allServers, allApps, otherDomains] = await Promise.all([
      inRegions(reading, region, using, 'servers', readServers),
      inRegions(reading, region, using, 'apps', readApps),
      inRegions(reading, region, using && { ...using, but: idsOf(domains) }, 'profiles', readStudio),
    ])
    const studios = [...domains, ...otherDomains]
    const listed = {
      domains: studios.flatMap((part) => part.domains),
      profiles: studios.flatMap((part) => part.profiles),
    }
    const studio = needs.splitProfiles ? await withSplitProfiles(reading, read.roles, listed) : listed
    const iam = needs.roleLengths && isAnyRoleShared(studio) ? await withRoleLengths(reading, read) : read
    const wanted = needs.managedPolicies ?? true
    const managed = wanted
      ? await readManagedPolicies(reading, wanted === 'of-caller' ? holdersOf(identity.caller, iam) : iam)
      : []
    return {
      version: 1,
      takenAt: new Date(timing.now()).toISOString(),
      ...identity,
      region,
      ...(alias === undefined ? {} : { alias }),
      ...iam,
      policies: [...iam.policies, ...managed],
      servers: joinByArn(allServers, servers),
      apps: joinByArn(allApps, apps),
      ...studio,
      permissionSets,
      ...(quotas === undefined ? {} : { quotas }),
      unknown: [...new Map(reading.unknown.map((part) => [`${part.part} ${part.action}`, part])).values()],
    }
  } catch (error) {
    throw error instanceof Refusal ? error.problem : error
  }
}

function asksDefaultRegion({ servers, apps, profiles }: ObserveNeeds): boolean {
  return [servers, apps, profiles].some(
    (need) => need !== undefined && (need.regions.length === 0 || need.regions.includes('')),
  )
}

function noRegion(): Problem {
  return new Problem('NO_REGION', 'No Region is set.', {
    why: 'Tracking servers live in one Region, and neither the file, --region, AWS_REGION nor the profile names it.',
    fix: ['Add --region eu-west-1, or once for all: aws configure set region eu-west-1'],
    exit: exitCodes.badInput,
  })
}

async function readStudio(...of: Parameters<typeof readProfiles>): Promise<Studio[]> {
  return [await readProfiles(...of)]
}

function idsOf(studios: readonly Studio[]): ReadonlySet<string> {
  return new Set(studios.flatMap(({ domains }) => domains.map(({ id }) => id)))
}

function isAnyRoleShared({ domains, profiles }: Studio): boolean {
  const roles = profiles.map(
    (profile) => profile.role ?? domains.find(({ id }) => id === profile.domain)?.defaultRole,
  )
  return new Set(roles).size < roles.length
}

/** Asks STS who is signed in. */
export async function observeIdentity(connection: AwsConnection): Promise<Identity> {
  try {
    return await readIdentity(startReading(connection))
  } catch (error) {
    throw error instanceof Refusal ? error.problem : error
  }
}

async function readIdentity(reading: Reading): Promise<Identity> {
  const { client, api } = await reading.connection.sts()
  const { Account: account = '', Arn: caller = '' } = await reading.must(
    'sts:GetCallerIdentity',
    'ask who is signed in',
    () => client.send(new api.GetCallerIdentityCommand({})),
  )
  const partition = parseArn(caller)?.partition ?? 'aws'
  if (partition !== 'aws' && partition !== 'aws-us-gov') {
    throw new Problem('PARTITION_NOT_OFFERED', `Account ${account} is in the partition ${partition}.`, {
      why: 'MLflow on SageMaker AI is offered in aws and aws-us-gov only.',
      fix: ['Sign in to an account of another partition.'],
      exit: exitCodes.badInput,
    })
  }
  return { account, partition, caller }
}

async function readAlias(reading: Reading): Promise<string | undefined> {
  const { client, api } = await reading.connection.iam()
  return reading.part('alias', false, undefined, async () => {
    const answer = await reading.must('iam:ListAccountAliases', "read the account's alias", () =>
      client.send(new api.ListAccountAliasesCommand({})),
    )
    return answer.AccountAliases?.[0]
  })
}

async function readQuotas(reading: Reading): Promise<Snapshot['quotas']> {
  const { client, api } = await reading.connection.iam()
  return reading.part('quotas', false, undefined, async () => {
    const { SummaryMap: summary = {} } = await reading.must('iam:GetAccountSummary', 'read the quotas', () =>
      client.send(new api.GetAccountSummaryCommand({})),
    )
    const found = {
      ...differing('attachedPerUser', summary.AttachedPoliciesPerUserQuota),
      ...differing('attachedPerGroup', summary.AttachedPoliciesPerGroupQuota),
      ...differing('attachedPerRole', summary.AttachedPoliciesPerRoleQuota),
    }
    return Object.keys(found).length === 0 ? undefined : found
  })
}

function differing<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  return (value === undefined || value === 10 ? {} : { [key]: value }) as { readonly [P in K]?: number }
}

async function inRegions<T>(
  reading: Reading,
  fallback: string,
  need: RegionNeed | undefined,
  part: string,
  read: (reading: Reading, region: string, need: RegionNeed) => Promise<T[]>,
): Promise<T[]> {
  if (need === undefined) return []
  const named = need.regions.length === 0 ? [''] : need.regions
  const regions = [...new Set(named.map((region) => region || fallback))]
  const found = await Promise.all(
    regions.map((region) => reading.part<T[]>(part, need.required, [], () => read(reading, region, need))),
  )
  return found.flat()
}
