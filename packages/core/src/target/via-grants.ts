import type { AccessUnit } from './access-unit.ts'
import type { AppliedGrant } from './compile-target.ts'
import type { TargetPrincipal, TargetServer } from './target.ts'
import { serverReads } from './unit-statements.ts'

/** A grant on one server of another account. */
export interface ViaGrant {
  readonly unit: AccessUnit
  readonly server: TargetServer & { readonly via: string }
  readonly principals: readonly TargetPrincipal[]
}

/** The grants that go through roles of other accounts, a line for each grant and server. */
export function viaGrants(applied: readonly AppliedGrant[]): readonly ViaGrant[] {
  return applied.flatMap(({ unit, principals }) =>
    unit.servers.flatMap((server) =>
      server.via && principals.length > 0 && (unit.actions.length > 0 || serverReads(unit).length > 0)
        ? [{ unit, server: { ...server, via: server.via }, principals }]
        : [],
    ),
  )
}

/** Groups in the order in which their keys first come. */
export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
