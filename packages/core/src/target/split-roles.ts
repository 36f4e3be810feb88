import type { SplitRole } from '../grants/grants-file.ts'
import { hexHash } from '../policy/hash.ts'
import type { IamRole, Snapshot, UserProfile } from '../snapshot/snapshot.ts'
import { findProfile } from './find-profile.ts'
import { isOwnedRole } from './owned.ts'
import { copyOf, keepAsItIs, type ProfileSplit, type Splitting } from './split-copy.ts'
import { splitProfileOf } from './split-marks.ts'
import type { TargetRole } from './target.ts'

/**
 * The name that the role of a split profile gets where the file chooses none: `mlflow-iam-ben-1a2b3c4d`, at most
 * 64 characters, the same each time. `profile` is written as in a grants file: `profile/d-abc123/ben`.
 */
export function splitRoleName(fileName: string, profile: string): string {
  const [domain = '', name = ''] = profile.replace(/^profile\//u, '').split('/')
  const word = name
    .replace(/[^A-Za-z0-9-]/gu, '-')
    .slice(0, 44)
    .replace(/-+$/u, '')
  return `mlflow-iam-${word || 'profile'}-${hexHash(`${fileName} ${domain}/${name}`, 8)}`
}

/**
 * The roles that `split` asks for: as they are where the profile has its own, else as copies of the shared one. The
 * names of the file's service roles are taken.
 */
export function resolveSplits(
  splitting: Splitting,
  serviceRoles: readonly TargetRole[],
): readonly ProfileSplit[] {
  const { file, snapshot, issues } = splitting
  const taken = new Map(serviceRoles.map((role) => [role.name.toLowerCase(), 'a service role of this file']))
  const seen = new Set<string>()
  return file.split.flatMap((wanted) => {
    const path = `split.${wanted.profile}`
    const [, domain = '', name = ''] = wanted.profile.split('/')
    const profile = findProfile({ domain, name, text: wanted.profile }, snapshot, path, issues)?.profile
    if (!profile) return []
    const own = `profile ${profile.domain}/${profile.name}`
    if (seen.has(profile.arn)) {
      issues.add(
        path,
        `${wanted.profile} is split twice.`,
        `Both keys mean ${own}.`,
        'Keep one of them: a profile has one role.',
      )
      return []
    }
    seen.add(profile.arn)
    const split = resolveSplit(wanted, profile, path, splitting)
    const other = split && taken.get(split.role.name.toLowerCase())
    if (split && other !== undefined) {
      issues.add(
        path,
        `The role ${split.role.name} of ${own} is ${other} too.`,
        'A role that two share is not split.',
        'Choose another name: role: NAME.',
      )
    }
    if (split) taken.set(split.role.name.toLowerCase(), `the role of ${own}`)
    return split ? [split] : []
  })
}

function resolveSplit(
  wanted: SplitRole,
  profile: UserProfile,
  path: string,
  splitting: Splitting,
): ProfileSplit | undefined {
  const { file, snapshot, account, issues } = splitting
  const name = wanted.role ?? splitRoleName(file.name, `profile/${profile.domain}/${profile.name}`)
  const found = account.role(name)
  if (found && !isForProfile(found, profile, file.name)) {
    const owner = splitProfileOf(found)
    issues.add(
      path,
      `The role name ${name} is taken by ${found.arn}.`,
      isOwnedRole(found, file.name) && owner
        ? `That role was made for ${owner}.`
        : `It was not made for profile ${profile.domain}/${profile.name} of this file, so it is never changed.`,
      'Choose another name: role: NAME.',
    )
    return undefined
  }
  const current = currentRole(profile, snapshot)
  if (found && current === found.arn) return keepAsItIs(found, profile, splitting)
  const source = current === undefined ? undefined : account.byArn(current)
  if (!source || !('trust' in source) || typeof source.trust !== 'string') {
    issues.add(
      path,
      `${wanted.profile} acts through ${current ?? 'no role'}, which cannot be copied.`,
      current === undefined
        ? `Neither the profile nor domain ${profile.domain} names an execution role.`
        : 'The role was deleted, or lives in another account.',
      'Give the profile a role of this account first.',
    )
    return undefined
  }
  return copyOf(source as IamRole, found, name, profile, path, splitting)
}

/** The role that a profile acts through: its own, or its domain's. */
export function currentRole(profile: UserProfile, snapshot: Snapshot): string | undefined {
  return profile.role ?? snapshot.domains.find((domain) => domain.id === profile.domain)?.defaultRole
}

function isForProfile(role: IamRole, profile: UserProfile, fileName: string): boolean {
  return isOwnedRole(role, fileName) && splitProfileOf(role) === profile.arn
}
