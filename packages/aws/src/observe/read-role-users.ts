import type { IamRole } from '@mlflow-iam/core/snapshot/snapshot'
import type { ObserveNeeds, RegionNeed } from './needs.ts'

/**
 * What has to be read besides, where a role is about to go: IAM deletes a role that is in use without a word, so all
 * that may use it in these regions counts, whatever the grants file names.
 */
export function roleUsersNeeded(
  { leaving, leavingIn = [] }: ObserveNeeds,
  roles: readonly IamRole[],
): RegionNeed | undefined {
  return leaving && roles.some(leaving) ? { required: false, regions: leavingIn } : undefined
}

/** What was read with names in view, with what was read of all. */
export function joinByArn<T extends { readonly arn: string }>(all: readonly T[], named: readonly T[]): T[] {
  const seen = new Set(all.map(({ arn }) => arn))
  return [...all, ...named.filter(({ arn }) => !seen.has(arn))]
}
