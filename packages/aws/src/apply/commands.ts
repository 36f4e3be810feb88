import type { OperationAction, OperationInputs, Request } from '@mlflow-iam/core/plan/operation'
import type { AwsConnection } from '../connection.ts'

type Iam = typeof import('../services/iam.ts')
type SsoAdmin = typeof import('../services/sso-admin.ts')

type Send<A extends OperationAction> = (
  connection: AwsConnection,
  input: OperationInputs[A],
  region: string,
) => Promise<unknown>

/** Sends one request with exactly the members given, once, and returns AWS's answer. */
export function sendRequest(connection: AwsConnection, request: Request, region: string): Promise<unknown> {
  const send = commands[request.action] as (
    connection: AwsConnection,
    input: Request['input'],
    region: string,
  ) => Promise<unknown>
  return send(connection, request.input, region)
}

/** The values in an answer that later requests or a rollback need, by path. Nothing else of it is kept. */
export function answerValues(answer: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const path of kept) {
    let value: unknown = answer
    for (const member of path.split('.')) {
      value =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[member] : undefined
    }
    if (typeof value === 'string') found[path] = value
  }
  return found
}

const kept = [
  'Policy.Arn',
  'Policy.PolicyId',
  'PolicyVersion.VersionId',
  'Role.Arn',
  'Role.RoleId',
  'PermissionSetProvisioningStatus.RequestId',
]

// A value from an earlier answer has been filled in by now; the SDK's types want plain strings and own arrays.
type Sent<A extends OperationAction> = {
  [M in keyof OperationInputs[A]]: OperationInputs[A][M] extends readonly (infer Item)[] | undefined
    ? Item[]
    : M extends 'VersionId'
      ? string
      : OperationInputs[A][M]
}

function iam<A extends OperationAction>(make: (api: Iam, input: Sent<A>) => object): Send<A> {
  return async (connection, input) => {
    const { client, api } = await connection.iam()
    return client.send(make(api, input as Sent<A>) as Parameters<typeof client.send>[0])
  }
}

function sso<A extends OperationAction>(make: (api: SsoAdmin, input: Sent<A>) => object): Send<A> {
  return async (connection, input) => {
    const { client, api } = await connection.ssoAdmin()
    return client.send(make(api, input as Sent<A>) as Parameters<typeof client.send>[0])
  }
}

const commands: { readonly [A in OperationAction]: Send<A> } = {
  CreateRole: iam((api, input) => new api.CreateRoleCommand(input)),
  UpdateAssumeRolePolicy: iam((api, input) => new api.UpdateAssumeRolePolicyCommand(input)),
  TagRole: iam((api, input) => new api.TagRoleCommand(input)),
  UntagRole: iam((api, input) => new api.UntagRoleCommand(input)),
  DeleteRole: iam((api, input) => new api.DeleteRoleCommand(input)),
  CreatePolicy: iam((api, input) => new api.CreatePolicyCommand(input)),
  CreatePolicyVersion: iam((api, input) => new api.CreatePolicyVersionCommand(input)),
  SetDefaultPolicyVersion: iam((api, input) => new api.SetDefaultPolicyVersionCommand(input)),
  DeletePolicyVersion: iam((api, input) => new api.DeletePolicyVersionCommand(input)),
  DeletePolicy: iam((api, input) => new api.DeletePolicyCommand(input)),
  TagPolicy: iam((api, input) => new api.TagPolicyCommand(input)),
  UntagPolicy: iam((api, input) => new api.UntagPolicyCommand(input)),
  AttachUserPolicy: iam((api, input) => new api.AttachUserPolicyCommand(input)),
  AttachGroupPolicy: iam((api, input) => new api.AttachGroupPolicyCommand(input)),
  AttachRolePolicy: iam((api, input) => new api.AttachRolePolicyCommand(input)),
  DetachUserPolicy: iam((api, input) => new api.DetachUserPolicyCommand(input)),
  DetachGroupPolicy: iam((api, input) => new api.DetachGroupPolicyCommand(input)),
  DetachRolePolicy: iam((api, input) => new api.DetachRolePolicyCommand(input)),
  PutUserPolicy: iam((api, input) => new api.PutUserPolicyCommand(input)),
  PutGroupPolicy: iam((api, input) => new api.PutGroupPolicyCommand(input)),
  PutRolePolicy: iam((api, input) => new api.PutRolePolicyCommand(input)),
  DeleteUserPolicy: iam((api, input) => new api.DeleteUserPolicyCommand(input)),
  DeleteGroupPolicy: iam((api, input) => new api.DeleteGroupPolicyCommand(input)),
  DeleteRolePolicy: iam((api, input) => new api.DeleteRolePolicyCommand(input)),
  UpdateUserProfile: async (connection, input, region) => {
    const { client, api } = await connection.sageMaker(region)
    return client.send(new api.UpdateUserProfileCommand(input))
  },
  AttachCustomerManagedPolicyReferenceToPermissionSet: sso(
    (api, input) => new api.AttachCustomerManagedPolicyReferenceToPermissionSetCommand(input),
  ),
  DetachCustomerManagedPolicyReferenceFromPermissionSet: sso(
    (api, input) => new api.DetachCustomerManagedPolicyReferenceFromPermissionSetCommand(input),
  ),
  PutInlinePolicyToPermissionSet: sso((api, input) => new api.PutInlinePolicyToPermissionSetCommand(input)),
  DeleteInlinePolicyFromPermissionSet: sso(
    (api, input) => new api.DeleteInlinePolicyFromPermissionSetCommand(input),
  ),
  ProvisionPermissionSet: sso((api, input) => new api.ProvisionPermissionSetCommand(input)),
}

/** The service prefix of an action's IAM name: `iam:CreatePolicy`, `sso:ProvisionPermissionSet`. */
export function fullActionName(action: OperationAction): string {
  if (action === 'UpdateUserProfile') return `sagemaker:${action}`
  return /PermissionSet/.test(action) ? `sso:${action}` : `iam:${action}`
}
