import type { IamRole, ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'
import { isOwnedRole, ownerTags } from '../target/owned.ts'
import { userOfRole, whyUsersUnknown } from '../target/role-users.ts'
import type { Target } from '../target/target.ts'
import type { DraftOperation } from './draft-operation.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'
import type { LeftSplits } from './plan-left-splits.ts'
import { defaultDocument } from './read-document.ts'

/** With `prune`: deletes owned policies and roles that nothing needs any more, but for what splits left and still serves. `unreferred` are the policies (ARNs) that permission sets give up. */
export function planDeletions(
  target: Target,
  snapshot: Snapshot,
  fileName: string,
  prefix: string,
  unreferred: ReadonlySet<string>,
  left: LeftSplits,
): { drafts: readonly DraftOperation[]; findings: readonly Finding[] } {
  const wantedPolicies = new Set([...target.policies.map((policy) => policy.arn), ...left.carried])
  const wantedRoles = new Set(target.roles.map((role) => role.arn))
  const drafts: DraftOperation[] = []
  const findings: Finding[] = []
  const stuck = new Map([...boundaries(snapshot), ...heldByIdentityCenter(snapshot, unreferred)])
  for (const policy of snapshot.policies) {
    if (!policy.arn.startsWith(prefix) || wantedPolicies.has(policy.arn)) continue
    const reason = stuck.get(policy.arn)
    if (reason !== undefined) {
      findings.push(finding('still-needed', `${policy.name} is no longer listed, but stays: ${reason}.`))
    } else drafts.push(...deletePolicy(policy, fileName))
  }
  for (const role of snapshot.roles) {
    if (!isOwnedRole(role, fileName) || wantedRoles.has(role.arn) || left.kept.has(role.arn)) continue
    const reason = left.retired.has(role.arn) ? undefined : stillNeeded(role, snapshot, prefix)
    if (reason)
      findings.push(
        finding(
          'still-needed',
          `Role ${role.name} is ours and no longer listed, but stays: ${reason}.${revoked(role, prefix)}`,
          { principal: role.arn },
        ),
      )
    else drafts.push(deleteRole(role))
  }
  return { drafts, findings }
}

/** Policies that bound somebody: IAM deletes none of those, and a boundary is not ours to take. */
function boundaries({ users, roles }: Snapshot): ReadonlyMap<string, string> {
  const all = [
    ...users.map(({ name, boundary }) => [boundary, `user ${name}`] as const),
    ...roles.map(({ name, boundary }) => [boundary, `role ${name}`] as const),
  ]
  return new Map(
    all.flatMap(([policy, who]) => (policy ? [[policy, `it is the permissions boundary of ${who}`]] : [])),
  )
}

/** Policies that a role of Identity Center holds and keeps, and how. */
function heldByIdentityCenter(
  snapshot: Snapshot,
  unreferred: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const reserved = snapshot.roles.filter((role) => role.name.startsWith('AWSReservedSSO_'))
  return new Map(
    reserved.flatMap((role) =>
      role.attached
        .filter((arn) => !unreferred.has(arn))
        .map((arn) => [
          arn,
          `${role.name} has it through a permission set, which cannot be read or changed here`,
        ]),
    ),
  )
}

function deletePolicy(policy: ManagedPolicy, fileName: string): readonly DraftOperation[] {
  const because = `No grant of the file needs ${policy.name} any more.`
  const versions = policy.versions.filter((version) => version.id !== policy.defaultVersion)
  return [
    ...versions.map(
      (version): DraftOperation => ({
        stage: 'delete-version',
        request: { action: 'DeletePolicyVersion', input: { PolicyArn: policy.arn, VersionId: version.id } },
        because: `${policy.name} is deleted, and IAM wants its old versions gone first.`,
        risk: 'removes',
        inverse: () => [
          {
            action: 'CreatePolicyVersion',
            input: { PolicyArn: policy.arn, PolicyDocument: version.document, SetAsDefault: false },
          },
        ],
      }),
    ),
    {
      stage: 'delete-policy',
      request: { action: 'DeletePolicy', input: { PolicyArn: policy.arn } },
      because,
      risk: 'removes',
      inverse: () => [
        {
          action: 'CreatePolicy',
          input: {
            PolicyName: policy.name,
            Path: policy.path,
            PolicyDocument: defaultDocument(policy),
            ...(policy.description ? { Description: policy.description } : {}),
            Tags: policy.tags ?? ownerTags(fileName),
          },
        },
      ],
    },
  ]
}

function deleteRole(role: IamRole): DraftOperation {
  return {
    stage: 'delete-role',
    request: { action: 'DeleteRole', input: { RoleName: role.name } },
    principal: role.arn,
    because: `The file no longer lists role ${role.name}.`,
    risk: 'removes',
    inverse: () => [
      {
        action: 'CreateRole',
        input: {
          RoleName: role.name,
          Path: role.path,
          AssumeRolePolicyDocument: role.trust,
          ...(role.description ? { Description: role.description } : {}),
          ...(role.maxSessionDuration ? { MaxSessionDuration: role.maxSessionDuration } : {}),
          ...(role.boundary ? { PermissionsBoundary: role.boundary } : {}),
          Tags: role.tags,
        },
      },
    ],
  }
}

/** A role that stays without what it worked with: said where it is said that the role stays. */
function revoked({ attached }: IamRole, prefix: string): string {
  return attached.some((arn) => arn.startsWith(prefix))
    ? ' What it may do by this file is revoked all the same: list it again, or give what uses it another role first.'
    : ''
}

/** Why a role that is ours must not go yet, in words; undefined when nothing needs it. */
function stillNeeded(role: IamRole, snapshot: Snapshot, prefix: string): string | undefined {
  const foreign = role.attached.filter((arn) => !arn.startsWith(prefix))
  if (foreign.length > 0 || role.inline.length > 0) return 'it holds policies from elsewhere'
  return userOfRole(role, snapshot) ?? whyUsersUnknown(snapshot)
}
