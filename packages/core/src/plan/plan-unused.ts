import { arnName } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { findUnused } from '../suggest/find-unused.ts'
import type { TrailUsage } from '../suggest/read-cloudtrail.ts'
import type { Target } from '../target/target.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'

/** What CloudTrail shows of the calls that were made, and since when that is meant to count. */
export interface Evidence {
  readonly usage: TrailUsage
  /** ISO 8601, UTC; everything recorded counts where it is left out. */
  readonly since?: string
}

/** A finding for each principal and server with granted actions that nothing used. */
export function planUnused(
  target: Target,
  { usage, since }: Evidence,
  snapshot: Snapshot,
): readonly Finding[] {
  return findUnused(target, usage, snapshot, since).flatMap((row) => {
    if (row.unused.length === 0) return []
    const names =
      row.unused.length <= 4
        ? row.unused.join(', ')
        : `${row.unused.slice(0, 3).join(', ')} and ${row.unused.length - 3} more`
    const when = since ? `since ${since}` : 'in the records'
    const message = `${arnName(row.principal)} did not use ${row.unused.length} granted actions on ${arnName(row.server)} ${when}: ${names}.`
    return [finding('granted-unused', message, { principal: row.principal, server: row.server })]
  })
}
