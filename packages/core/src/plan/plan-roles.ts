import { arnName } from '../policy/arn.ts'
import { documentText } from '../policy/document.ts'
import type { AccountIndex } from '../target/account-index.ts'
import type { TargetRole } from '../target/target.ts'
import type { DraftOperation } from './draft-operation.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'
import { saysTheSame } from './read-document.ts'

/** Creates missing roles, and brings trust and tags of our own to what they should be. */
export function planRoles(
  roles: readonly TargetRole[],
  account: AccountIndex,
): { drafts: readonly DraftOperation[]; findings: readonly Finding[] } {
  const drafts: DraftOperation[] = []
  const findings: Finding[] = []
  for (const role of roles) {
    if (role.existing || drafts.some((draft) => draft.principal === role.arn)) continue
    const found = account.role(role.name)
    if (!found) {
      drafts.push(createRole(role))
      continue
    }
    const trust = documentText(role.trust)
    if (!saysTheSame(found.trust, role.trust)) {
      findings.push(
        finding('trust-changes', `Role ${role.name} gets another trust policy: who may assume it changes.`, {
          principal: role.arn,
        }),
      )
      drafts.push({
        stage: 'widen',
        request: { action: 'UpdateAssumeRolePolicy', input: { RoleName: role.name, PolicyDocument: trust } },
        principal: role.arn,
        because: `The trust policy of role ${role.name} differs from what this file says.`,
        risk: 'changes',
        inverse: () => [
          { action: 'UpdateAssumeRolePolicy', input: { RoleName: role.name, PolicyDocument: found.trust } },
        ],
      })
    }
    const missing = role.tags.filter(
      (tag) => !found.tags.some((other) => other.Key === tag.Key && other.Value === tag.Value),
    )
    if (missing.length > 0) {
      const replaced = found.tags.filter((tag) => missing.some((other) => other.Key === tag.Key))
      const added = missing
        .filter((tag) => !replaced.some((other) => other.Key === tag.Key))
        .map((tag) => tag.Key)
      drafts.push({
        stage: 'widen',
        request: { action: 'TagRole', input: { RoleName: role.name, Tags: missing } },
        principal: role.arn,
        because: `Role ${role.name} lacks the tags that mark it as made by mlflow-iam.`,
        risk: 'changes',
        inverse: () => [
          ...(replaced.length > 0
            ? [{ action: 'TagRole' as const, input: { RoleName: role.name, Tags: replaced } }]
            : []),
          ...(added.length > 0
            ? [{ action: 'UntagRole' as const, input: { RoleName: role.name, TagKeys: added } }]
            : []),
        ],
      })
    }
  }
  return { drafts, findings }
}

function createRole(role: TargetRole): DraftOperation {
  return {
    stage: 'create-role',
    request: {
      action: 'CreateRole',
      input: {
        RoleName: role.name,
        Path: role.path,
        AssumeRolePolicyDocument: documentText(role.trust),
        Description: role.description,
        ...(role.maxSessionDuration ? { MaxSessionDuration: role.maxSessionDuration } : {}),
        ...(role.boundary ? { PermissionsBoundary: role.boundary } : {}),
        Tags: role.tags,
      },
    },
    principal: role.arn,
    because: reasonFor(role),
    risk: 'adds',
    inverse: () => [{ action: 'DeleteRole', input: { RoleName: role.name } }],
  }
}

function reasonFor({ purpose, name, split }: TargetRole): string {
  if (split) {
    const from = split.from ? ` in place of ${arnName(split.from)}` : ''
    return `Profile ${split.domain}/${split.profile} gets a role of its own${from}: ${name}.`
  }
  return purpose === 'tracking-server'
    ? `Tracking servers need a role of their own: ${name}.`
    : `SageMaker clients need a role to call MLflow with: ${name}.`
}
