import type { Plan } from '../../plan/plan.ts'

/** What this plan makes: ARNs of roles and policies, `principal policy` of attachments, ARNs of permission sets that
 * get an inline policy. All else exists. */
export function newThings(plan: Plan): ReadonlySet<string> {
  const { roles, policies, attachments } = plan.target
  const made = new Set<string>()
  for (const operation of plan.operations) {
    const { action, input } = operation
    if (action === 'CreateRole') add(roles.find(({ name }) => name === input.RoleName)?.arn)
    if (action === 'CreatePolicy') add(policies.find(({ name }) => name === input.PolicyName)?.arn)
    if (action === 'PutInlinePolicyToPermissionSet') {
      // Where the set had none, its inverse deletes it.
      const made = operation.inverse.some((back) => back.action === 'DeleteInlinePolicyFromPermissionSet')
      add(made ? input.PermissionSetArn : undefined)
    }
    if (action.startsWith('Attach') && 'PolicyArn' in input) {
      const name = 'UserName' in input ? input.UserName : 'GroupName' in input ? input.GroupName : undefined
      const holder = name ?? ('RoleName' in input ? input.RoleName : '')
      const found = attachments.find(
        ({ principal, policy }) =>
          policy === input.PolicyArn && principal.endsWith(`/${holder}`) && isOf(principal, action),
      )
      add(found && `${found.principal} ${found.policy}`)
    }
    if (action === 'AttachCustomerManagedPolicyReferenceToPermissionSet') {
      const { Name, Path } = input.CustomerManagedPolicyReference
      const found = attachments.find(
        ({ principal, policy }) => principal === input.PermissionSetArn && policy.endsWith(`${Path}${Name}`),
      )
      add(found && `${found.principal} ${found.policy}`)
    }
  }
  return made

  function add(thing: string | undefined): void {
    if (thing !== undefined) made.add(thing)
  }
}

/** `AttachUserPolicy` is of `…:user/…`. */
function isOf(principal: string, action: string): boolean {
  return principal.split(':')[5]?.startsWith(`${action.slice(6, -6).toLowerCase()}/`) ?? false
}
