import { iamArn, parseArn } from '../policy/arn.ts'
import type { IamGroup, IamRole, IamUser, PermissionSet, Snapshot, Tag } from '../snapshot/snapshot.ts'
import { type CompiledPolicy, compilePolicy } from './compile-policy.ts'
import { inlineLabel } from './owned.ts'
import { permissionSetOf } from './permission-set-of.ts'
import { shareInline } from './share-inline.ts'

/** A snapshot made ready for questions: each document read once, each principal with all that reaches it. */
export interface Account {
  readonly snapshot: Snapshot
  /** Finds a user, group, role or permission set by ARN; a role also by the ARN of one of its sessions. */
  find(arn: string): Holder | undefined
  /** Every user, group and role, in the snapshot's order. */
  readonly holders: readonly string[]
  /** The compiled default version of a managed policy; undefined where it was not read. */
  managed(arn: string): CompiledPolicy | undefined
  /** Tags of a server or App; undefined where they are not known. */
  tagsOf(resource: string): readonly Tag[] | undefined
}

/** Who asks: a principal with the policies that reach it. */
export interface Holder {
  readonly arn: string
  readonly kind: 'user' | 'group' | 'role' | 'permission-set'
  readonly name: string
  readonly id: string
  readonly tags: readonly Tag[]
  /** Names of the groups that a user is in. */
  readonly groups: readonly string[]
  /** A role whose sessions may carry tags of their own: its trust policy allows sts:TagSession. */
  readonly sessionsMayBeTagged: boolean
  /** In order: its inline policies, what is attached to it, then its groups'. */
  readonly policies: readonly HeldPolicy[]
  /** The permissions boundary; `policy` is undefined where its document was not read. */
  readonly boundary?: { readonly arn: string; readonly policy: CompiledPolicy | undefined }
  /** Managed policies that are attached but whose documents were not read: what they say is not known. */
  readonly unread: readonly string[]
}

export interface HeldPolicy {
  /** Managed policy ARN, or `inline:<name>@<holder's ARN>`. */
  readonly label: string
  readonly policy: CompiledPolicy
}

const accounts = new WeakMap<Snapshot, Account>()

/** The account of a snapshot. Snapshots never change, so the same one is made ready only once. */
export function accountOf(snapshot: Snapshot): Account {
  let account = accounts.get(snapshot)
  if (!account) {
    account = openAccount(snapshot)
    accounts.set(snapshot, account)
  }
  return account
}

function openAccount(snapshot: Snapshot): Account {
  const compiled = new Map<string, CompiledPolicy>()
  const compile = (text: string) => {
    let policy = compiled.get(text)
    if (!policy) {
      policy = compilePolicy(text)
      compiled.set(text, policy)
    }
    return policy
  }
  const texts = new Map<string, string>()
  for (const policy of snapshot.policies) {
    const version = policy.versions.find((one) => one.id === policy.defaultVersion)
    if (version) texts.set(policy.arn, version.document)
  }
  const managed = (arn: string) => {
    const text = texts.get(arn)
    return text === undefined ? undefined : compile(text)
  }
  const sources = new Map<string, () => Holder>()
  const groups = new Map(snapshot.groups.map((group) => [group.name.toLowerCase(), group]))
  const reading: Reading = { snapshot, compile, managed, groups }
  for (const user of snapshot.users) sources.set(user.arn, () => userHolder(user, reading))
  for (const group of snapshot.groups) sources.set(group.arn, () => groupHolder(group, reading))
  for (const role of snapshot.roles) sources.set(role.arn, () => roleHolder(role, reading))
  const holders = [...sources.keys()]
  for (const set of snapshot.permissionSets) sources.set(set.arn, () => permissionSetHolder(set, reading))

  const roleNames = new Map(snapshot.roles.map((role) => [role.name.toLowerCase(), role.arn]))
  const unread = new Set(snapshot.unknown.map((one) => one.part))
  const tags = new Map([
    ...(unread.has('server-tags') ? tagged(snapshot.servers) : snapshot.servers).map(tagsByArn),
    ...(unread.has('app-tags') ? tagged(snapshot.apps) : snapshot.apps).map(tagsByArn),
  ])
  const opened = new Map<string, Holder | undefined>()
  return {
    snapshot,
    holders,
    managed,
    tagsOf: (resource) => tags.get(resource),
    find(arn) {
      if (!opened.has(arn)) {
        const source = sources.get(arn) ?? sources.get(roleNames.get(sessionRole(arn)) ?? '')
        opened.set(arn, source?.())
      }
      return opened.get(arn)
    },
  }
}

