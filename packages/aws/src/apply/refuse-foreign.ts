import { inlineLabel } from '@mlflow-iam/core/evaluate/owned'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'

const changesPolicy =
  /^(CreatePolicyVersion|SetDefaultPolicyVersion|DeletePolicyVersion|DeletePolicy|TagPolicy|UntagPolicy)$/

/**
 * Refuses a plan that would change or delete a policy that is not its own, or touch an attachment or an inline
 * policy from elsewhere without the file's word for it. No plan of this program does; one that was edited might.
 */
export function refuseForeign(plan: Plan): void {
  for (const operation of plan.operations) {
    const why = whyForeign(operation, plan)
    if (why === undefined) continue
    throw new Problem(
      'NOT_OURS',
      `${operation.id} of the plan (${operation.action}) is about something that does not belong to ${plan.name}.`,
      {
        why,
        fix: ['Make the plan again: mlflow-iam plan -f grants.yaml -o plan.json'],
        exit: exitCodes.badInput,
      },
    )
  }
}

function whyForeign(operation: Operation, plan: Plan): string | undefined {
  const { action, input } = operation
  const own = `/mlflow-iam/${plan.name}/`
  const only = `Only policies under ${own} are ever changed`
  if (action === 'CreatePolicy') return input.Path === own ? undefined : `${only}: ${input.PolicyName}.`
  if ('PolicyArn' in input) {
    if (input.PolicyArn.includes(`:policy${own}`)) return undefined
    if (changesPolicy.test(action)) return `${only}: ${input.PolicyArn}.`
    return action.startsWith('Attach') ? whyAttached(operation, plan) : whyDetached(operation, plan)
  }
  if (/^(?:Put|Delete)(?:User|Group|Role)Policy$/.test(action)) return whyInline(operation, plan)
  if (action === 'DetachCustomerManagedPolicyReferenceFromPermissionSet') {
    const { Name, Path } = input.CustomerManagedPolicyReference
    if (Path === own || plan.target.adopted?.some((arn) => arn.endsWith(`:policy${Path}${Name}`)))
      return undefined
    return `The file does not adopt ${Path}${Name}.`
  }
  if (action === 'UpdateUserProfile') {
    const isSplit = plan.target.roles.some(
      ({ arn, split }) =>
        arn === input.UserSettings.ExecutionRole &&
        split?.domain === input.DomainId &&
        split.profile === input.UserProfileName,
    )
    return isSplit ? undefined : `The file does not split profile ${input.DomainId}/${input.UserProfileName}.`
  }
  return undefined
}

/** Nothing here writes an inline policy, and it deletes one only where the file adopts that one of that holder. */
function whyInline({ action, input, principal = '' }: Operation, { target }: Plan): string | undefined {
  const name = 'PolicyName' in input ? input.PolicyName : ''
  const kind = /^[A-Z][a-z]+([A-Z][a-z]+)/.exec(action)?.[1] ?? ''
  const holder = (input as Readonly<Record<string, unknown>>)[`${kind}Name`]
  const isHolders = principal.includes(`:${kind.toLowerCase()}/`) && principal.endsWith(`/${holder}`)
  if (action.startsWith('Delete') && isHolders && target.adopted?.includes(inlineLabel(name, principal)))
    return undefined
  return `${name} is an inline policy of ${kind.toLowerCase()} ${holder} from elsewhere, and the file does not adopt it.`
}

/** A role that a split makes holds what the shared one holds; nobody else gets policies from elsewhere. */
function whyAttached({ input }: Operation, { target }: Plan): string | undefined {
  const policy = 'PolicyArn' in input ? input.PolicyArn : ''
  const role = 'RoleName' in input ? target.roles.find(({ name }) => name === input.RoleName) : undefined
  return role?.split ? undefined : `${policy} comes from elsewhere and is handed to nobody.`
}

/** Off whoever the file lists where it adopts the policy, and off a role of ours that the plan deletes. */
function whyDetached({ input }: Operation, { target, operations }: Plan): string | undefined {
  const policy = 'PolicyArn' in input ? input.PolicyArn : ''
  if (target.adopted?.includes(policy)) return undefined
  const deleted = operations.some(
    (other) =>
      other.action === 'DeleteRole' && 'RoleName' in input && other.input.RoleName === input.RoleName,
  )
  return deleted ? undefined : `${policy} comes from elsewhere, and the file does not adopt it.`
}
