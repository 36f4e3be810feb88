import { complainAboutSharing } from '../grants/checks/check-shared-names.ts'
import type { AccountIndex } from './account-index.ts'
import type { AppliedGrant } from './compile-target.ts'
import type { InputIssues } from './input-issues.ts'

/** Complains about each `policy-name` that unlike grants share, or that the account has already. */
export function checkPolicyNames(
  applied: readonly AppliedGrant[],
  path: string,
  account: AccountIndex,
  issues: InputIssues,
): void {
  const units = new Map<string, string>()
  for (const { index, unit } of applied) {
    const { policyName } = unit
    if (!policyName) continue
    const place = `grants.${index}.policy-name`
    const name = policyName.toLowerCase()
    const other = units.get(name)
    if (other !== undefined && other !== unit.key) {
      const { what, why, fix } = complainAboutSharing(policyName)
      issues.add(place, what, why, fix)
    }
    units.set(name, unit.key)
    const found = account.policy(policyName)
    if (found === undefined || (found.path === path && found.name === policyName)) continue
    issues.add(
      place,
      `The policy name ${policyName} is taken by ${found.arn}.`,
      found.path === path
        ? 'IAM does not tell names apart by their case.'
        : `That policy is not under ${path}, so it is not ours and is never changed.`,
      found.path === path ? `Write ${found.name}.` : 'Choose another policy-name.',
    )
  }
}
