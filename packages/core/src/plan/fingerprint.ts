import { arnName } from '../policy/arn.ts'
import { canonicalJson, hexHash } from '../policy/hash.ts'
import type {
  IamGroup,
  IamRole,
  IamUser,
  ManagedPolicy,
  PermissionSet,
  Snapshot,
  UserProfile,
} from '../snapshot/snapshot.ts'
import { userOfRole } from '../target/role-users.ts'
import { currentRole } from '../target/split-roles.ts'
import type { Operation } from './operation.ts'
import type { Fingerprint, FingerprintEntry, Plan } from './plan.ts'
import { defaultDocument } from './read-document.ts'

type Members = Readonly<Record<string, unknown>>

/** What the operations depend on, as the snapshot has it: an entry for each object that they name. */
export function fingerprintOf(operations: readonly Operation[], snapshot: Snapshot): Fingerprint {
  const arns = new Set<string>()
  const home = `arn:${snapshot.partition}:iam::${snapshot.account}`
  const roles = new Map(snapshot.roles.map((role) => [role.name, role.arn]))
  for (const { action, input, principal } of operations) {
    const members: Members = { ...input }
    if (principal) arns.add(principal)
    // What AWS manages changes in ways that nobody here decides, and is not read again for each apply.
    if (typeof members.PolicyArn === 'string' && !members.PolicyArn.includes(':iam::aws:'))
      arns.add(members.PolicyArn)
    if (action === 'CreatePolicy') arns.add(`${home}:policy${members.Path ?? '/'}${members.PolicyName}`)
    if (typeof members.RoleName === 'string')
      arns.add(roles.get(members.RoleName) ?? `${home}:role${members.Path ?? '/'}${members.RoleName}`)
    if (typeof members.PermissionSetArn === 'string') arns.add(members.PermissionSetArn)
    if (action === 'UpdateUserProfile') {
      const profile = profileNamed(snapshot, input.DomainId, input.UserProfileName)
      // The role that it shares was copied, and must still be as it was then.
      const shared = profile && currentRole(profile, snapshot)
      arns.add(profile?.arn ?? profileArn(snapshot, input.DomainId, input.UserProfileName))
      if (shared) arns.add(shared)
    }
  }
  return entriesOf([...arns].sort(), snapshot)
}

/** Names each change since the plan to what its operations depend on; empty means fresh. */
export function findStaleness(plan: Plan, snapshot: Snapshot): readonly string[] {
  const { fingerprint } = plan.snapshot
  const now = entriesOf(Object.keys(fingerprint), snapshot)
  return [
    ...Object.entries(fingerprint).flatMap(([arn, then]) =>
      describeChanges(arn, then, now[arn] ?? { exists: 'no' }),
    ),
    ...rolesTaken(plan, snapshot),
  ]
}

/** Roles that the plan deletes, and that something has come to use: their own entries do not show that. */
function rolesTaken({ operations }: Plan, snapshot: Snapshot): readonly string[] {
  const moved = new Set(
    operations.flatMap(({ action, input }) =>
      action === 'UpdateUserProfile' ? `${input.DomainId}/${input.UserProfileName}` : [],
    ),
  )
  return operations.flatMap(({ action, input }) => {
    if (action !== 'DeleteRole') return []
    const role = snapshot.roles.find(({ name }) => name === input.RoleName)
    const user = role && userOfRole(role, snapshot, ({ domain, name }) => moved.has(`${domain}/${name}`))
    return user === undefined ? [] : [`role ${input.RoleName}: ${user} by now.`]
  })
}

function entriesOf(arns: readonly string[], snapshot: Snapshot): Fingerprint {
  const wanted = new Set(arns)
  const entries = new Map<string, FingerprintEntry>()
  const holders = new Map<string, string[]>()
  for (const principal of [...snapshot.users, ...snapshot.groups, ...snapshot.roles]) {
    if (wanted.has(principal.arn)) entries.set(principal.arn, principalEntry(principal))
    for (const policy of principal.attached) {
      if (!wanted.has(policy)) continue
      const list = holders.get(policy)
      if (list) list.push(principal.arn)
      else holders.set(policy, [principal.arn])
    }
  }
  for (const policy of snapshot.policies) {
    if (wanted.has(policy.arn)) entries.set(policy.arn, policyEntry(policy, holders.get(policy.arn) ?? []))
  }
  for (const set of snapshot.permissionSets)
    if (wanted.has(set.arn)) entries.set(set.arn, permissionSetEntry(set))
  for (const profile of snapshot.profiles) {
    if (wanted.has(profile.arn)) entries.set(profile.arn, profileEntry(profile, snapshot))
  }
  const missing = arns.filter((arn) => !entries.has(arn))
  for (const [arn, name] of takenNames(missing, snapshot)) entries.set(arn, { exists: 'no', name })
  return Object.fromEntries(arns.map((arn) => [arn, entries.get(arn) ?? { exists: 'no' }]))
}

