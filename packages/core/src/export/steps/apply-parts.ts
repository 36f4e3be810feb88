import type { Operation, OperationAction } from '../../plan/operation.ts'
import type { Plan } from '../../plan/plan.ts'
import { cliJson } from '../cli-json.ts'
import { arnMade, documentOf, look, type Part, roleWords, send } from './part.ts'

type OperationOf<A extends OperationAction> = Operation & { readonly action: A }
type PartTable = {
  readonly [A in OperationAction]: (operation: OperationOf<A>, plan: Plan) => readonly Part[]
}

/** How each action is made safe to repeat: what a step looks at first, and which refusals mean "done already". */
const parts: PartTable = {
  CreateRole: (operation, plan) => written(operation, look('needs_role', ...roleWords(plan, operation))),
  CreatePolicy: (operation, plan) => {
    const stored = { stored: operation.input.PolicyDocument }
    return written(operation, look('needs_policy', arnMade(plan, operation), stored))
  },
  CreatePolicyVersion: (operation) => {
    const { PolicyArn, PolicyDocument, SetAsDefault } = operation.input
    const check = look('needs_version', PolicyArn, { stored: PolicyDocument }, defaultBefore(operation))
    return written(operation, ...(SetAsDefault ? [check] : []))
  },
  UpdateAssumeRolePolicy: (operation) => {
    const { RoleName, PolicyDocument } = operation.input
    return written(
      operation,
      look('needs_trust', RoleName, { stored: PolicyDocument }, trustBefore(operation)),
    )
  },
  AttachUserPolicy: (operation) => attach(operation, 'user', operation.input.UserName),
  AttachGroupPolicy: (operation) => attach(operation, 'group', operation.input.GroupName),
  AttachRolePolicy: (operation) => attach(operation, 'role', operation.input.RoleName),
  DetachUserPolicy: (operation) => [send(operation, gone)],
  DetachGroupPolicy: (operation) => [send(operation, gone)],
  DetachRolePolicy: (operation) => [send(operation, gone)],
  DeleteRole: (operation) => [send(operation, gone)],
  DeletePolicy: (operation) => [send(operation, gone)],
  DeletePolicyVersion: (operation) => [send(operation, gone)],
  DeleteUserPolicy: (operation) => deleteInline(operation, 'user', operation.input.UserName),
  DeleteGroupPolicy: (operation) => deleteInline(operation, 'group', operation.input.GroupName),
  DeleteRolePolicy: (operation) => deleteInline(operation, 'role', operation.input.RoleName),
  SetDefaultPolicyVersion: (operation) => {
    const { PolicyArn, VersionId } = operation.input
    const check = (id: string) => look('needs_default', PolicyArn, id, defaultBefore(operation))
    return [...(typeof VersionId === 'string' ? [check(VersionId)] : []), send(operation)]
  },
  TagRole: (operation) => [send(operation)],
  UntagRole: (operation) => [send(operation)],
  TagPolicy: (operation) => [send(operation)],
  UntagPolicy: (operation) => [send(operation)],
  PutUserPolicy: (operation) => putInline(operation, 'user', operation.input.UserName),
  PutGroupPolicy: (operation) => putInline(operation, 'group', operation.input.GroupName),
  PutRolePolicy: (operation) => putInline(operation, 'role', operation.input.RoleName),
  UpdateUserProfile: (operation, { region }) => {
    const { DomainId: domain, UserProfileName: profile, UserSettings } = operation.input
    const role = UserSettings.ExecutionRole
    return [
      look('needs_profile', region, domain, profile, role, roleBefore(operation)),
      { part: 'send', request: operation, region },
      { part: 'wait-for-profile', region, domain, profile },
    ]
  },
  AttachCustomerManagedPolicyReferenceToPermissionSet: (operation) => [
    send(operation, { code: 'ConflictException', says: 'attached already' }),
  ],
  DetachCustomerManagedPolicyReferenceFromPermissionSet: (operation) => [send(operation, goneFromSet)],
  PutInlinePolicyToPermissionSet: (operation) => {
    const { InstanceArn, PermissionSetArn, InlinePolicy } = operation.input
    const document = { document: InlinePolicy }
    return written(
      operation,
      look('needs_inline', InstanceArn, PermissionSetArn, document, inlineBefore(operation)),
    )
  },
  DeleteInlinePolicyFromPermissionSet: (operation) => {
    const { InstanceArn, PermissionSetArn } = operation.input
    const before = inlineBefore(operation)
    return [look('needs_inline', InstanceArn, PermissionSetArn, '', before), send(operation, goneFromSet)]
  },
  ProvisionPermissionSet: (operation) => [
    { part: 'send', request: operation, answer: 'PermissionSetProvisioningStatus.RequestId' },
    { part: 'wait-for-provisioning', instance: operation.input.InstanceArn },
  ],
}

