import type { Request } from '../../src/plan/operation.ts'
import { documentText } from '../../src/policy/document.ts'
import {
  attach,
  createPolicy,
  createRole,
  detach,
  makePlan,
  policyDocument,
  type Step,
  sagemakerTrust,
  targetPolicy,
  targetRole,
} from './make-plan.ts'

const policy = targetPolicy('mlflow-iam-viewer-1a2b3c4d', policyDocument(['GetRun']))
const role = targetRole('mlflow-tracking-server')
const PolicyArn = policy.arn
const RoleName = role.name
const PolicyDocument = documentText(policyDocument(['GetRun', 'SearchRuns']))
const trust = documentText(sagemakerTrust)
const set = {
  InstanceArn: 'arn:aws:sso:::instance/ssoins-1234567890abcdef',
  PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef',
}
const reference = { ...set, CustomerManagedPolicyReference: { Name: policy.name, Path: policy.path } }
const provision: Request = {
  action: 'ProvisionPermissionSet',
  input: { ...set, TargetType: 'ALL_PROVISIONED_ACCOUNTS' },
}

const steps: readonly Step[] = [
  step(createRole(role), { action: 'DeleteRole', input: { RoleName } }),
  step(createPolicy(policy), { action: 'DeletePolicy', input: { PolicyArn } }),
  step(
    { action: 'UpdateAssumeRolePolicy', input: { RoleName, PolicyDocument: trust } },
    { action: 'UpdateAssumeRolePolicy', input: { RoleName, PolicyDocument: '{"Statement":[]}' } },
  ),
  step(
    { action: 'TagRole', input: { RoleName, Tags: role.tags } },
    { action: 'UntagRole', input: { RoleName, TagKeys: ['managed-by'] } },
  ),
  step(
    { action: 'UntagRole', input: { RoleName, TagKeys: ['managed-by', '-x'] } },
    { action: 'TagRole', input: { RoleName, Tags: role.tags } },
  ),
  step(
    { action: 'CreatePolicyVersion', input: { PolicyArn, PolicyDocument, SetAsDefault: true } },
    { action: 'SetDefaultPolicyVersion', input: { PolicyArn, VersionId: 'v1' } },
    {
      action: 'DeletePolicyVersion',
      input: { PolicyArn, VersionId: { $from: 'op-6.PolicyVersion.VersionId' } },
    },
  ),
  step(
    { action: 'SetDefaultPolicyVersion', input: { PolicyArn, VersionId: 'v2' } },
    { action: 'SetDefaultPolicyVersion', input: { PolicyArn, VersionId: 'v1' } },
  ),
  step(
    { action: 'DeletePolicyVersion', input: { PolicyArn, VersionId: 'v1' } },
    { action: 'CreatePolicyVersion', input: { PolicyArn, PolicyDocument, SetAsDefault: false } },
  ),
  step(
    { action: 'TagPolicy', input: { PolicyArn, Tags: [{ Key: 'a', Value: 'b c,d=e' }] } },
    { action: 'UntagPolicy', input: { PolicyArn, TagKeys: ['a'] } },
  ),
  step({ action: 'UntagPolicy', input: { PolicyArn, TagKeys: ['a'] } }),
  ...(['user', 'group', 'role'] as const).flatMap((kind) => [
    step(attach(kind, 'ana', PolicyArn), detach(kind, 'ana', PolicyArn)),
    step(detach(kind, 'ben', PolicyArn), attach(kind, 'ben', PolicyArn)),
  ]),
  ...(['user', 'group', 'role'] as const).flatMap((kind) => [
    step(putInline(kind), deleteInline(kind)),
    step(deleteInline(kind), putInline(kind)),
  ]),
  step({
    action: 'UpdateUserProfile',
    input: { DomainId: 'd-abc', UserProfileName: 'ana', UserSettings: { ExecutionRole: role.arn } },
  }),
  step(
    { action: 'AttachCustomerManagedPolicyReferenceToPermissionSet', input: reference },
    { action: 'DetachCustomerManagedPolicyReferenceFromPermissionSet', input: reference },
    provision,
  ),
  step(
    { action: 'DetachCustomerManagedPolicyReferenceFromPermissionSet', input: reference },
    { action: 'AttachCustomerManagedPolicyReferenceToPermissionSet', input: reference },
    provision,
  ),
  step(
    { action: 'PutInlinePolicyToPermissionSet', input: { ...set, InlinePolicy: PolicyDocument } },
    { action: 'DeleteInlinePolicyFromPermissionSet', input: set },
  ),
  step({ action: 'DeleteInlinePolicyFromPermissionSet', input: set }),
  step(provision, provision),
  step(
    { action: 'DeletePolicy', input: { PolicyArn } },
    {
      action: 'CreatePolicy',
      input: { PolicyName: policy.name, Path: policy.path, PolicyDocument: '{"Statement":"\u00e9"}' },
    },
  ),
  step(
    { action: 'DeleteRole', input: { RoleName } },
    { action: 'CreateRole', input: { RoleName, AssumeRolePolicyDocument: trust, MaxSessionDuration: 3600 } },
  ),
]

/** A plan with one operation of every action, which no account would ever need at once. */
export const everyAction = makePlan(steps, { policies: [policy], roles: [role] })

function putInline(kind: 'user' | 'group' | 'role'): Request {
  const written = { PolicyName: 'inline', PolicyDocument }
  if (kind === 'user') return { action: 'PutUserPolicy', input: { UserName: 'ana', ...written } }
  if (kind === 'group') return { action: 'PutGroupPolicy', input: { GroupName: 'ana', ...written } }
  return { action: 'PutRolePolicy', input: { RoleName, ...written } }
}

function deleteInline(kind: 'user' | 'group' | 'role'): Request {
  const PolicyName = 'inline'
  if (kind === 'user') return { action: 'DeleteUserPolicy', input: { UserName: 'ana', PolicyName } }
  if (kind === 'group') return { action: 'DeleteGroupPolicy', input: { GroupName: 'ana', PolicyName } }
  return { action: 'DeleteRolePolicy', input: { RoleName, PolicyName } }
}

function step(request: Request, ...inverse: readonly Request[]): Step {
  return { request, inverse }
}
