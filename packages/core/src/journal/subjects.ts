import type { OperationAction, OperationInputs, Request } from '../plan/operation.ts'
import { arnName } from '../policy/arn.ts'

/** The objects that a request reads or changes. Two requests that share none can be sent at the same time. */
export interface Subjects {
  /** The user, group, role, profile or permission set: `role/ds-shared`. */
  readonly holder?: string
  /** Policies by name, since names are unique in an account: `policy/mlflow-iam-viewer-1a2b3c4d`. */
  readonly policy?: string
}

type Reader<A extends OperationAction> = (input: OperationInputs[A]) => Subjects

const role = ({ RoleName }: { RoleName: string }) => ({ holder: `role/${RoleName}` })
const user = ({ UserName }: { UserName: string }) => ({ holder: `user/${UserName}` })
const group = ({ GroupName }: { GroupName: string }) => ({ holder: `group/${GroupName}` })
const policy = ({ PolicyArn }: { PolicyArn: string }) => ({ policy: policyKey(arnName(PolicyArn)) })
const set = ({ PermissionSetArn }: { PermissionSetArn: string }) => ({ holder: PermissionSetArn })
const reference = (input: OperationInputs['AttachCustomerManagedPolicyReferenceToPermissionSet']) => ({
  holder: input.PermissionSetArn,
  policy: policyKey(input.CustomerManagedPolicyReference.Name),
})
const ofUser = (input: OperationInputs['AttachUserPolicy']) => ({
  holder: `user/${input.UserName}`,
  ...policy(input),
})
const ofGroup = (input: OperationInputs['AttachGroupPolicy']) => ({
  holder: `group/${input.GroupName}`,
  ...policy(input),
})
const ofRole = (input: OperationInputs['AttachRolePolicy']) => ({
  holder: `role/${input.RoleName}`,
  ...policy(input),
})

const readers: { readonly [A in OperationAction]: Reader<A> } = {
  CreateRole: role,
  UpdateAssumeRolePolicy: role,
  TagRole: role,
  UntagRole: role,
  DeleteRole: role,
  CreatePolicy: ({ PolicyName }) => ({ policy: policyKey(PolicyName) }),
  CreatePolicyVersion: policy,
  SetDefaultPolicyVersion: policy,
  DeletePolicyVersion: policy,
  DeletePolicy: policy,
  TagPolicy: policy,
  UntagPolicy: policy,
  AttachUserPolicy: ofUser,
  AttachGroupPolicy: ofGroup,
  AttachRolePolicy: ofRole,
  DetachUserPolicy: ofUser,
  DetachGroupPolicy: ofGroup,
  DetachRolePolicy: ofRole,
  PutUserPolicy: user,
  PutGroupPolicy: group,
  PutRolePolicy: role,
  DeleteUserPolicy: user,
  DeleteGroupPolicy: group,
  DeleteRolePolicy: role,
  UpdateUserProfile: ({ DomainId, UserProfileName }) => ({
    holder: `profile/${DomainId}/${UserProfileName}`,
  }),
  AttachCustomerManagedPolicyReferenceToPermissionSet: reference,
  DetachCustomerManagedPolicyReferenceFromPermissionSet: reference,
  PutInlinePolicyToPermissionSet: set,
  DeleteInlinePolicyFromPermissionSet: set,
  ProvisionPermissionSet: set,
}

/** Names what a request touches. */
export function subjectsOf(request: Request): Subjects {
  const read = readers[request.action] as (input: Request['input']) => Subjects
  return read(request.input)
}

/** True for the requests that this program makes; a file may name any. */
export function isKnownAction(action: unknown): action is OperationAction {
  return typeof action === 'string' && Object.hasOwn(readers, action)
}

function policyKey(name: string): string {
  return `policy/${name.toLowerCase()}`
}
