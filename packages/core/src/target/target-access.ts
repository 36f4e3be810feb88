import { mlflowActions } from '../catalog/actions.ts'
import type { ConditionBlock } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import { sortedUnique } from '../policy/statement-draft.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccessUnit } from './access-unit.ts'
import type { AppliedGrant } from './compile-target.ts'
import type { ServiceRole } from './service-roles.ts'
import type { TargetAccess, TargetServer } from './target.ts'

/** What the grants and service roles mean: who may do what on which servers, and under which conditions. */
export function targetAccess(
  snapshot: Snapshot,
  roles: readonly ServiceRole[],
  applied: readonly AppliedGrant[],
): readonly TargetAccess[] {
  const rows = new Map<string, TargetAccess & { readonly principals: string[] }>()
  const rowOf = (
    servers: readonly string[],
    actions: readonly string[],
    conditions?: ConditionBlock,
    more: Pick<TargetAccess, 'opensUi'> = {},
  ): readonly { readonly principals: string[] }[] => {
    if (servers.length === 0 || actions.length === 0) return []
    const key = canonicalJson([servers, actions, conditions ?? null, ...(more.opensUi ? [more] : [])])
    const row = rows.get(key) ?? {
      ...{ principals: [], servers, actions, ...more },
      ...(conditions ? { conditions } : {}),
    }
    rows.set(key, row)
    return [row]
  }
  const rowsOfUnit = new Map<AccessUnit, readonly { readonly principals: string[] }[]>()
  for (const { unit, principals } of applied) {
    if (unit.actions.length === 0) continue
    const arns = (isMeant: (server: TargetServer) => boolean): readonly string[] =>
      sortedUnique(unit.servers.filter(isMeant).flatMap((server) => server.arns))
    const isApp = ({ kind }: TargetServer) => kind === 'app'
    const opensUi = ({ compatible }: TargetServer) => unit.ui && compatible === true
    const call = ['CallMlflowAppApi']
    const unitRows = rowsOfUnit.get(unit) ?? [
      ...rowOf(
        arns((server) => !isApp(server)),
        unit.actions,
        unit.conditions,
      ),
      ...rowOf(
        arns((server) => isApp(server) && !opensUi(server)),
        call,
        unit.conditions,
      ),
      ...rowOf(arns(opensUi), call, unit.conditions, { opensUi: true }),
    ]
    rowsOfUnit.set(unit, unitRows)
    for (const row of unitRows)
      for (const principal of principals) row.principals.push(principal.actsAs ?? principal.arn)
  }
  for (const service of roles.filter((candidate) => candidate.role.purpose === 'sagemaker')) {
    const named = service.servers
      .filter((server) => server.kind === 'tracking-server')
      .flatMap((server) => server.arns)
    // The guide's document says "*": every server that is known.
    const servers = service.documented ? [...named, ...snapshot.servers.map((server) => server.arn)] : named
    const actions = mlflowActions.map((action) => action.bare).sort()
    for (const row of rowOf(sortedUnique(servers), actions)) row.principals.push(service.role.arn)
  }
  return [...rows.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => ({ ...row, principals: sortedUnique(row.principals) }))
}

/** What one principal should be able to do on one server, under one set of conditions. */
export interface AccessCell {
  readonly principal: string
  readonly server: string
  readonly actions: readonly string[]
  readonly conditions?: ConditionBlock
  /** AccessUI comes along with access to an App. */
  readonly opensUi?: true
}

/**
 * Writes access out: one cell for each principal, server and set of conditions, actions added up and sorted.
 * AccessUI knows no servers: whoever has it unconditionally anywhere has it in each of the cells. Sorted.
 */
export function expandAccess(access: readonly TargetAccess[]): readonly AccessCell[] {
  const opensUi = new Set(
    access
      .filter((row) => !row.conditions && (row.opensUi || row.actions.includes('AccessUI')))
      .flatMap((row) => row.principals),
  )
  const rowsByCell = new Map<string, { principal: string; server: string; rows: number[] }>()
  for (const [index, row] of access.entries()) {
    const suffix = row.conditions ? canonicalJson(row.conditions) : ''
    for (const principal of row.principals) {
      for (const server of row.servers) {
        const key = `${principal}\n${server}\n${suffix}`
        const cell = rowsByCell.get(key)
        if (cell) cell.rows.push(index)
        else rowsByCell.set(key, { principal, server, rows: [index] })
      }
    }
  }
  const unions = new Map<string, readonly string[]>()
  const union = (indexes: readonly number[], ui: boolean): readonly string[] => {
    const key = `${indexes.join(',')}${ui}`
    const known = unions.get(key)
    if (known) return known
    const made = sortedUnique([
      ...indexes.flatMap((index) => access[index]?.actions ?? []),
      ...(ui ? ['AccessUI'] : []),
    ])
    unions.set(key, made)
    return made
  }
  return [...rowsByCell.values()]
    .map(({ principal, server, rows }): AccessCell => {
      const conditions = access[rows[0] ?? 0]?.conditions
      const ui = !conditions && opensUi.has(principal) && !server.includes(':mlflow-app/')
      return {
        ...{ principal, server, actions: union(rows, ui) },
        ...(conditions ? { conditions } : {}),
        ...(rows.some((row) => access[row]?.opensUi) ? { opensUi: true as const } : {}),
      }
    })
    .sort((a, b) => compare(a.principal, b.principal) || compare(a.server, b.server))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
