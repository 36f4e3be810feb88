import type { GrantsFile, SplitRole } from '../grants/grants-file.ts'
import { defaultDocument, readDocument } from '../plan/read-document.ts'
import { type Home, iamArn } from '../policy/arn.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { hexHash } from '../policy/hash.ts'
import type { IamRole, ManagedPolicy, Snapshot, Tag, UserProfile } from '../snapshot/snapshot.ts'
import type { AccountIndex } from './account-index.ts'
import { findProfile } from './find-profile.ts'
import type { InputIssues } from './input-issues.ts'
import { isOwnedRole, ownedPath, ownedPrefix, ownerTags } from './owned.ts'
import { checkCopy } from './split-checks.ts'
import {
  carriedPoliciesOf,
  carriedPolicyName,
  splitProfileOf,
  splitSourceOf,
  splitTags,
} from './split-marks.ts'
import type { TargetPolicy, TargetRole } from './target.ts'

/** A profile with a role of its own, and what that role has beside the file's grants. */
export interface ProfileSplit {
  readonly profile: UserProfile
  readonly role: TargetRole
  /** ARNs of managed policies from elsewhere that it holds as the shared role does. */
  readonly copied: readonly string[]
  /** Owned policies with the documents of the shared role's inline policies. */
  readonly carried: readonly TargetPolicy[]
}

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

interface Splitting {
  readonly file: GrantsFile
  readonly home: Home
  readonly snapshot: Snapshot
  readonly account: AccountIndex
  /** The file's service roles: their names are taken. */
  readonly serviceRoles: readonly TargetRole[]
  /** ARNs of hand-made policies that the grants replace: they are not copied. */
  readonly adopted: ReadonlySet<string>
  readonly issues: InputIssues
}

/** The roles that `split` asks for: as they are where the profile has its own, else as copies of the shared one. */
export function resolveSplits(splitting: Splitting): readonly ProfileSplit[] {
  const { file, snapshot, serviceRoles, issues } = splitting
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

/** The profile acts through its own role: whatever it holds from elsewhere is its own by now. */
function keepAsItIs(found: IamRole, profile: UserProfile, splitting: Splitting): ProfileSplit | undefined {
  const { file, snapshot, account, adopted } = splitting
  const prefix = ownedPrefix(splitting.home, file.name)
  const source = splitSourceOf(found, snapshot)
  return {
    profile,
    role: {
      ...base(found.name, found.path, found.arn, profile, source),
      trust: readTrust(found.trust),
      description: found.description ?? description(profile, source),
      tags: found.tags,
      ...(found.boundary ? { boundary: found.boundary } : {}),
      ...(found.maxSessionDuration ? { maxSessionDuration: found.maxSessionDuration } : {}),
    },
    copied: found.attached.filter((arn) => !arn.startsWith(prefix) && !adopted.has(arn)),
    carried: carriedPoliciesOf(found, prefix, account.policyByArn).map((policy) =>
      asStored(policy, file.name),
    ),
  }
}

function copyOf(
  source: IamRole,
  found: IamRole | undefined,
  name: string,
  profile: UserProfile,
  path: string,
  splitting: Splitting,
): ProfileSplit {
  const { file, home, account, adopted } = splitting
  const prefix = ownedPrefix(home, file.name)
  const rolePath = found?.path ?? source.path
  const roleName = found?.name ?? name
  const foreign = [...source.attached, ...(found?.attached ?? [])].filter((arn) => !arn.startsWith(prefix))
  const carried = new Map<string, TargetPolicy>()
  for (const policy of [source, ...(found ? [found] : [])].flatMap((role) =>
    carriedPoliciesOf(role, prefix, account.policyByArn),
  ))
    carried.set(policy.arn, asStored(policy, file.name))
  for (const inline of source.inline) {
    const document = readDocument(inline.document)
    if (document === undefined) continue // told by checkCopy
    const policy = carriedPolicy(file.name, home, source, roleName, inline.name, document)
    carried.set(policy.arn, policy)
  }
  const split: ProfileSplit = {
    profile,
    role: {
      ...base(roleName, rolePath, found?.arn ?? iamArn(home, 'role', rolePath, roleName), profile, source),
      trust: readTrust(source.trust),
      description: found?.description ?? description(profile, source),
      tags: [...ownerTags(file.name), ...splitTags(profile, source), ...ownTagsOf(source)],
      ...(source.boundary ? { boundary: source.boundary } : {}),
      ...(source.maxSessionDuration ? { maxSessionDuration: source.maxSessionDuration } : {}),
    },
    copied: [...new Set(foreign)].filter((arn) => !adopted.has(arn)),
    carried: [...carried.values()],
  }
  checkCopy({ split, source, found, path, quotas: splitting.snapshot.quotas, issues: splitting.issues })
  return split
}

function base(
  name: string,
  path: string,
  arn: string,
  profile: UserProfile,
  source: IamRole | undefined,
): Pick<TargetRole, 'arn' | 'name' | 'path' | 'purpose' | 'existing' | 'split'> {
  const { domain, name: profileName, region } = profile
  return {
    ...{ arn, name, path, purpose: 'split', existing: false },
    split: { domain, profile: profileName, region, ...(source ? { from: source.arn } : {}) },
  }
}

function description({ domain, name }: UserProfile, source: IamRole | undefined): string {
  const from = source ? `, split from role ${source.name}` : ''
  return `Execution role of SageMaker profile ${domain}/${name}${from}`
}

/** Conditions elsewhere may ask for a role's tags; those of AWS and of this tool are not handed on. */
function ownTagsOf(source: IamRole): readonly Tag[] {
  return source.tags.filter(({ Key }) => !/^(?:aws:|mlflow-iam:|managed-by$)/iu.test(Key))
}

function carriedPolicy(
  fileName: string,
  home: Home,
  source: IamRole,
  role: string,
  inline: string,
  document: PolicyDocument,
): TargetPolicy {
  const path = ownedPath(fileName)
  const name = carriedPolicyName(fileName, role, inline)
  return {
    ...{ arn: iamArn(home, 'policy', path, name), name, path, document },
    description: `Inline policy ${inline} of role ${source.name}, carried over by grants file ${fileName}`,
    tags: ownerTags(fileName, 'carried'),
    purpose: carriedPurpose,
  }
}

const carriedPurpose = 'what an inline policy of the shared role allows'

/** Carried over once, such a policy is kept with whatever document it has. */
export function asStored(policy: ManagedPolicy, fileName: string): TargetPolicy {
  const { arn, name, path } = policy
  return {
    ...{ arn, name, path },
    document: readDocument(defaultDocument(policy)) ?? { Statement: [] },
    description: policy.description ?? `Carried over by grants file ${fileName}`,
    tags: policy.tags ?? ownerTags(fileName, 'carried'),
    purpose: carriedPurpose,
  }
}

/** IAM stores valid JSON only; what is none comes back as a document that trusts nobody, and is told by checkCopy. */
function readTrust(trust: string): PolicyDocument {
  return readDocument(trust) ?? { Version: '2012-10-17', Statement: [] }
}
