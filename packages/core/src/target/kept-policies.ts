import { inlineLabel } from '../evaluate/owned.ts'
import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { arnName } from '../policy/arn.ts'
import type { IamRole } from '../snapshot/snapshot.ts'

/** Whoever uses a role that is there holds what it held before, too: all that is neither ours nor adopted. */
export function keptPolicies(
  { arn, name, attached, inline }: IamRole,
  ownPrefix: string,
  adopted: ReadonlySet<string>,
): readonly Finding[] {
  const kept = [
    ...attached.filter((policy) => !policy.startsWith(ownPrefix) && !adopted.has(policy)).map(arnName),
    ...inline
      .filter((policy) => !adopted.has(inlineLabel(policy.name, arn)))
      .map(({ name }) => `inline:${name}`),
  ]
  if (kept.length === 0) return []
  const message = `Role ${name} keeps its other policies: ${kept.sort().join(', ')}.`
  return [finding('role-keeps-policies', message, { principal: arn })]
}
