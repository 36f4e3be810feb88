import type { AccessRow } from '../evaluate/access.ts'
import type { Comparison } from '../evaluate/compare-access.ts'
import type { Finding, Plan } from '../plan/plan.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/** Everything that an access review report is made from. */
export interface ReportInput {
  readonly snapshot: Snapshot
  readonly rows: readonly AccessRow[]
  readonly findings: readonly Finding[]
  readonly madeAt: Date
  readonly toolVersion: string
  readonly method: 'read' | 'simulate'
  /** What the account was held against, for `verify`; `show` has none. */
  readonly verified?: { readonly plan: Plan; readonly comparison: Comparison; readonly strict: boolean }
  /** The rows of an earlier report, to say what changed since. */
  readonly previous?: { readonly takenAt: string; readonly rows: readonly AccessRow[] }
  /** Names become stable ids. */
  readonly redact: boolean
}