const gone = { code: 'NoSuchEntity', says: 'gone already' }
const goneFromSet = { code: 'ResourceNotFoundException', says: 'gone already' }

/** The parts that carry out one operation, or find that it is carried out already. */
export function applyParts(operation: Operation, plan: Plan): readonly Part[] {
  const build = parts[operation.action] as (operation: Operation, plan: Plan) => readonly Part[]
  return build(operation, plan)
}

function attach(
  operation: OperationOf<'AttachUserPolicy' | 'AttachGroupPolicy' | 'AttachRolePolicy'>,
  kind: string,
  name: string,
) {
  return [look('needs_attachment', operation.input.PolicyArn, kind, name), send(operation)]
}

function deleteInline(
  operation: OperationOf<'DeleteUserPolicy' | 'DeleteGroupPolicy' | 'DeleteRolePolicy'>,
  kind: string,
  name: string,
): readonly Part[] {
  const { PolicyName } = operation.input
  const before = operation.inverse.flatMap(({ input }) =>
    'PolicyName' in input && 'PolicyDocument' in input ? [input.PolicyDocument] : [],
  )
  return [
    ...before.map((text) => look('says_inline', kind, name, PolicyName, cliJson(text))),
    send(operation, gone),
  ]
}

function putInline(
  operation: OperationOf<'PutUserPolicy' | 'PutGroupPolicy' | 'PutRolePolicy'>,
  kind: string,
  name: string,
): readonly Part[] {
  const { PolicyName, PolicyDocument } = operation.input
  return written(operation, look('lacks_inline', kind, name, PolicyName, { stored: PolicyDocument }))
}

function written(operation: Operation, ...checks: readonly Part[]): readonly Part[] {
  const text = documentOf(operation)
  return [...(text === undefined ? [] : [{ part: 'document', text } as const]), ...checks, send(operation)]
}

/** The version that was the default when this was planned. */
function defaultBefore({ inverse }: Operation): string {
  for (const { action, input } of inverse) {
    if (action === 'SetDefaultPolicyVersion' && typeof input.VersionId === 'string') return input.VersionId
  }
  return ''
}

/** The inline policy that the permission set had when this was planned; empty for none. Others may write in it. */
function inlineBefore({ inverse }: Operation): string {
  for (const { action, input } of inverse) {
    if (action === 'PutInlinePolicyToPermissionSet') return input.InlinePolicy
  }
  return ''
}

/** The role that the profile acted through when this was planned. */
function roleBefore({ inverse }: Operation): string {
  for (const { action, input } of inverse) {
    if (action === 'UpdateUserProfile') return input.UserSettings.ExecutionRole
  }
  return ''
}

/** The trust policy that the role had when this was planned, as the AWS CLI prints it. */
function trustBefore({ inverse }: Operation): string {
  for (const { action, input } of inverse) {
    if (action === 'UpdateAssumeRolePolicy') return cliJson(input.PolicyDocument)
  }
  return ''
}
