import type { OperationAction, OperationInputs, Request } from './operation.ts'
import type { Plan } from './plan.ts'

type NeedsTable = {
  readonly [A in OperationAction]: readonly [
    service: 'iam' | 'sagemaker' | 'sso',
    resources: (input: OperationInputs[A], arns: Arns) => readonly string[],
    /** Reads that scripts make before this write, and the tagging that comes with a creation. */
    ...besides: readonly string[],
  ]
}

/** How the objects that requests name are found. */
export interface Arns {
  policy(path: string | undefined, name: string): string
  holder(kind: 'user' | 'group' | 'role', name: string): string
  profile(domain: string, name: string): string
}

/** What a request asks of whoever sends it. */
export interface RequestNeeds {
  readonly service: 'iam' | 'sagemaker' | 'sso'
  /** Every resource that the request's own action must be allowed on, sorted. */
  readonly resources: readonly string[]
  readonly besides: readonly string[]
}

const role = (input: { readonly RoleName: string }, arns: Arns) => [arns.holder('role', input.RoleName)]
const policy = (input: { readonly PolicyArn: string }) => [input.PolicyArn]
const set = (input: { readonly InstanceArn: string; readonly PermissionSetArn: string }) => [
  input.InstanceArn,
  input.PermissionSetArn,
]
/** Provisioning reaches every account that the permission set is assigned in. */
const accountsOf = (setArn: string) => `arn:${setArn.split(':')[1]}:sso:::account/*`
const user = (input: { readonly UserName: string }, arns: Arns) => [arns.holder('user', input.UserName)]
const group = (input: { readonly GroupName: string }, arns: Arns) => [arns.holder('group', input.GroupName)]

/** Which service an action belongs to, what its permission is scoped to, and what comes with it. */
const needs: NeedsTable = {
  CreateRole: ['iam', (input, arns) => [arns.holder('role', input.RoleName)], 'GetRole', 'TagRole'],
  UpdateAssumeRolePolicy: ['iam', role, 'GetRole'],
  TagRole: ['iam', role],
  UntagRole: ['iam', role],
  DeleteRole: ['iam', role],
  CreatePolicy: [
    'iam',
    (input, arns) => [arns.policy(input.Path, input.PolicyName)],
    'GetPolicyVersion',
    'TagPolicy',
  ],
  CreatePolicyVersion: ['iam', policy, 'GetPolicyVersion'],
  SetDefaultPolicyVersion: ['iam', policy],
  DeletePolicyVersion: ['iam', policy],
  DeletePolicy: ['iam', policy],
  TagPolicy: ['iam', policy],
  UntagPolicy: ['iam', policy],
  AttachUserPolicy: ['iam', user],
  AttachGroupPolicy: ['iam', group],
  AttachRolePolicy: ['iam', role],
  DetachUserPolicy: ['iam', user],
  DetachGroupPolicy: ['iam', group],
  DetachRolePolicy: ['iam', role],
  PutUserPolicy: ['iam', user, 'GetUserPolicy'],
  PutGroupPolicy: ['iam', group, 'GetGroupPolicy'],
  PutRolePolicy: ['iam', role, 'GetRolePolicy'],
  DeleteUserPolicy: ['iam', user, 'GetUserPolicy'],
  DeleteGroupPolicy: ['iam', group, 'GetGroupPolicy'],
  DeleteRolePolicy: ['iam', role, 'GetRolePolicy'],
  UpdateUserProfile: [
    'sagemaker',
    (input, arns) => [arns.profile(input.DomainId, input.UserProfileName)],
    'DescribeUserProfile',
  ],
  AttachCustomerManagedPolicyReferenceToPermissionSet: ['sso', set],
  DetachCustomerManagedPolicyReferenceFromPermissionSet: ['sso', set],
  PutInlinePolicyToPermissionSet: ['sso', set, 'GetInlinePolicyForPermissionSet'],
  DeleteInlinePolicyFromPermissionSet: ['sso', set, 'GetInlinePolicyForPermissionSet'],
  ProvisionPermissionSet: ['sso', (input) => [...set(input), accountsOf(input.PermissionSetArn)]],
}

/** What sending one request needs (Service Authorization Reference), before it is put into a policy or judged. */
export function needsOfRequest(request: Request, arns: Arns): RequestNeeds {
  const [service, resourcesOf, ...besides] = needs[request.action] as NeedsTable['TagRole']
  return { service, resources: [...new Set(resourcesOf(request.input as never, arns))].sort(), besides }
}

/** The ARNs of what a plan's requests name, as the plan alone tells them. */
export function arnsOfPlan(plan: Plan): Arns {
  const iam = `arn:${plan.partition}:iam::${plan.account}:`
  const { principals, roles } = plan.target
  return {
    policy: (path, name) => `${iam}policy${path ?? '/'}${name}`,
    holder: (kind, name) => {
      const known = [...principals, ...roles.map((role) => ({ ...role, kind: 'role' as const }))]
      const found = known.find((candidate) => candidate.kind === kind && candidate.name === name)
      const named = plan.operations.find(
        ({ principal }) => principal?.startsWith(`${iam}${kind}/`) && principal.endsWith(`/${name}`),
      )
      return found?.arn ?? named?.principal ?? `${iam}${kind}/${name}`
    },
    profile: (domain, name) =>
      `arn:${plan.partition}:sagemaker:*:${plan.account}:user-profile/${domain}/${name}`,
  }
}
