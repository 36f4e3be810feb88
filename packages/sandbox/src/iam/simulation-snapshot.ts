import type { IamGroup, IamRole, IamUser, ManagedPolicy, Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import type { GroupState, PolicyState, PrincipalState, RoleState, UserState } from '../account/state.ts'
import { invalidInput, noSuchEntity } from './refusals.ts'

const customUser = 'simulated'

/** What a simulation looks at: one principal, its groups, and the policies that reach it. */
export interface Simulation {
  readonly snapshot: Snapshot
  readonly principal: string
  /** The snapshot of a user who holds the boundary's policies as permissions; absent without a boundary. */
  readonly boundary?: Snapshot
}

/** A user, group or role as it stands, with `extra` documents on top. */
export function principalSimulation(
  account: Account,
  arn: string,
  extra: readonly string[],
  boundaries: readonly string[],
  now: Date,
): Simulation {
  const kind = /^arn:aws[a-z-]*:iam::\d{12}:(user|group|role)\//.exec(arn)?.[1]
  if (kind === undefined)
    throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`)
  const name = arn.slice(arn.lastIndexOf('/') + 1).toLowerCase()
  const user = kind === 'user' ? account.users.find(name) : undefined
  const role = kind === 'role' ? account.roles.find(name) : undefined
  const group = kind === 'group' ? account.groups.find(name) : undefined
  const holder = user ?? role ?? group
  if (holder?.arn !== arn) throw noSuchEntity(`The ${kind} ${arn} cannot be found.`)
  const groups = user === undefined ? [] : groupsOf(account, user)
  const own = account.policyByArn(user?.boundary ?? role?.boundary ?? '')
  const boundaryTexts = boundaries.length > 0 ? boundaries : own === undefined ? [] : [defaultText(own)]
  const snapshot: Snapshot = {
    ...emptySnapshot(account, now),
    users: user === undefined ? [] : [userOf(user, extra)],
    roles: role === undefined ? [] : [roleOf(role, extra)],
    groups: group === undefined ? groups.map((each) => principalOf(each, [])) : [principalOf(group, extra)],
    policies: policiesOf(account, [holder, ...groups]),
  }
  return { snapshot, principal: arn, ...boundaryPart(account, boundaryTexts, now) }
}

/** Nobody in particular, holding just these documents. */
export function customSimulation(
  account: Account,
  documents: readonly string[],
  boundaries: readonly string[],
  now: Date,
): Simulation {
  const snapshot = holding(account, documents, now)
  return { snapshot, principal: customArn(account), ...boundaryPart(account, boundaries, now) }
}

/** ARN of the user who stands for a boundary or a custom simulation. */
export function customArn(account: Account): string {
  return account.iamArn('user', '/', customUser)
}

function boundaryPart(account: Account, texts: readonly string[], now: Date): { boundary?: Snapshot } {
  return texts.length === 0 ? {} : { boundary: holding(account, texts, now) }
}

function holding(account: Account, documents: readonly string[], now: Date): Snapshot {
  const user: IamUser = {
    arn: customArn(account),
    name: customUser,
    path: '/',
    id: 'AIDASIMULATEDSIMULATE',
    inline: documents.map((document, index) => ({ name: `PolicyInputList.${index + 1}`, document })),
    attached: [],
    groups: [],
    tags: [],
  }
  return { ...emptySnapshot(account, now), users: [user] }
}

/** Without servers: the simulator knows no tags of resources, they must be supplied as context. */
function emptySnapshot({ state }: Account, now: Date): Snapshot {
  return {
    version: 1,
    takenAt: now.toISOString(),
    account: state.account,
    partition: state.partition,
    region: 'us-east-1',
    users: [],
    groups: [],
    roles: [],
    policies: [],
    servers: [],
    apps: [],
    domains: [],
    profiles: [],
    permissionSets: [],
    unknown: [],
  }
}

function groupsOf(account: Account, user: UserState): GroupState[] {
  return user.groups.flatMap((name) => account.groups.find(name.toLowerCase()) ?? [])
}

function principalOf(holder: PrincipalState, extra: readonly string[]): IamGroup {
  const { arn, name, path, id, attached } = holder
  const added = extra.map((document, index) => ({ name: `PolicyInputList.${index + 1}`, document }))
  return { arn, name, path, id, attached, inline: [...holder.inline, ...added] }
}

function userOf(user: UserState, extra: readonly string[]): IamUser {
  return { ...principalOf(user, extra), groups: user.groups, tags: user.tags }
}

function roleOf(role: RoleState, extra: readonly string[]): IamRole {
  return { ...principalOf(role, extra), tags: role.tags, trust: role.trust }
}

function policiesOf(account: Account, holders: readonly PrincipalState[]): ManagedPolicy[] {
  const arns = new Set(holders.flatMap((holder) => holder.attached))
  return [...arns].flatMap((arn) => {
    const policy = account.policyByArn(arn)
    if (policy === undefined) return []
    const { name, path, id, defaultVersion, versions } = policy
    return [{ arn, name, path, id, defaultVersion, versions }]
  })
}

function defaultText(policy: PolicyState): string {
  return policy.versions.find((version) => version.id === policy.defaultVersion)?.document ?? ''
}