interface Tagged {
  readonly arn: string
  readonly tags: readonly Tag[]
}

/** Where some tags could not be read, "none" may mean that. */
function tagged<T extends Tagged>(servers: readonly T[]): readonly T[] {
  return servers.filter((server) => server.tags.length > 0)
}

function tagsByArn({ arn, tags }: Tagged): readonly [string, readonly Tag[]] {
  return [arn, tags]
}

/** Lower-case role name of `arn:aws:sts::1:assumed-role/NAME/SESSION`. */
function sessionRole(arn: string): string {
  const parsed = parseArn(arn)
  const [kind, name] = parsed?.service === 'sts' ? parsed.resource.split('/') : []
  return kind === 'assumed-role' && name ? name.toLowerCase() : ''
}

interface Reading {
  readonly snapshot: Snapshot
  readonly groups: ReadonlyMap<string, IamGroup>
  compile(text: string): CompiledPolicy
  managed(arn: string): CompiledPolicy | undefined
}

function userHolder(user: IamUser, reading: Reading): Holder {
  const groups = user.groups.flatMap((name) => reading.groups.get(name.toLowerCase()) ?? [])
  const boundary = boundaryOf(user.boundary, reading)
  const policies = [user, ...groups].flatMap((source) => heldBy(source, reading))
  const unread = [user, ...groups].flatMap((source) => source.attached.filter((arn) => !reading.managed(arn)))
  return { ...identity(user, 'user', user.tags), groups: user.groups, policies, unread, ...boundary }
}

function groupHolder(group: IamGroup, reading: Reading): Holder {
  const unread = group.attached.filter((arn) => !reading.managed(arn))
  return { ...identity(group, 'group', []), policies: heldBy(group, reading), unread }
}

function roleHolder(role: IamRole, reading: Reading): Holder {
  const unread = role.attached.filter((arn) => !reading.managed(arn))
  const boundary = boundaryOf(role.boundary, reading)
  const sessionsMayBeTagged = /TagSession|sts:\*|"\*"/i.test(role.trust)
  return {
    ...identity(role, 'role', role.tags),
    sessionsMayBeTagged,
    policies: heldBy(role, reading, permissionSetOf(role.name) !== undefined),
    unread,
    ...boundary,
  }
}

/** What a permission set gives in this account, read from the set itself. */
function permissionSetHolder(set: PermissionSet, reading: Reading): Holder {
  const { partition, account } = reading.snapshot
  const customer = set.customerManaged.map((one) =>
    iamArn({ partition, account }, 'policy', one.path, one.name),
  )
  const inline = set.inlinePolicy ? [{ name: 'permission-set', document: set.inlinePolicy }] : []
  const source = {
    arn: set.arn,
    name: set.name,
    id: '',
    inline,
    attached: [...set.managedPolicies, ...customer],
  }
  // A customer-managed policy that the account has not is no policy that was not read: all of the account's own are read.
  const unread = set.managedPolicies.filter((arn) => !reading.managed(arn))
  return {
    ...identity(source, 'permission-set', []),
    sessionsMayBeTagged: true,
    policies: heldBy(source, reading, true),
    unread,
  }
}

type Source = Pick<IamGroup, 'arn' | 'name' | 'id' | 'inline' | 'attached'>

function identity(source: Source, kind: Holder['kind'], tags: readonly Tag[]) {
  return { arn: source.arn, kind, name: source.name, id: source.id, tags, ...plain } as const
}

const plain = { groups: [] as readonly string[], sessionsMayBeTagged: false }

/** `isOfSet`: the inline policy of a permission set, which holds statements of ours beside those of others. */
function heldBy(source: Source, reading: Reading, isOfSet = false): readonly HeldPolicy[] {
  const inline = source.inline.flatMap(({ name, document }) => {
    const whole = reading.compile(document)
    if (!isOfSet) return [{ label: inlineLabel(name, source.arn), policy: whole }]
    return shareInline(whole).map(({ mark, policy }) => ({
      label: inlineLabel(name, source.arn, mark),
      policy,
    }))
  })
  const attached = source.attached.flatMap((arn) => {
    const policy = reading.managed(arn)
    return policy ? [{ label: arn, policy }] : []
  })
  return [...inline, ...attached]
}

function boundaryOf(arn: string | undefined, reading: Reading): Pick<Holder, 'boundary'> {
  return arn === undefined ? {} : { boundary: { arn, policy: reading.managed(arn) } }
}
