import type { Operation } from '../plan/operation.ts'
import type { Plan } from '../plan/plan.ts'
import type { TargetPolicy } from '../target/target.ts'

/** What a reviewer reads above a step: why, and who gains or loses what. */
export function describeStep(operation: Operation, plan: Plan): readonly string[] {
  return [`  Why: ${operation.because}`, ...effect(operation, plan).map((line) => `  Who: ${line}`)]
}

function effect(operation: Operation, plan: Plan): readonly string[] {
  const { action, input } = operation
  if (action === 'CreatePolicy') return forHolders(plan, (policy) => policy.name === input.PolicyName)
  if (action === 'CreatePolicyVersion') return forHolders(plan, (policy) => policy.arn === input.PolicyArn)
  if (action === 'UpdateUserProfile') {
    const role = input.UserSettings.ExecutionRole.replace(/^.*\//, '')
    return [`profile ${input.DomainId}/${input.UserProfileName} acts through role/${role}`]
  }
  if (operation.principal === undefined) return []
  const who = principalName(plan, operation.principal)
  const policy =
    'PolicyArn' in input ? plan.target.policies.find(({ arn }) => arn === input.PolicyArn) : undefined
  const what = policy?.purpose ?? ('PolicyArn' in input ? `what ${input.PolicyArn} allows` : undefined)
  const inline = plan.target.inline?.find(({ principal }) => principal === operation.principal)
  if (action === 'PutInlinePolicyToPermissionSet' && inline) return [`${who}: ${inline.purpose}`]
  if (/^Delete(?:User|Group|Role)Policy$/u.test(action) && 'PolicyName' in input)
    return [`${who} loses: what its inline policy ${input.PolicyName} allows`]
  if (what === undefined) return [who]
  if (action.startsWith('Attach')) return [`${who} gains: ${what}`]
  if (action.startsWith('Detach')) return [`${who} loses: ${what}`]
  return [who]
}

function forHolders(plan: Plan, isIt: (policy: TargetPolicy) => boolean): readonly string[] {
  const policy = plan.target.policies.find(isIt)
  if (policy === undefined) return []
  const holders = plan.target.attachments.filter((attachment) => attachment.policy === policy.arn)
  const names = holders.map((attachment) => principalName(plan, attachment.principal))
  const shown = names.length > 8 ? [...names.slice(0, 8), `${names.length - 8} more`] : names
  return [`${shown.join(', ') || 'nobody'}: ${policy.purpose}`]
}

/** `role/ds-shared (d-abc/ana, d-abc/ben)`: the principal, and the people who act through it. */
export function principalName(plan: Plan, arn: string): string {
  const principal = plan.target.principals.find((candidate) => candidate.arn === arn)
  if (principal === undefined) return arn.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/, '')
  const { people } = principal
  const named = people.length > 4 ? [...people.slice(0, 4), `${people.length - 4} more`] : people
  return `${principal.kind}/${principal.name}${named.length === 0 ? '' : ` (${named.join(', ')})`}`
}
