import { parseArn } from '../policy/arn.ts'
import type { IamRole, Snapshot } from '../snapshot/snapshot.ts'
import { isOwnedRole } from '../target/owned.ts'
import { userOfRole, whyUsersUnknown } from '../target/role-users.ts'
import { isCarriedPolicy, splitProfileOf, splitSourceOf } from '../target/split-marks.ts'
import type { Target } from '../target/target.ts'
import type { DraftOperation } from './draft-operation.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'
import { detachDraft } from './plan-attachments.ts'

/** What becomes of roles that a split made and that the file no longer speaks of. */
export interface LeftSplits {
  /** Detachments of policies from elsewhere from the roles that go: IAM deletes no role that holds any. */
  readonly drafts: readonly DraftOperation[]
  readonly findings: readonly Finding[]
  /** ARNs of roles that stay. */
  readonly kept: ReadonlySet<string>
  /** ARNs of roles that nobody needs: `prune` deletes them. */
  readonly retired: ReadonlySet<string>
  /** ARNs of the carried-over policies that the roles that stay hold. */
  readonly carried: ReadonlySet<string>
}

/**
 * A role that a split made stays, with what was carried over, for as long as a profile may use it: which role the
 * profile should have instead is not in the file any more, and a person's work is not cut off on a guess. With
 * `prune` it goes once its profile is known to act through another role.
 */
export function planLeftSplits(
  target: Target,
  snapshot: Snapshot,
  fileName: string,
  prefix: string,
  prune: boolean,
): LeftSplits {
  const wanted = new Set(target.roles.map((role) => role.arn))
  const kept = new Set<string>()
  const retired = new Set<string>()
  const carried = new Set<string>()
  const drafts: DraftOperation[] = []
  const findings: Finding[] = []
  for (const role of snapshot.roles) {
    const profile = splitProfileOf(role)
    if (profile === undefined || !isOwnedRole(role, fileName) || wanted.has(role.arn)) continue
    const reason = whyKept(role, profile, snapshot)
    if (prune && reason === undefined) {
      retired.add(role.arn)
      for (const arn of role.attached.filter((item) => !item.startsWith(prefix)))
        drafts.push(detachDraft(role.arn, arn, `Role ${role.name} is deleted: no profile uses it any more.`))
      continue
    }
    kept.add(role.arn)
    for (const arn of role.attached) if (arn.startsWith(prefix) && isCarriedPolicy(arn)) carried.add(arn)
    const follower = target.roles.find(({ tags }) => splitProfileOf({ tags }) === profile)
    const [why, way] = follower
      ? [
          `to which the file gives ${follower.name} now`,
          'Once that is applied and it is free, --prune deletes it.',
        ]
      : ['which the file no longer lists', wayBack(role, profile, snapshot)]
    findings.push(
      finding(
        'split-not-listed',
        `Role ${role.name} was made to split ${shortProfile(profile)}, ${why}. ${reason === undefined ? 'No profile uses it: --prune deletes it.' : `It stays: ${reason}. ${way}`}`,
        { principal: role.arn },
      ),
    )
  }
  return { drafts, findings, kept, retired, carried }
}

/** Why a role must stay, in words; undefined where it is known that nothing needs it. */
function whyKept(role: IamRole, profileArn: string, snapshot: Snapshot): string | undefined {
  const user = userOfRole(role, snapshot) ?? whyUsersUnknown(snapshot)
  if (user !== undefined) return user
  if (role.inline.length > 0) return 'somebody has put inline policies on it'
  const [, domainId] = partsOf(profileArn)
  // Not having seen the profile is not the same as there being none.
  return snapshot.domains.some(({ id }) => id === domainId)
    ? undefined
    : `the profiles of ${domainId} were not read`
}

function wayBack(role: IamRole, profileArn: string, snapshot: Snapshot): string {
  const [region, domain, name] = partsOf(profileArn)
  const source = splitSourceOf(role, snapshot)
  return `To give the profile its old role back: aws sagemaker update-user-profile --region ${region} --domain-id ${domain} --user-profile-name ${name} --user-settings ExecutionRole=${source?.arn ?? 'ARN'}; then --prune deletes this one.`
}

function shortProfile(arn: string): string {
  const [, domain, name] = partsOf(arn)
  return `profile ${domain}/${name}`
}

function partsOf(arn: string): readonly [region: string, domain: string, name: string] {
  const { region = '', resource = '' } = parseArn(arn) ?? {}
  const [, domain = '', name = ''] = resource.split('/')
  return [region, domain, name]
}
