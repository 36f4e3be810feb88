import { closestName } from '../catalog/suggest-name.ts'
import type { Grant, PrincipalRef } from '../grants/grants-file.ts'
import { arnName } from '../policy/arn.ts'
import type { PermissionSet, Snapshot } from '../snapshot/snapshot.ts'
import type { AccountIndex } from './account-index.ts'
import { findProfile } from './find-profile.ts'
import type { InputIssues } from './input-issues.ts'
import type { ProfileSplit } from './split-copy.ts'
import type { TargetPrincipal, TargetRole } from './target.ts'

/** Who a `to` line means: the principal that holds policies, and the people behind it. */
export type ResolvePrincipal = (ref: PrincipalRef, path: string) => TargetPrincipal | undefined

/** Prepares the resolution of a file's `to` lines; complaints about unknown ones go to `issues`. */
export function principalResolver(
  snapshot: Snapshot,
  account: AccountIndex,
  roles: readonly TargetRole[],
  splits: readonly ProfileSplit[],
  issues: InputIssues,
): ResolvePrincipal {
  const people = peopleByRole(afterSplits(snapshot, splits))
  const resolved = new Map<string, TargetPrincipal | undefined>()

  const iamPrincipal = (kind: 'user' | 'group' | 'role', arn: string): TargetPrincipal => ({
    arn,
    kind,
    name: arnName(arn),
    people: kind === 'role' ? (people.get(arn) ?? []) : [],
  })

  const resolve: ResolvePrincipal = (ref, path) => {
    if (ref.kind === 'profile' || ref.kind === 'domain') return executionRole(ref, path)
    if (ref.kind === 'permission-set') return permissionSet(ref.name, path)
    const ours =
      ref.kind === 'role'
        ? roles.find((role) => role.name.toLowerCase() === ref.name.toLowerCase())
        : undefined
    const found = account[ref.kind](ref.name)
    const arn = found?.arn ?? ours?.arn
    if (arn === undefined) return unknown(ref, ref.kind, ref.name, path)
    if (
      found &&
      ((ref.path !== undefined && found.path !== ref.path) ||
        (ref.arn !== undefined && found.arn !== ref.arn))
    ) {
      issues.add(
        path,
        `${ref.text} is not the ${ref.kind} ${found.name} of this account.`,
        `Its ARN is ${found.arn}.`,
        `Say ${ref.kind}/${found.name} or the ARN.`,
      )
      return undefined
    }
    if (found && ref.kind === 'role' && found.name.startsWith('AWSReservedSSO_')) {
      const set = found.name.replace(/^AWSReservedSSO_/u, '').replace(/_[0-9a-f]{16}$/u, '')
      issues.add(
        path,
        `${ref.text} belongs to Identity Center and cannot be changed here.`,
        'AWS protects AWSReservedSSO_ roles; they follow their permission set.',
        `Grant to permission-set/${set}.`,
      )
      return undefined
    }
    if (found && ref.kind === 'role' && found.path.startsWith('/aws-service-role/')) {
      issues.add(
        path,
        `${ref.text} is a service-linked role.`,
        'AWS lets nobody attach policies to service-linked roles.',
        'Grant to a role of your own.',
      )
      return undefined
    }
    return iamPrincipal(ref.kind, arn)
  }

  const executionRole = (
    ref: PrincipalRef & { kind: 'profile' | 'domain' },
    path: string,
  ): TargetPrincipal | undefined => {
    const found = findProfile(ref, snapshot, path, issues)
    if (!found) return undefined
    const { domain, profile } = found
    const own = profile && splits.find((split) => split.profile.arn === profile.arn)
    if (own) return iamPrincipal('role', own.role.arn)
    const role = profile?.role ?? domain.defaultRole
    if (role === undefined) {
      issues.add(
        path,
        `${ref.text} has no execution role.`,
        `Neither the profile nor domain ${domain.id} names one.`,
        'Set an execution role in SageMaker, or grant to a role.',
      )
      return undefined
    }
    if (!account.byArn(role)) {
      issues.add(
        path,
        `${ref.text} acts through ${role}, which is not in this account.`,
        'The role was deleted, or lives in another account.',
        'Give the profile a role of this account first.',
      )
      return undefined
    }
    return iamPrincipal('role', role)
  }

  const permissionSet = (name: string, path: string): TargetPrincipal | undefined => {
    const set = snapshot.permissionSets.find((candidate) => candidate.name === name)
    if (!set) {
      const unread = snapshot.unknown.find((part) => part.part === 'permission-sets')
      const names = snapshot.permissionSets.map((candidate) => candidate.name)
      const near = closestName(name, names)
      issues.add(
        path,
        `There is no permission set ${name}.`,
        unread
          ? `Identity Center could not be read: ${unread.why}`
          : snapshot.assumed
            ? 'Offline nothing is known of Identity Center, and the ARN of a permission set is made by AWS.'
            : 'Identity Center has none of exactly this name.',
        near
          ? `Did you mean permission-set/${near}?`
          : snapshot.assumed
            ? 'Plan without --offline, or from a snapshot of the account.'
            : 'Plan from the management or delegated account, or correct the name.',
      )
      return undefined
    }
    const actsAs = reservedRole(set, snapshot)
    return {
      arn: set.arn,
      kind: 'permission-set',
      name,
      ...(actsAs ? { actsAs } : {}),
      people: [...set.accounts].sort(),
    }
  }

  const unknown = (ref: PrincipalRef, kind: string, name: string, path: string): undefined => {
    const list = kind === 'user' ? snapshot.users : kind === 'group' ? snapshot.groups : snapshot.roles
    const near = closestName(
      name,
      list.map((item) => item.name),
    )
    issues.add(
      path,
      `There is no ${kind} ${name} in account ${snapshot.account}.`,
      `${ref.text} must exist before it can hold a policy; this tool creates only the two service roles.`,
      near ? `Did you mean ${near}?` : `Create the ${kind} first, or correct the name.`,
    )
    return undefined
  }

  return (ref, path) => {
    if (resolved.has(ref.text)) {
      const known = resolved.get(ref.text)
      if (known) return known
    }
    const principal = resolve(ref, path)
    resolved.set(ref.text, principal)
    return principal
  }
}

