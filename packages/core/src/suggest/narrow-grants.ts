import { closureRules } from '../catalog/closure.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { compileTarget } from '../target/compile-target.ts'
import { findUnused } from './find-unused.ts'
import type { TrailUsage } from './read-cloudtrail.ts'

/** How one grant of a file can be narrowed to what was used. */
export interface NarrowedGrant {
  /** Index in the file's `grants`. */
  readonly index: number
  /** Additions to leave out. Bare action names, sorted, as in `remove`. */
  readonly dropFromAdd: readonly string[]
  /** Actions of its personas to take out. */
  readonly addToRemove: readonly string[]
}

/**
 * The grants that hold actions which none of their principals used on any of their servers since a date.
 * What used actions need beside them, and what CloudTrail cannot show, stays.
 */
export function narrowGrants(
  file: GrantsFile,
  usage: TrailUsage,
  snapshot: Snapshot,
  now: Date,
  since = '',
): readonly NarrowedGrant[] {
  return file.grants.flatMap((grant) => {
    const { target } = compileTarget({ ...file, roles: {}, grants: [grant] }, snapshot, now)
    const rows = findUnused(target, usage, snapshot, since)
    if (rows.length === 0 || rows.some((row) => row.silent)) return []
    const used = new Set(
      rows.flatMap((row) => row.used.filter((use) => use.last >= since).map((use) => use.action)),
    )
    // What is never recorded stays, and so does what it needs.
    const kept = new Set(
      [...used, ...rows.flatMap((row) => row.unseen)].flatMap((action) => [action, ...requiredBy(action)]),
    )
    const unused = [...new Set(rows.flatMap((row) => row.unused))]
      .filter((action) => !kept.has(action))
      .sort()
    const added = new Set(grant.add)
    const dropFromAdd = unused.filter((action) => added.has(action))
    const addToRemove = unused.filter((action) => !added.has(action))
    return unused.length > 0 ? [{ index: grant.index, dropFromAdd, addToRemove }] : []
  })
}

/** What an action is of no use without. */
function requiredBy(action: string): readonly string[] {
  return closureRules.filter((rule) => rule.action === action).flatMap((rule) => rule.requires)
}
