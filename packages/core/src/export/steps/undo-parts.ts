import type { Operation, OperationAction, Request } from '../../plan/operation.ts'
import type { Plan } from '../../plan/plan.ts'
import { isFromAnswer } from '../aws-arguments.ts'
import { saying } from '../saying.ts'
import { applyParts } from './apply-parts.ts'
import { arnMade, documentOf, look, type Part, roleWords, send } from './part.ts'

/** One step of a rollback: what it does in words, and its parts. */
export interface UndoStep {
  readonly says: string
  readonly parts: readonly Part[]
}

/**
 * Undoes one operation. What was written is compared first: a policy, version, role or trust policy that is no
 * longer as it was written is left alone. None where there is nothing to undo.
 */
export function undoStep(operation: Operation, plan: Plan): UndoStep | undefined {
  // Provisioning changes nothing by itself: the steps that undo its references provision the set again.
  if (operation.inverse.length === 0 || operation.action === 'ProvisionPermissionSet') return undefined
  if (operation.action === 'CreatePolicy') return undoPolicy(operation, plan)
  if (operation.action === 'CreateRole') return undoRole(operation, plan)
  if (operation.action === 'CreatePolicyVersion') return undoVersion(operation)
  if (operation.action === 'UpdateAssumeRolePolicy') return undoTrust(operation)
  if (operation.action === 'SetDefaultPolicyVersion') return undoDefault(operation)
  if (
    operation.action === 'PutInlinePolicyToPermissionSet' ||
    operation.action === 'DeleteInlinePolicyFromPermissionSet'
  )
    return undoInline(operation, plan)
  if (operation.action === 'UpdateUserProfile') return undoProfile(operation, plan)
  const parts = operation.inverse.flatMap((request) => repeatable(request, operation, plan))
  return parts.length === 0 ? undefined : { says: operation.inverse.map(saying).join(', then '), parts }
}

type OperationOf<A extends OperationAction> = Operation & { readonly action: A }

function undoPolicy(operation: OperationOf<'CreatePolicy'>, plan: Plan): UndoStep {
  const arn = arnMade(plan, operation)
  const text = operation.input.PolicyDocument
  const request = { action: 'DeletePolicy', input: { PolicyArn: arn } } as const
  const checks = [look('made_by_us', arn, { stored: text }), look('unused', arn)]
  return { says: saying(request), parts: [{ part: 'document', text }, ...checks, send(request, inUse)] }
}

function undoRole(operation: OperationOf<'CreateRole'>, plan: Plan): UndoStep {
  const text = operation.input.AssumeRolePolicyDocument
  const request = { action: 'DeleteRole', input: { RoleName: operation.input.RoleName } } as const
  const check = look('role_is_ours', ...roleWords(plan, operation))
  return { says: saying(request), parts: [{ part: 'document', text }, check, send(request, inUse)] }
}

/** Makes the version before the default again, and deletes ours, whose id only AWS knows. */
function undoVersion(operation: OperationOf<'CreatePolicyVersion'>): UndoStep | undefined {
  const { PolicyArn, PolicyDocument } = operation.input
  const back = operation.inverse.find(({ action }) => action === 'SetDefaultPolicyVersion')
  if (back === undefined) return undefined
  const ours = { action: 'DeletePolicyVersion', input: { PolicyArn, VersionId: { $from: 'made' } } } as const
  return {
    says: `${saying(back)} to the version before`,
    parts: [
      { part: 'document', text: PolicyDocument },
      look('made_by_us', PolicyArn, { stored: PolicyDocument }),
      { part: 'keep-version' },
      send(back, { code: 'NoSuchEntity', says: 'LEFT AS IT IS: the version before is gone' }),
      send(ours, notThere),
    ],
  }
}

function undoDefault(operation: OperationOf<'SetDefaultPolicyVersion'>): UndoStep | undefined {
  const { PolicyArn, VersionId } = operation.input
  const back = operation.inverse.find(({ action }) => action === 'SetDefaultPolicyVersion')
  const before = back?.action === 'SetDefaultPolicyVersion' ? back.input.VersionId : undefined
  if (back === undefined || typeof before !== 'string' || typeof VersionId !== 'string') return undefined
  return { says: saying(back), parts: [look('needs_default', PolicyArn, before, VersionId), send(back)] }
}

function undoTrust(operation: OperationOf<'UpdateAssumeRolePolicy'>): UndoStep | undefined {
  const { RoleName, PolicyDocument } = operation.input
  const back = operation.inverse.find(({ action }) => action === 'UpdateAssumeRolePolicy')
  if (back === undefined) return undefined
  return {
    says: saying(back),
    parts: [
      { part: 'document', text: PolicyDocument },
      look('trust_is_ours', RoleName, { stored: PolicyDocument }),
      { part: 'document', text: documentOf(back) ?? '' },
      send(back),
    ],
  }
}

/** The set's inline policy as it was, where it still is as it was written, and the set provisioned again. */
function undoInline(
  operation: OperationOf<'PutInlinePolicyToPermissionSet' | 'DeleteInlinePolicyFromPermissionSet'>,
  plan: Plan,
): UndoStep | undefined {
  const [back, ...rest] = operation.inverse
  if (back === undefined) return undefined
  // Applying it back finds in its own inverse what has to be there still: what this operation wrote.
  const undo = { ...back, id: operation.id, because: '', risk: 'changes', inverse: [operation] } as Operation
  return {
    says: operation.inverse.map(saying).join(', then '),
    parts: [...applyParts(undo, plan), ...rest.flatMap((request) => repeatable(request, operation, plan))],
  }
}

/** The profile's role as it was, where it still is the one that was set. */
function undoProfile(operation: OperationOf<'UpdateUserProfile'>, plan: Plan): UndoStep | undefined {
  const [back] = operation.inverse
  if (back === undefined) return undefined
  // Applying it back finds in its own inverse what has to be there still: what this operation set.
  const undo = { ...back, id: operation.id, because: '', risk: 'changes', inverse: [operation] } as Operation
  return { says: saying(back), parts: applyParts(undo, plan) }
}

const notThere = { code: 'NoSuchEntity', says: 'not there' }
const goneFromSet = { code: 'ResourceNotFoundException', says: 'not there' }
const inUse = { code: 'DeleteConflict', says: 'LEFT AS IT IS: something else uses it since' }

/** Any other inverse: the parts that carry it out, where they can be repeated safely. */
function repeatable(request: Request, operation: Operation, plan: Plan): readonly Part[] {
  // An old version that made room would come back under a new id, once more with each run; it gave nobody access.
  if (operation.action === 'DeletePolicyVersion') return []
  if (Object.values(request.input).some(isFromAnswer)) return []
  if (request.action.startsWith('Detach') && 'PolicyArn' in request.input) {
    return [send(request, notThere), { part: 'detached', policy: request.input.PolicyArn }]
  }
  // The policy's attachment in this account goes when the set is provisioned again.
  if (request.action === 'DetachCustomerManagedPolicyReferenceFromPermissionSet') {
    const { Name, Path } = request.input.CustomerManagedPolicyReference
    const made = { action: 'CreatePolicy', input: { PolicyName: Name, Path, PolicyDocument: '' } } as const
    return [send(request, goneFromSet), { part: 'detached', policy: arnMade(plan, made) }]
  }
  return applyParts(
    { ...request, id: operation.id, because: '', risk: 'changes', inverse: [] } as Operation,
    plan,
  )
}
