import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { type Splits, splitPeople } from './split-people.ts'

export const peopleSources = ['users', 'groups', 'roles', 'profiles', 'permission-sets', 'domains'] as const
export type PeopleSource = (typeof peopleSources)[number]

/** Someone or something that could be ticked, and the principal that would hold the policy. */
export interface Candidate {
  readonly source: PeopleSource
  /** As the grants file names it: `user/ana`, `profile/d-abc/ben`. */
  readonly ref: string
  readonly name: string
  /** The principal: for a profile its execution role. Absent where that is not known. */
  readonly arn?: string
  /** What the row says about the way: role name, path, "domain default". */
  readonly through: string
  /** How many others act through the same principal. */
  readonly others: number
  /** Why it cannot be ticked. */
  readonly blocked?: string
  /** The role that it acts through until the one of its own exists. */
  readonly splitFrom?: string
}

/** The principal of one row of the access grid, in words. */
export interface PrincipalInfo {
  readonly arn: string
  readonly kind: 'user' | 'group' | 'role' | 'permission-set' | 'unknown'
  readonly name: string
  /** Everyone who acts through it: profiles of a role, members of a group, accounts of a permission set. */
  readonly people: readonly string[]
  /** ARNs of the managed policies that it holds itself. */
  readonly attached: readonly string[]
  /** For a role that applying makes: the role that it is made after. */
  readonly splitFrom?: string
}

/** Everything People offers, and what is known of each principal. Made once for each snapshot. */
export interface PeopleIndex {
  readonly candidates: Readonly<Record<PeopleSource, readonly Candidate[]>>
  readonly byRef: ReadonlyMap<string, Candidate>
  readonly principals: ReadonlyMap<string, PrincipalInfo>
}

const cache = new WeakMap<Snapshot, PeopleIndex>()

/** Finds who could get access in a snapshot; profiles that a file splits stand for roles of their own. */
export function indexPeople(snapshot: Snapshot, splits?: Splits): PeopleIndex {
  const known = cache.get(snapshot)
  const made = known ?? makeIndex(snapshot)
  if (!known) cache.set(snapshot, made)
  return splits && splits.split.length > 0 ? splitPeople(made, snapshot, splits) : made
}

