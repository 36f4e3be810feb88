import { isCarriedPolicy } from '../target/split-marks.ts'

/** Where this tool keeps its policies; those of one grants file stand in a folder of its name. */
export const ownedPath = '/mlflow-iam/'

/**
 * Whether a policy is ours: made for the grants file of this name, or, without a name, for any.
 * `policy` is a managed policy's ARN or an inline policy's label; inline policies never are. A policy that
 * only carries over what somebody else wrote is not either: what it gives comes from elsewhere.
 */
export function isOwnedPolicy(policy: string, name?: string): boolean {
  if (isCarriedPolicy(policy)) return false
  const resource = policy.startsWith('inline:') ? '' : policy.split(':').slice(5).join(':')
  return resource.startsWith(`policy${ownedPath}${name === undefined ? '' : `${name}/`}`)
}
