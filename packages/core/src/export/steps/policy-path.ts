import type { Plan } from '../../plan/plan.ts'

/** The path under which all of the plan's policies lie: `/mlflow-iam/<name>/`, or `/` where they do not agree. */
export function policyPath(plan: Plan): string {
  const paths = new Set(
    plan.operations.flatMap(({ action, input }) => {
      if (action === 'CreatePolicy') return [input.Path ?? '/']
      if ('PolicyArn' in input)
        return [`/${input.PolicyArn.split('/').slice(1, -1).join('/')}/`.replace('//', '/')]
      return []
    }),
  )
  const [only] = paths
  return paths.size === 1 && only !== undefined ? only : '/'
}
