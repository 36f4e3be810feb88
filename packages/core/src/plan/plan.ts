import type { Partition } from '../snapshot/snapshot.ts'
import type { Target } from '../target/target.ts'
import type { Operation } from './operation.ts'

/**
 * What would change, and everything that preview, export, apply and verify need to know about it.
 * This is the object that `plan -o` writes and `--json` prints.
 */
export interface Plan {
  readonly version: 1
  /** 12 hex digits over the plan without `id` and `takenAt`: equal ids, equal plans. */
  readonly id: string
  readonly account: string
  readonly partition: Partition
  readonly region: string
  /** `name` of the grants file: the owner mark. */
  readonly name: string
  readonly prune: boolean
  readonly snapshot: { readonly takenAt: string; readonly fingerprint: Fingerprint }
  readonly target: Target
  /** In the order to run them. */
  readonly operations: readonly Operation[]
  readonly findings: readonly Finding[]
  readonly totals: {
    readonly adds: number
    readonly changes: number
    readonly removes: number
    readonly deletes: number
  }
}

/**
 * What the plan's operations depend on, one digest for each object, so that a stale plan can name what changed.
 * Keys are ARNs of principals, policies, roles and permission sets that operations name.
 */
export type Fingerprint = Readonly<Record<string, FingerprintEntry>>

export interface FingerprintEntry {
  /** 16 hex digits for each aspect that counts: `attachments`, `inline`, `boundary`, `groups`, `document`, `versions`, `trust`, `exists`; `name` is who has the name of what is not there. */
  readonly [aspect: string]: string
}

export type FindingLevel = 'low' | 'review' | 'high'

/** Something a reviewer should see. `code` is stable, kebab-case; its level stands in one table (`plan/findings.ts`). */
export interface Finding {
  readonly level: FindingLevel
  readonly code: string
  /** One or two plain sentences that name the objects. */
  readonly message: string
  /** ARNs. */
  readonly principal?: string
  readonly server?: string
}
