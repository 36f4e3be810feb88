import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Target } from '../target/target.ts'
import type { AccessDifference, AccessRow, UnknownAccess } from './access.ts'
import { accountOf } from './account.ts'
import { Comparer } from './comparer.ts'
import { elsewhereDifferences, elsewhereRows } from './elsewhere-access.ts'
import { evaluateAccess } from './evaluate-access.ts'

export interface CompareOptions {
  /** `name` of the grants file: the owner mark. */
  readonly name: string
  readonly now: Date
  /** Extra access from elsewhere is a difference too, on the servers that the file names. */
  readonly strict: boolean
  /** Owned access of principals that the file does not list is a difference too. */
  readonly prune?: boolean
}

export interface Comparison {
  readonly ok: boolean
  /** What the principals of the file can do on its servers, as `evaluateAccess` says it. */
  readonly access: readonly AccessRow[]
  readonly differences: readonly AccessDifference[]
  /** What is neither as described nor known to differ; absent where all is known. */
  readonly unknown?: readonly UnknownAccess[]
}

/**
 * Does the account give exactly this access? Missing access and extra through our own policies are always
 * differences. Access under conditions is asked for twice: by a request that meets them, which must pass, and
 * by one of which nothing is known, which our own policies must not let pass.
 */
export function compareAccess(target: Target, snapshot: Snapshot, options: CompareOptions): Comparison {
  const account = accountOf(snapshot)
  const comparer = new Comparer(target, account, options)
  const half = elsewhereDifferences(target, snapshot, options.now)
  const differences = [...comparer.differences(), ...half].sort(
    (a, b) => compare(a.principal, b.principal) || compare(a.server, b.server),
  )
  const here = evaluateAccess(snapshot, {
    principals: comparer.listed,
    servers: comparer.namedServers,
    name: options.name,
    now: options.now,
  })
  const access = [...here, ...elsewhereRows(target)]
  const { unknown } = comparer
  const ok = differences.length + unknown.length === 0
  return { ok, access, differences, ...(unknown.length === 0 ? {} : { unknown }) }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