/** Profiles behind each execution role, `d-abc/ana`, inherited default roles included. */
export function peopleByRole(snapshot: Snapshot): ReadonlyMap<string, readonly string[]> {
  const defaults = new Map(snapshot.domains.map((domain) => [domain.id, domain.defaultRole]))
  const people = new Map<string, string[]>()
  for (const profile of snapshot.profiles) {
    const role = profile.role ?? defaults.get(profile.domain)
    if (role === undefined) continue
    const list = people.get(role) ?? []
    list.push(`${profile.domain}/${profile.name}`)
    people.set(role, list)
  }
  for (const list of people.values()) list.sort()
  return people
}

/** The account once each split profile acts through its own role. */
function afterSplits(snapshot: Snapshot, splits: readonly ProfileSplit[]): Snapshot {
  const roles = new Map(splits.map((split) => [split.profile.arn, split.role.arn]))
  const profiles = snapshot.profiles.map((profile) => {
    const role = roles.get(profile.arn)
    return role === undefined ? profile : { ...profile, role }
  })
  return { ...snapshot, profiles }
}

/** The role that Identity Center made for a permission set in this account. */
function reservedRole(set: PermissionSet, snapshot: Snapshot): string | undefined {
  const pattern = new RegExp(
    `^AWSReservedSSO_${set.name.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}_[0-9a-f]{16}$`,
    'u',
  )
  return snapshot.roles.find((role) => pattern.test(role.name))?.arn
}

/** The one grant of the file that a path belongs to, for messages. */
export function grantPath(grant: Grant, member: string): string {
  return `grants.${grant.index}.${member}`
}