/** What is not there though its name is taken: IAM names are unique in an account whatever their path and case. */
function takenNames(missing: readonly string[], { policies, roles }: Snapshot): ReadonlyMap<string, string> {
  const wanted = new Map(missing.map((arn) => [nameKey(arn), arn]))
  const taken = new Map<string, string>()
  for (const { arn } of missing.length > 0 ? [...policies, ...roles] : []) {
    const meant = wanted.get(nameKey(arn))
    if (meant !== undefined) taken.set(meant, arn)
  }
  return taken
}

/** Account, kind and name; AWS's own policies are of the account `aws`. */
function nameKey(arn: string): string {
  return `${arn.split(':')[4]} ${kindOf(arn)} ${arnName(arn).toLowerCase()}`
}

function principalEntry(principal: IamUser | IamGroup | IamRole): FingerprintEntry {
  return {
    exists: principal.id || 'yes',
    attachments: [...principal.attached].sort().join(' '),
    inline: principal.inline
      .map((policy) => `${policy.name}:${digest(policy.document)}`)
      .sort()
      .join(' '),
    ...('boundary' in principal && principal.boundary ? { boundary: principal.boundary } : {}),
    ...('groups' in principal ? { groups: [...principal.groups].sort().join(' ') } : {}),
    ...('trust' in principal ? { trust: digest(principal.trust) } : {}),
  }
}

function policyEntry(policy: ManagedPolicy, holders: readonly string[]): FingerprintEntry {
  return {
    exists: policy.id || 'yes',
    document: digest(defaultDocument(policy)),
    versions: policy.versions
      .map((version) => (version.id === policy.defaultVersion ? `${version.id}*` : version.id))
      .sort()
      .join(' '),
    attachments: [...holders].sort().join(' '),
  }
}

function profileNamed(snapshot: Snapshot, domain: string, name: string): UserProfile | undefined {
  return snapshot.profiles.find((profile) => profile.domain === domain && profile.name === name)
}

function profileArn({ partition, account, region }: Snapshot, domain: string, name: string): string {
  return `arn:${partition}:sagemaker:${region}:${account}:user-profile/${domain}/${name}`
}

function profileEntry(profile: UserProfile, snapshot: Snapshot): FingerprintEntry {
  const role = currentRole(profile, snapshot) ?? 'none'
  return { exists: 'yes', role: profile.role === undefined ? `${role} (of its domain)` : role }
}

function permissionSetEntry(set: PermissionSet): FingerprintEntry {
  return {
    exists: 'yes',
    attachments: [
      ...set.managedPolicies,
      ...set.customerManaged.map((policy) => `${policy.path}${policy.name}`),
    ]
      .sort()
      .join(' '),
    inline: set.inlinePolicy ? digest(set.inlinePolicy) : '',
    accounts: [...set.accounts].sort().join(' '),
  }
}

/** 16 hex digits over what a document says, whatever its white space. */
function digest(text: string): string {
  try {
    return hexHash(canonicalJson(JSON.parse(text)), 16)
  } catch {
    return hexHash(text, 16)
  }
}

function describeChanges(arn: string, then: FingerprintEntry, now: FingerprintEntry): readonly string[] {
  const name = `${kindOf(arn)} ${arnName(arn)}`
  if (then.exists !== now.exists) {
    if (now.exists === 'no') return [`${name} was deleted.`]
    return [
      then.exists === 'no' ? `${name} was created meanwhile.` : `${name} was deleted and created again.`,
    ]
  }
  const aspects = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter(
    (aspect) => then[aspect] !== now[aspect],
  )
  return aspects.map((aspect) =>
    aspect === 'name'
      ? `${name}: the name is ${now.name === undefined ? 'free again' : `taken by ${now.name}`}.`
      : `${name}: ${aspect} changed${listChange(aspect, then[aspect] ?? '', now[aspect] ?? '')}.`,
  )
}

/** ` (+ v4, - v1)` for aspects that are lists; digests say nothing to people. */
function listChange(aspect: string, then: string, now: string): string {
  if (aspect === 'document' || aspect === 'trust') return ''
  if (aspect === 'role') return ` from ${then || 'none'} to ${now || 'none'}`
  const short = (item: string): string => (aspect === 'inline' ? (item.split(':')[0] ?? item) : item)
  const old = then.split(' ').filter(Boolean)
  const young = now.split(' ').filter(Boolean)
  const parts = [
    ...young.filter((item) => !old.includes(item)).map((item) => `+ ${short(item)}`),
    ...old.filter((item) => !young.includes(item)).map((item) => `- ${short(item)}`),
  ]
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

function kindOf(arn: string): string {
  if (arn.includes(':permissionSet/')) return 'permission set'
  if (arn.includes(':user-profile/')) return 'profile'
  return arn.split(':')[5]?.split('/')[0] ?? 'object'
}
