import type { Plan } from '../../src/plan/plan.ts'

/** What a plan's target leaves in an account, in the form into which tests bring every export. */
export interface Described {
  readonly policies: Readonly<Record<string, { readonly document: unknown; readonly tags?: unknown }>>
  readonly roles: Readonly<Record<string, { readonly trust: unknown; readonly tags: unknown }>>
  readonly attachments: readonly string[]
}

export function describeTarget(plan: Plan, { tags = true } = {}): Described {
  const { policies, roles, attachments } = plan.target
  const tagsOf = (list: readonly { Key: string; Value: string }[]) =>
    Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]))
  return {
    policies: Object.fromEntries(
      policies.map((policy) => [
        policy.arn,
        { document: policy.document, ...(tags ? { tags: tagsOf(policy.tags) } : {}) },
      ]),
    ),
    roles: Object.fromEntries(
      roles
        .filter(({ existing }) => !existing)
        .map((role) => [role.arn, { trust: role.trust, tags: tagsOf(role.tags) }]),
    ),
    attachments: attachments.map(({ principal, policy }) => `${principal} ${policy}`).sort(),
  }
}