function makeIndex(snapshot: Snapshot): PeopleIndex {
  const profilesOf = new Map<string, string[]>()
  const roleOfProfile = (profile: Snapshot['profiles'][number]) =>
    profile.role ?? snapshot.domains.find((domain) => domain.id === profile.domain)?.defaultRole
  for (const profile of snapshot.profiles) {
    const role = roleOfProfile(profile)
    if (role) profilesOf.set(role, [...(profilesOf.get(role) ?? []), profile.name])
  }
  const membersOf = new Map<string, string[]>()
  for (const user of snapshot.users) {
    for (const group of user.groups) membersOf.set(group, [...(membersOf.get(group) ?? []), user.name])
  }
  const named = (kind: string, path: string, name: string) => `${kind}${path === '' ? '/' : path}${name}`
  const candidates: Record<PeopleSource, readonly Candidate[]> = {
    users: snapshot.users.map((user) => ({
      source: 'users',
      ref: named('user', user.path, user.name),
      name: user.name,
      arn: user.arn,
      through: user.groups.length > 0 ? `also in ${user.groups.join(', ')}` : 'own policies',
      others: 0,
    })),
    groups: snapshot.groups.map((group) => ({
      source: 'groups',
      ref: named('group', group.path, group.name),
      name: group.name,
      arn: group.arn,
      through: (membersOf.get(group.name) ?? []).join(', ') || 'no members',
      others: membersOf.get(group.name)?.length ?? 0,
    })),
    roles: snapshot.roles
      .filter((role) => !role.path.startsWith('/aws-service-role/'))
      .map((role) => ({
        source: 'roles',
        ref: named('role', role.path, role.name),
        name: role.name,
        arn: role.arn,
        through: roleWay(role.trust, profilesOf.get(role.arn) ?? []),
        others: profilesOf.get(role.arn)?.length ?? 0,
        ...(role.name.startsWith('AWSReservedSSO_')
          ? { blocked: 'Identity Center owns this role: tick its permission set instead.' }
          : {}),
      })),
    profiles: snapshot.profiles.map((profile) => {
      const arn = roleOfProfile(profile)
      return {
        source: 'profiles',
        ref: `profile/${profile.domain}/${profile.name}`,
        name: profile.name,
        ...(arn === undefined ? { blocked: 'Its execution role is not known.' } : { arn }),
        through: profile.role
          ? lastPart(profile.role)
          : arn
            ? `${lastPart(arn)}, domain default`
            : 'not known',
        others: Math.max(0, (profilesOf.get(arn ?? '')?.length ?? 1) - 1),
      }
    }),
    'permission-sets': snapshot.permissionSets.map((set) => ({
      source: 'permission-sets',
      ref: `permission-set/${set.name}`,
      name: set.name,
      arn: set.arn,
      through: set.accounts.length === 1 ? '1 account' : `${set.accounts.length} accounts`,
      others: set.accounts.length,
    })),
    domains: snapshot.domains.map(({ id, name, defaultRole }) => ({
      source: 'domains',
      ref: `domain/${id}`,
      name: `${name} ${id}`,
      ...(defaultRole === undefined
        ? { blocked: 'It has no default execution role.' }
        : { arn: defaultRole }),
      through: defaultRole === undefined ? 'not known' : lastPart(defaultRole),
      others: profilesOf.get(defaultRole ?? '')?.length ?? 0,
    })),
  }
  const principals = new Map<string, PrincipalInfo>()
  for (const user of snapshot.users) {
    const { arn, name, attached } = user
    principals.set(arn, { arn, kind: 'user', name, people: [], attached })
  }
  for (const group of snapshot.groups) {
    principals.set(group.arn, {
      arn: group.arn,
      kind: 'group',
      name: group.name,
      people: membersOf.get(group.name) ?? [],
      attached: group.attached,
    })
  }
  for (const role of snapshot.roles) {
    principals.set(role.arn, {
      arn: role.arn,
      kind: 'role',
      name: role.name,
      people: profilesOf.get(role.arn) ?? [],
      attached: role.attached,
    })
  }
  for (const set of snapshot.permissionSets) {
    const { arn, name, accounts, managedPolicies, customerManaged } = set
    const own = customerManaged.map(
      (policy) => `arn:${snapshot.partition}:iam::${snapshot.account}:policy${policy.path}${policy.name}`,
    )
    const attached = [...managedPolicies, ...own]
    principals.set(arn, { arn, kind: 'permission-set', name, people: accounts, attached })
  }
  const byRef = new Map(
    Object.values(candidates).flatMap((list) => list.map((each) => [each.ref, each] as const)),
  )
  return { candidates, byRef, principals }
}

function roleWay(trust: string, profiles: readonly string[]): string {
  if (profiles.length > 0) return `${profiles.length === 1 ? '1 profile' : `${profiles.length} profiles`}`
  if (trust.includes('sagemaker.amazonaws.com')) return 'trusts SageMaker'
  return 'role'
}

/** The last part of an ARN: the bare name. */
export function lastPart(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1)
}

/** The principal that a reference of a grants file means in this snapshot. */
export function principalOf(ref: string, snapshot: Snapshot, splits?: Splits): string | undefined {
  const index = indexPeople(snapshot, splits)
  const exact = index.byRef.get(ref)?.arn
  if (exact) return exact
  if (ref.startsWith('arn:')) return ref
  const [kind, ...rest] = ref.split('/')
  const name = rest.at(-1)
  const source =
    kind === 'user' ? 'users' : kind === 'group' ? 'groups' : kind === 'role' ? 'roles' : undefined
  return source && index.candidates[source].find((each) => each.name === name)?.arn
}

/** What is known about a principal; an ARN that the snapshot does not hold is "unknown", not an error. */
export function infoOf(arn: string, snapshot: Snapshot | undefined, splits?: Splits): PrincipalInfo {
  const known = snapshot && indexPeople(snapshot, splits).principals.get(arn)
  return known ?? { arn, kind: 'unknown', name: lastPart(arn), people: [], attached: [] }
}
