import type { Tag } from '../snapshot/snapshot.ts'

/**
 * Every write this project can make, with the exact request members that AWS receives.
 * Each reader of operations is a `Record<OperationAction, …>`, so a new action does not compile until every
 * reader (commands, scripts, the SDK adapter, the projection) knows it.
 */
export interface OperationInputs {
  CreateRole: {
    RoleName: string
    Path?: string
    AssumeRolePolicyDocument: string
    Description?: string
    MaxSessionDuration?: number
    PermissionsBoundary?: string
    Tags?: readonly Tag[]
  }
  UpdateAssumeRolePolicy: { RoleName: string; PolicyDocument: string }
  TagRole: { RoleName: string; Tags: readonly Tag[] }
  UntagRole: { RoleName: string; TagKeys: readonly string[] }
  DeleteRole: { RoleName: string }
  CreatePolicy: {
    PolicyName: string
    Path?: string
    PolicyDocument: string
    Description?: string
    Tags?: readonly Tag[]
  }
  CreatePolicyVersion: { PolicyArn: string; PolicyDocument: string; SetAsDefault: boolean }
  SetDefaultPolicyVersion: { PolicyArn: string; VersionId: Value }
  DeletePolicyVersion: { PolicyArn: string; VersionId: Value }
  DeletePolicy: { PolicyArn: string }
  TagPolicy: { PolicyArn: string; Tags: readonly Tag[] }
  UntagPolicy: { PolicyArn: string; TagKeys: readonly string[] }
  AttachUserPolicy: { UserName: string; PolicyArn: string }
  AttachGroupPolicy: { GroupName: string; PolicyArn: string }
  AttachRolePolicy: { RoleName: string; PolicyArn: string }
  DetachUserPolicy: { UserName: string; PolicyArn: string }
  DetachGroupPolicy: { GroupName: string; PolicyArn: string }
  DetachRolePolicy: { RoleName: string; PolicyArn: string }
  /** Only inside the inverse of a deletion; the target itself never writes inline policies. */
  PutUserPolicy: { UserName: string; PolicyName: string; PolicyDocument: string }
  PutGroupPolicy: { GroupName: string; PolicyName: string; PolicyDocument: string }
  PutRolePolicy: { RoleName: string; PolicyName: string; PolicyDocument: string }
  /** Only of hand-made inline policies that the file adopts. */
  DeleteUserPolicy: { UserName: string; PolicyName: string }
  DeleteGroupPolicy: { GroupName: string; PolicyName: string }
  DeleteRolePolicy: { RoleName: string; PolicyName: string }
  /** SageMaker: sets a user profile's execution role (splitting a shared role). */
  UpdateUserProfile: { DomainId: string; UserProfileName: string; UserSettings: { ExecutionRole: string } }
  /** Identity Center. */
  AttachCustomerManagedPolicyReferenceToPermissionSet: {
    InstanceArn: string
    PermissionSetArn: string
    CustomerManagedPolicyReference: { Name: string; Path: string }
  }
  DetachCustomerManagedPolicyReferenceFromPermissionSet: {
    InstanceArn: string
    PermissionSetArn: string
    CustomerManagedPolicyReference: { Name: string; Path: string }
  }
  PutInlinePolicyToPermissionSet: { InstanceArn: string; PermissionSetArn: string; InlinePolicy: string }
  DeleteInlinePolicyFromPermissionSet: { InstanceArn: string; PermissionSetArn: string }
  ProvisionPermissionSet: {
    InstanceArn: string
    PermissionSetArn: string
    TargetType: 'ALL_PROVISIONED_ACCOUNTS'
  }
}

export type OperationAction = keyof OperationInputs

/** A value that AWS invents, read from the answer of an earlier operation: `op-3.PolicyVersion.VersionId`. */
export interface FromAnswer {
  readonly $from: string
}
export type Value = string | FromAnswer

export type Risk = 'adds' | 'changes' | 'removes'

/** One request without its story: the form that inverses take. */
export type Request = {
  [A in OperationAction]: { readonly action: A; readonly input: OperationInputs[A] }
}[OperationAction]

/** One AWS write request: its exact input, why it is made, what it does to access, and how to undo it. */
export type Operation = Request & {
  /** Unique in its plan, in order: `op-1`, `op-2`, … */
  readonly id: string
  /** ARN of the principal whose access it changes, where there is exactly one. */
  readonly principal?: string
  /** One plain sentence. */
  readonly because: string
  readonly risk: Risk
  /** It may take access away without removing an object: it is sent after everything that widens is usable. */
  readonly narrows?: true
  /** Requests that restore the state before this operation, in the order to send them. */
  readonly inverse: readonly Request[]
}
