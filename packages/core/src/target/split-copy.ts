import { inlineLabel } from '../evaluate/owned.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import { defaultDocument, readDocument } from '../plan/read-document.ts'
import { type Home, iamArn } from '../policy/arn.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { IamRole, ManagedPolicy, Snapshot, Tag, UserProfile } from '../snapshot/snapshot.ts'
import type { AccountIndex } from './account-index.ts'
import type { InputIssues } from './input-issues.ts'
import { ownedPath, ownedPrefix, ownerTags } from './owned.ts'
import { checkCopy } from './split-checks.ts'
import { carriedPoliciesOf, carriedPolicyName, splitSourceOf, splitTags } from './split-marks.ts'
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

export interface Splitting {
  readonly file: GrantsFile
  readonly home: Home
  readonly snapshot: Snapshot
  readonly account: AccountIndex
  /** Hand-made policies that the grants replace, by ARN or inline label: they are not copied. */
  readonly adopted: ReadonlySet<string>
  readonly issues: InputIssues
}

/** The profile acts through its own role: whatever it holds from elsewhere is its own by now. */
export function keepAsItIs(
  found: IamRole,
  profile: UserProfile,
  splitting: Splitting,
): ProfileSplit | undefined {
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

/** A role of its own as a copy of the shared one, completing what an earlier try has left. */
export function copyOf(
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
  const staying = source.inline.filter(({ name }) => !adopted.has(inlineLabel(name, source.arn)))
  for (const inline of staying) {
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
  checkCopy({
    split,
    source,
    inlines: staying,
    found,
    path,
    quotas: splitting.snapshot.quotas,
    issues: splitting.issues,
  })
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
function asStored(policy: ManagedPolicy, fileName: string): TargetPolicy {
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
