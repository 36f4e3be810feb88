import type { Operation, Request } from '../../plan/operation.ts'
import type { Plan } from '../../plan/plan.ts'
import { isFromAnswer } from '../aws-arguments.ts'
import { saying } from '../saying.ts'
import { quoteForShell } from '../shell-quote.ts'
import { applyStep } from './apply-steps.ts'
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

/** One step of `rollback.sh`: what it does in words, and its bash lines. */
export interface UndoStep {
  readonly says: string
  readonly body: StepBody
}

/**
 * Undoes one operation. What `apply.sh` wrote is compared first: a policy, version, role or trust policy that is
 * no longer as it wrote it is left alone. None where there is nothing to undo.
 */
export function undoStep(operation: Operation, plan: Plan): UndoStep | undefined {
  // Provisioning changes nothing by itself: the steps that undo its references provision the set again.
  if (operation.inverse.length === 0 || operation.action === 'ProvisionPermissionSet') return undefined
  const own = undoOwn(operation, plan)
  if (own !== undefined) return own
  const body = operation.inverse.flatMap((request) => asStep(request, operation, plan))
  return body.length === 0 ? undefined : { says: operation.inverse.map(saying).join(', then '), body }
}

function undoOwn(operation: Operation, plan: Plan): UndoStep | undefined {
  switch (operation.action) {
    case 'CreatePolicy': {
      const arn = arnMade(plan, operation)
      const { PolicyDocument } = operation.input
      const request = { action: 'DeletePolicy', input: { PolicyArn: arn } } as const
      return {
        says: saying(request),
        body: [
          ...documentLines(PolicyDocument),
          guard('made_by_us', quoteForShell(arn), storedWord(PolicyDocument)),
          guard('unused', quoteForShell(arn)),
          ...sendLines(request, inUse),
        ],
      }
    }
    case 'CreateRole': {
      const request = { action: 'DeleteRole', input: { RoleName: operation.input.RoleName } } as const
      return {
        says: saying(request),
        body: [
          ...documentLines(operation.input.AssumeRolePolicyDocument),
          guard('role_is_ours', ...roleWords(plan, operation)),
          ...sendLines(request, inUse),
        ],
      }
    }
    case 'CreatePolicyVersion':
      return undoVersion(operation)
    case 'UpdateAssumeRolePolicy': {
      const { RoleName, PolicyDocument } = operation.input
      const restore = operation.inverse.find(({ action }) => action === 'UpdateAssumeRolePolicy')
      if (restore === undefined) return undefined
      return {
        says: saying(restore),
        body: [
          ...documentLines(PolicyDocument),
          guard('trust_is_ours', quoteForShell(RoleName), storedWord(PolicyDocument)),
          `document=${quoteForShell(documentOf(restore) ?? '')}`,
          ...sendLines(restore, 'send'),
        ],
      }
    }
    default:
      return undefined
  }
}

/** Makes the version before the default again, and deletes ours, whose id only AWS knows. */
function undoVersion(
  operation: Operation & { readonly action: 'CreatePolicyVersion' },
): UndoStep | undefined {
  const { PolicyArn, PolicyDocument } = operation.input
  const back = operation.inverse.find(({ action }) => action === 'SetDefaultPolicyVersion')
  if (back === undefined) return undefined
  const ours = { $from: 'made' }
  return {
    says: saying(back),
    body: [
      ...documentLines(PolicyDocument),
      guard('made_by_us', quoteForShell(PolicyArn), storedWord(PolicyDocument)),
      'local made=$' + '{version:-VERSION_THAT_APPLY_MADE}',
      ...sendLines(back, { code: 'NoSuchEntity', says: 'LEFT AS IT IS: the version before is gone' }),
      ...sendLines({ action: 'DeletePolicyVersion', input: { PolicyArn, VersionId: ours } }, notThere),
    ],
  }
}

const notThere = { code: 'NoSuchEntity', says: 'not there' }
const inUse = { code: 'DeleteConflict', says: 'LEFT AS IT IS: something else uses it since' }

/** Any other inverse: the same step that `apply.sh` would make of it, where it can be repeated safely. */
function asStep(request: Request, operation: Operation, plan: Plan): StepBody {
  // Its version id would differ each time, so a second run would add one more; it gave nobody access.
  if (operation.action === 'DeletePolicyVersion') return []
  if (Object.values(request.input).some(isFromAnswer)) return []
  const step = { ...request, id: operation.id, because: '', risk: 'changes', inverse: [] } as Operation
  if (request.action.startsWith('Detach') && 'PolicyArn' in request.input) {
    return [...sendLines(request, notThere), `remember_detached ${quoteForShell(request.input.PolicyArn)}`]
  }
  return applyStep(step, plan)
}
