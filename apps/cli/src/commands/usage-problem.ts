import { exitCodes, Problem } from '@mlflow-iam/core/problem'

/** A command line that cannot be carried out as given: exit 3. */
export function usageProblem(what: string, why: string, ...fix: readonly string[]): Problem {
  return new Problem('USAGE', what, { why, fix, exit: exitCodes.badInput })
}
