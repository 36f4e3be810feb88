import type { Operation, Risk } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { type NamedPrincipal, policyWord, principalWord } from './names.ts'

/** The mark of each risk: readable without colour. */
export const marks: Readonly<Record<Risk, '+' | '~' | '-'>> = { adds: '+', changes: '~', removes: '-' }

/** One operation as a person reads it. */
export interface PlanLine {
  readonly risk: Risk
  /** Whose access it is: every line names its principals. */
  readonly who: string
  /** The API's own name. */
  readonly action: string
  /** What it acts on: a policy's or role's name. */
  readonly object: string
  readonly because: string
}

/** The plan's operations as lines, in the order they run. `named` are principals whose ARNs hold no name. */
export function planLines(
  plan: Plan,
  named: readonly NamedPrincipal[] = plan.target.principals,
): readonly PlanLine[] {
  const holders = new Map<string, string[]>()
  for (const { principal, policy } of plan.target.attachments) {
    holders.set(policy, [...(holders.get(policy) ?? []), principalWord(principal, named)])
  }
  return plan.operations.map((operation) => ({
    risk: operation.risk,
    who: whoOf(operation, plan, named, holders),
    action: operation.action,
    object: objectOf(operation),
    because: operation.because,
  }))
}

function whoOf(
  operation: Operation,
  plan: Plan,
  named: readonly NamedPrincipal[],
  holders: ReadonlyMap<string, readonly string[]>,
): string {
  if (operation.principal !== undefined) return principalWord(operation.principal, named)
  const { input } = operation
  if ('RoleName' in input) return `role/${input.RoleName}`
  if ('PermissionSetArn' in input) return principalWord(input.PermissionSetArn, named)
  if ('UserProfileName' in input) return `profile/${input.DomainId}/${input.UserProfileName}`
  const policy =
    'PolicyArn' in input
      ? input.PolicyArn
      : plan.target.policies.find(({ name }) => 'PolicyName' in input && name === input.PolicyName)?.arn
  return shorten(holders.get(policy ?? '') ?? [`policy/${objectOf(operation)}`])
}

/** The first of several, and how many more; a policy that nobody has stands for itself. */
function shorten(names: readonly string[]): string {
  const [first = ''] = names
  return names.length === 1 ? first : `${first} and ${names.length - 1} more`
}

function objectOf({ input }: Operation): string {
  if ('PolicyArn' in input) return policyWord(input.PolicyArn)
  if ('PolicyName' in input) return input.PolicyName
  if ('CustomerManagedPolicyReference' in input) return input.CustomerManagedPolicyReference.Name
  if ('RoleName' in input) return input.RoleName
  if ('InlinePolicy' in input) return 'inline policy'
  return ''
}
