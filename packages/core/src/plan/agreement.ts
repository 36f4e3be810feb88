import type { Plan } from './plan.ts'

/** What a person has to agree to before a plan may be applied. */
export interface Agreement {
  /** The plan changes something at all. */
  readonly changes: boolean
  /** `--yes` is not enough: the account's alias must be given. */
  readonly confirm: boolean
  /** Policies and roles that it deletes; versions and detachments do not count. */
  readonly deletes: number
  /** Why it must be confirmed, in words; empty when `confirm` is false. */
  readonly reasons: readonly string[]
}

/** Reads off a plan what it needs agreement to: removals, lost access and `high` findings need a confirmation. */
export function agreementOf(plan: Plan): Agreement {
  const removals = plan.operations.filter((operation) => operation.risk === 'removes')
  const high = plan.findings.filter((item) => item.level === 'high')
  const reasons = [
    ...(removals.length > 0
      ? [`It takes away: ${removals.length} removal${removals.length === 1 ? '' : 's'}.`]
      : []),
    ...high.map((item) => item.message),
  ]
  const changes = plan.operations.length > 0
  return {
    changes,
    confirm: changes && reasons.length > 0,
    deletes: plan.totals.deletes,
    reasons: changes ? reasons : [],
  }
}
