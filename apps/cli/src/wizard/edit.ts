import type { GrantDraft } from '@mlflow-iam/core/grants/grants-draft'
import type {
  CustomPersona,
  GrantConditions,
  GrantsFile,
  GrantsServer,
} from '@mlflow-iam/core/grants/grants-file'

/** What one principal gets on one server: a persona with exceptions, and conditions that a file put on it. */
export interface Cell {
  readonly personas: readonly string[]
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly until?: string
  readonly when?: GrantConditions
  readonly policyName?: string
}

/** One principal that can hold a policy, and how the grants file names it. */
export interface Member {
  readonly arn: string
  /** `to` of its grants: `role/ci-trainer`, or the ticked profiles that act through one role. */
  readonly refs: readonly string[]
}

/** Everything the person chose: what the grants file says, and nothing else. */
export interface Edit extends Pick<GrantsFile, 'split' | 'adopt' | 'permissionSets' | 'accounts'> {
  readonly name: string
  readonly account?: string
  readonly partition: GrantsFile['partition']
  readonly region?: string
  readonly servers: readonly GrantsServer[]
  readonly roles: GrantsFile['roles']
  readonly personas: readonly CustomPersona[]
  readonly members: readonly Member[]
  /** Principal ARN, then server key. Several cells where a file holds several grants for the pair. */
  readonly cells: Readonly<Record<string, Readonly<Record<string, readonly Cell[]>>>>
}

export const emptyCell: Cell = { personas: [], add: [], remove: [] }

export function newEdit(name: string): Edit {
  const empty = {
    servers: [],
    personas: [],
    members: [],
    split: [],
    adopt: [],
    permissionSets: [],
    accounts: [],
  }
  return { name, partition: 'aws', roles: {}, cells: {}, ...empty }
}

/** The grants of one pair of principal and server; none at all is an empty list. */
export function cellsAt(edit: Edit, principal: string, server: string): readonly Cell[] {
  return edit.cells[principal]?.[server] ?? []
}

/** A grant that has ended: it takes access away, and the file still says whose it was. */
export function isEnded(cell: Cell, day: string): boolean {
  return cell.until !== undefined && cell.until <= `${day}T00:00:00Z`
}

/**
 * The grants that say what the cells say, in one fixed order: members by name, servers in file order, equal access
 * folded into one grant. The same cells always give the same grants.
 */
export function grantsOf(edit: Edit): readonly GrantDraft[] {
  const byShape = new Map<string, { cell: Cell; on: readonly string[]; to: string[] }>()
  const members = [...edit.members].sort((a, b) => ((a.refs[0] ?? '') < (b.refs[0] ?? '') ? -1 : 1))
  for (const member of members) {
    const shapes = new Map<string, { cell: Cell; on: string[] }>()
    for (const server of edit.servers) {
      for (const cell of cellsAt(edit, member.arn, server.key)) {
        const shape = JSON.stringify(normal(cell))
        const seen = shapes.get(shape)
        if (!seen) shapes.set(shape, { cell: normal(cell), on: [server.key] })
        else if (!seen.on.includes(server.key)) seen.on.push(server.key)
      }
    }
    for (const [shape, { cell, on }] of shapes) {
      const key = `${shape} ${on.join(' ')}`
      const seen = byShape.get(key)
      if (seen) seen.to.push(...member.refs)
      else byShape.set(key, { cell, on, to: [...member.refs] })
    }
  }
  return [...byShape.values()].map(({ cell, on, to }) => ({ ...cell, on, to }))
}

function normal(cell: Cell): Cell {
  return {
    personas: [...new Set(cell.personas)].sort(),
    add: [...new Set(cell.add)].sort(),
    remove: [...new Set(cell.remove)].sort(),
    ...(cell.until === undefined ? {} : { until: cell.until }),
    ...(cell.when === undefined ? {} : { when: cell.when }),
    ...(cell.policyName === undefined ? {} : { policyName: cell.policyName }),
  }
}

/** Reads a checked grants file back into an edit. `resolve` finds the principal that a reference means today. */
export function editOf(file: GrantsFile, resolve: (ref: string) => string | undefined): Edit {
  const members = new Map<string, string[]>()
  const cells: Record<string, Record<string, Cell[]>> = {}
  for (const grant of file.grants) {
    for (const to of grant.to) {
      const arn = resolve(to.text) ?? to.text
      const refs = members.get(arn) ?? []
      if (!refs.includes(to.text)) refs.push(to.text)
      members.set(arn, refs)
      const { personas, add, remove, until, when, policyName } = grant
      const cell: Cell = {
        personas,
        add,
        remove,
        ...(until === undefined ? {} : { until }),
        ...(when === undefined ? {} : { when }),
        ...(policyName === undefined ? {} : { policyName }),
      }
      const row = cells[arn] ?? {}
      cells[arn] = row
      for (const key of grant.on) {
        const there = row[key] ?? []
        row[key] = there
        if (!there.some((other) => JSON.stringify(normal(other)) === JSON.stringify(normal(cell))))
          there.push(cell)
      }
    }
  }
  return {
    name: file.name,
    ...(file.account === undefined ? {} : { account: file.account }),
    partition: file.partition,
    ...(file.region === undefined ? {} : { region: file.region }),
    servers: file.servers,
    roles: file.roles,
    personas: file.personas,
    split: file.split,
    adopt: file.adopt,
    permissionSets: file.permissionSets,
    accounts: file.accounts,
    members: [...members].map(([arn, refs]) => ({ arn, refs })),
    cells,
  }
}
