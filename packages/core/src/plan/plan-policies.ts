import { documentText, type PolicyDocument } from '../policy/document.ts'
import { versionLimit } from '../policy/measure.ts'
import { Problem } from '../problem.ts'
import type { ManagedPolicy } from '../snapshot/snapshot.ts'
import type { AccountIndex } from '../target/account-index.ts'
import type { TargetPolicy } from '../target/target.ts'
import { allowancesOf, lostAllowances } from './covers.ts'
import type { DraftOperation } from './draft-operation.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'
import { defaultDocument, readDocument, saysTheSame } from './read-document.ts'

export interface PolicyChanges {
  readonly drafts: readonly DraftOperation[]
  readonly findings: readonly Finding[]
  /** ARNs of policies whose new document allows less than the old one, or cannot be compared with it. */
  readonly narrowed: ReadonlySet<string>
}

/** Creates missing policies, and gives our own a new version where their document differs. */
export function planPolicies(
  policies: readonly TargetPolicy[],
  account: AccountIndex,
  now: Date,
): PolicyChanges {
  const drafts: DraftOperation[] = []
  const findings: Finding[] = []
  const narrowed = new Set<string>()
  for (const policy of policies) {
    const found = account.policyByArn(policy.arn)
    if (!found) {
      refuseTakenName(policy, account)
      drafts.push(createPolicy(policy))
      continue
    }
    if (saysTheSame(defaultDocument(found), policy.document)) continue
    const narrows = isNarrower(readDocument(defaultDocument(found)), policy.document, now)
    if (narrows) narrowed.add(policy.arn)
    const same = found.versions.find((version) => saysTheSame(version.document, policy.document))
    if (same) {
      drafts.push(setDefault(policy, found, same.id, narrows))
      continue
    }
    if (found.versions.length >= versionLimit) {
      const oldest = oldestVersion(found)
      if (oldest) {
        findings.push(
          finding(
            'oldest-version-goes',
            `${policy.name} keeps ${versionLimit} versions, as many as IAM allows: its oldest, ${oldest.id}, is deleted.`,
          ),
        )
        drafts.push(makeRoom(policy, oldest))
      }
    }
    drafts.push(newVersion(policy, found, narrows))
  }
  return { drafts, findings, narrowed }
}

/** IAM names are unique in an account whatever their path and case. */
function refuseTakenName(policy: TargetPolicy, account: AccountIndex): void {
  const other = account.policy(policy.name)
  if (!other) return
  throw new Problem('NAME_TAKEN', `The policy name ${policy.name} is taken by ${other.arn}.`, {
    why: `That policy is not under ${policy.path}, so it is not ours and is never changed.`,
    fix: ['Choose another policy-name, or another name for the grants file.'],
    exit: 3,
  })
}

function createPolicy(policy: TargetPolicy): DraftOperation {
  return {
    stage: 'create-policy',
    request: {
      action: 'CreatePolicy',
      input: {
        PolicyName: policy.name,
        Path: policy.path,
        PolicyDocument: documentText(policy.document),
        Description: policy.description,
        Tags: policy.tags,
      },
    },
    because: `A policy for ${policy.purpose}.`,
    risk: 'adds',
    inverse: () => [{ action: 'DeletePolicy', input: { PolicyArn: policy.arn } }],
  }
}

function newVersion(policy: TargetPolicy, found: ManagedPolicy, narrows: boolean): DraftOperation {
  return {
    stage: narrows ? 'narrow' : 'widen',
    request: {
      action: 'CreatePolicyVersion',
      input: { PolicyArn: policy.arn, PolicyDocument: documentText(policy.document), SetAsDefault: true },
    },
    because: `${policy.name} no longer says what ${policy.purpose} means.`,
    risk: 'changes',
    inverse: (id) => [
      {
        action: 'SetDefaultPolicyVersion',
        input: { PolicyArn: policy.arn, VersionId: found.defaultVersion },
      },
      {
        action: 'DeletePolicyVersion',
        input: { PolicyArn: policy.arn, VersionId: { $from: `${id}.PolicyVersion.VersionId` } },
      },
    ],
  }
}

function setDefault(
  policy: TargetPolicy,
  found: ManagedPolicy,
  version: string,
  narrows: boolean,
): DraftOperation {
  return {
    stage: narrows ? 'narrow' : 'widen',
    request: { action: 'SetDefaultPolicyVersion', input: { PolicyArn: policy.arn, VersionId: version } },
    because: `Version ${version} of ${policy.name} already says what ${policy.purpose} means.`,
    risk: 'changes',
    inverse: () => [
      {
        action: 'SetDefaultPolicyVersion',
        input: { PolicyArn: policy.arn, VersionId: found.defaultVersion },
      },
    ],
  }
}

function makeRoom(
  policy: TargetPolicy,
  oldest: { readonly id: string; readonly document: string },
): DraftOperation {
  return {
    stage: 'make-room',
    request: { action: 'DeletePolicyVersion', input: { PolicyArn: policy.arn, VersionId: oldest.id } },
    because: `${policy.name} needs a free slot: IAM keeps ${versionLimit} versions of a policy, and ${oldest.id} is the oldest.`,
    risk: 'changes',
    inverse: () => [
      {
        action: 'CreatePolicyVersion',
        input: { PolicyArn: policy.arn, PolicyDocument: oldest.document, SetAsDefault: false },
      },
    ],
  }
}

function oldestVersion(
  policy: ManagedPolicy,
): { readonly id: string; readonly document: string } | undefined {
  const number = (id: string): number => Number(id.slice(1))
  return policy.versions
    .filter((version) => version.id !== policy.defaultVersion)
    .sort((a, b) => number(a.id) - number(b.id))[0]
}

function isNarrower(before: PolicyDocument | undefined, after: PolicyDocument, now: Date): boolean {
  const old = before ? allowancesOf([before], now) : []
  const young = allowancesOf([after], now)
  return old === undefined || young === undefined || lostAllowances(old, young).length > 0
}
