import type { Operation, OperationAction } from '../../plan/operation.ts'
import type { Plan } from '../../plan/plan.ts'
import { cliJson } from '../cli-json.ts'
import { quoteForShell } from '../shell-quote.ts'
import {
  arnMade,
  documentLines,
  documentOf,
  guard,
  roleWords,
  type StepBody,
  sendLines,
  storedWord,
} from './step.ts'

type OperationOf<A extends OperationAction> = Operation & { readonly action: A }
type StepTable = { readonly [A in OperationAction]: (operation: OperationOf<A>, plan: Plan) => StepBody }

/** How each action is made safe to repeat: what a step looks at first, and which refusals mean "done already". */
const steps: StepTable = {
  CreateRole: (operation, plan) => [
    ...documentLines(operation.input.AssumeRolePolicyDocument),
    guard('needs_role', ...roleWords(plan, operation)),
    ...sendLines(operation, 'send'),
  ],
  CreatePolicy: (operation, plan) => [
    ...documentLines(operation.input.PolicyDocument),
    guard(
      'needs_policy',
      quoteForShell(arnMade(plan, operation)),
      storedWord(operation.input.PolicyDocument),
    ),
    ...sendLines(operation, 'send'),
  ],
  CreatePolicyVersion: (operation) => {
    const { PolicyArn, PolicyDocument, SetAsDefault } = operation.input
    const before = quoteForShell(defaultBefore(operation))
    const look = guard('needs_version', quoteForShell(PolicyArn), storedWord(PolicyDocument), before)
    return [
      ...documentLines(PolicyDocument),
      ...(SetAsDefault ? [look] : []),
      ...sendLines(operation, 'send'),
    ]
  },
  UpdateAssumeRolePolicy: (operation) => {
    const { RoleName, PolicyDocument } = operation.input
    const look = [quoteForShell(RoleName), storedWord(PolicyDocument), quoteForShell(trustBefore(operation))]
    return [...documentLines(PolicyDocument), guard('needs_trust', ...look), ...sendLines(operation, 'send')]
  },
  AttachUserPolicy: (operation) => attach(operation, 'user', operation.input.UserName),
  AttachGroupPolicy: (operation) => attach(operation, 'group', operation.input.GroupName),
  AttachRolePolicy: (operation) => attach(operation, 'role', operation.input.RoleName),
  DetachUserPolicy: (operation) => sendLines(operation, gone),
  DetachGroupPolicy: (operation) => sendLines(operation, gone),
  DetachRolePolicy: (operation) => sendLines(operation, gone),
  DeleteRole: (operation) => sendLines(operation, gone),
  DeletePolicy: (operation) => sendLines(operation, gone),
  DeletePolicyVersion: (operation) => sendLines(operation, gone),
  DeleteRolePolicy: (operation) => sendLines(operation, gone),
  SetDefaultPolicyVersion: (operation) => sendLines(operation, 'send'),
  TagRole: (operation) => sendLines(operation, 'send'),
  UntagRole: (operation) => sendLines(operation, 'send'),
  TagPolicy: (operation) => sendLines(operation, 'send'),
  UntagPolicy: (operation) => sendLines(operation, 'send'),
  PutRolePolicy: withDocument,
  UpdateUserProfile: (operation) => sendLines(operation, 'send'),
  AttachCustomerManagedPolicyReferenceToPermissionSet: (operation) =>
    sendLines(operation, { code: 'ConflictException', says: 'attached already' }),
  DetachCustomerManagedPolicyReferenceFromPermissionSet: (operation) => sendLines(operation, goneFromSet),
  PutInlinePolicyToPermissionSet: withDocument,
  DeleteInlinePolicyFromPermissionSet: (operation) => sendLines(operation, goneFromSet),
  ProvisionPermissionSet: (operation) => {
    const [send = ''] = sendLines(operation, 'send')
    const query = ['--query PermissionSetProvisioningStatus.RequestId', '--output text']
    return [
      [send, ...query].join(' \\\n    '),
      `wait_for_provisioning ${quoteForShell(operation.input.InstanceArn)}`,
    ]
  },
}

const gone = { code: 'NoSuchEntity', says: 'gone already' }
const goneFromSet = { code: 'ResourceNotFoundException', says: 'gone already' }

/** The bash lines that carry out one operation, or find that it is carried out already. */
export function applyStep(operation: Operation, plan: Plan): StepBody {
  const step = steps[operation.action] as (operation: Operation, plan: Plan) => StepBody
  return step(operation, plan)
}

function attach(
  operation: Operation & { readonly input: { PolicyArn: string } },
  kind: string,
  name: string,
) {
  const words = [operation.input.PolicyArn, kind, name].map(quoteForShell)
  return [guard('needs_attachment', ...words), ...sendLines(operation, 'send')]
}

function withDocument(operation: Operation): StepBody {
  const document = documentOf(operation)
  const local = document === undefined ? [] : [`local document=${quoteForShell(document)}`]
  return [...local, ...sendLines(operation, 'send')]
}

/** The version that was the default when this was planned. */
function defaultBefore({ inverse }: Operation): string {
  for (const { action, input } of inverse) {
    if (action === 'SetDefaultPolicyVersion' && typeof input.VersionId === 'string') return input.VersionId
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
