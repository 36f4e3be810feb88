import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'

const changesPolicy =
  /^(CreatePolicyVersion|SetDefaultPolicyVersion|DeletePolicyVersion|DeletePolicy|TagPolicy|UntagPolicy)$/

/**
 * Refuses a plan that would change or delete a policy that is not its own. No plan of this program does; one that
 * was edited might.
 */
export function refuseForeign(plan: Plan): void {
  const own = `:policy/mlflow-iam/${plan.name}/`
  for (const { id, action, input } of plan.operations) {
    const members: Readonly<Record<string, unknown>> = { ...input }
    const foreign =
      action === 'CreatePolicy'
        ? members.Path !== `/mlflow-iam/${plan.name}/`
        : changesPolicy.test(action) && !String(members.PolicyArn).includes(own)
    if (!foreign) continue
    throw new Problem(
      'NOT_OURS',
      `${id} of the plan (${action}) is about a policy that does not belong to ${plan.name}.`,
      {
        why: `Only policies under /mlflow-iam/${plan.name}/ are ever changed: ${String(members.PolicyArn ?? members.PolicyName)}.`,
        fix: ['Make the plan again: mlflow-iam plan -f grants.yaml -o plan.json'],
        exit: exitCodes.badInput,
      },
    )
  }
}
