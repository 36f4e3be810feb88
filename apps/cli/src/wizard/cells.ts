import type { GrantsServer } from '@mlflow-iam/core/grants/grants-file'
import { expandPersonas } from '@mlflow-iam/core/personas/expand'
import type { Persona } from '@mlflow-iam/core/personas/persona'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { isTakenOver } from './adopt.ts'
import { type Cell, cellsAt, type Edit, isEnded } from './edit.ts'
import { loaded, type Model, type TodayAccess } from './model.ts'
import { codeOf } from './palette.ts'
import { infoOf } from './people.ts'

const expanded = new WeakMap<Edit['personas'], ReadonlyMap<string, Persona>>()

/** Every persona there is: built-in and the file's own. */
export function personasOf(edit: Edit): ReadonlyMap<string, Persona> {
  const known = expanded.get(edit.personas)
  if (known) return known
  const made = expandPersonas(edit.personas)
  expanded.set(edit.personas, made)
  return made
}

/** The MLflow actions that cells allow together: (personas and additions) without removals, each by itself. */
export function actionsOf(cells: readonly Cell[], edit: Edit): ReadonlySet<string> {
  const personas = personasOf(edit)
  const all = new Set<string>()
  for (const cell of cells) {
    const removed = new Set(cell.remove)
    for (const action of cell.personas.flatMap((name) => personas.get(name)?.actions ?? [])) {
      if (!removed.has(action)) all.add(action)
    }
    for (const action of cell.add) all.add(action)
  }
  return all
}

/** What a cell says in the grid: `DS +2 -1`. Nothing at all is an empty text. */
export function cellText(cells: readonly Cell[], edit: Edit): string {
  const custom = edit.personas.map((persona) => persona.name)
  return cells
    .map((cell) => {
      const codes = cell.personas.map((name) => codeOf(name, custom)).join('&')
      const parts = [
        codes,
        cell.add.length > 0 ? `+${cell.add.length}` : '',
        cell.remove.length > 0 ? `-${cell.remove.length}` : '',
      ]
      return parts.filter((part) => part !== '').join(' ')
    })
    .join('|')
}

/** ARNs of the servers that one column means today. */
export function serverArns(
  server: GrantsServer,
  snapshot: Snapshot | undefined,
  region: string | undefined,
): readonly string[] {
  if (!snapshot) return []
  switch (server.kind) {
    case 'name':
      return snapshot.servers
        .filter(
          (each) => each.name === server.key && each.region === (server.region ?? region ?? snapshot.region),
        )
        .map((each) => each.arn)
    case 'arn':
      return [server.arn]
    case 'app':
      return [server.app]
    case 'all':
      return snapshot.servers
        .filter((each) => each.region === (server.region ?? region ?? snapshot.region))
        .map((each) => each.arn)
    case 'tag':
      return snapshot.servers
        .filter((each) =>
          Object.entries(server.tags).every(([key, value]) =>
            each.tags.some((tag) => tag.Key === key && tag.Value === value),
          ),
        )
        .map((each) => each.arn)
  }
}

/** A policy that somebody else made, and what it gives here. */
export interface Source {
  readonly policy: string
  readonly actions: readonly string[]
}

export interface CellFacts {
  readonly cells: readonly Cell[]
  readonly text: string
  /** Effective today, whoever gave it. `undefined` while it is not known. */
  readonly now: ReadonlySet<string> | undefined
  /** What will be allowed: this cell and what comes from elsewhere. */
  readonly after: ReadonlySet<string>
  /** Whether it will be able to do that: on an App, whoever may do anything may do everything. */
  readonly allows: (action: string) => boolean
  /** What foreign policies give, by policy. */
  readonly elsewhere: readonly Source[]
  /** What it has through policies that the file takes over: its own grants give it from then on. */
  readonly adopted: readonly Source[]
  readonly mark: '' | '+' | '~' | '-'
}

/** Everything the grid and its strip say about one cell. */
export function cellFacts(model: Model, principal: string, server: GrantsServer): CellFacts {
  const { edit } = model
  const cells = cellsAt(edit, principal, server.key).filter((cell) => !isEnded(cell, model.day))
  const own = ownActions(cells, edit, server)
  const arns = serverArns(server, loaded(model.snapshot), edit.region)
  const holder = infoOf(principal, loaded(model.snapshot), edit)
  // What someone may do in another account was not read.
  const today = server.kind === 'arn' && server.via !== undefined ? undefined : loaded(model.today)
  const { now, sources } = todayAt(today, holder.splitFrom ?? principal, arns)
  const leaves = ({ policy }: Source) => isTakenOver(model, holder, policy)
  const adopted = edit.adopt.length === 0 ? [] : sources.filter(leaves)
  const elsewhere = adopted.length === 0 ? sources : sources.filter((source) => !leaves(source))
  const after = new Set(own)
  for (const { actions } of elsewhere) for (const action of actions) after.add(action)
  // AccessUI has no scope: whoever keeps it through another server keeps it here.
  if (now?.has('AccessUI') && !after.has('AccessUI') && keepsUi(model, principal)) after.add('AccessUI')
  const allows = (action: string) => after.has(action) || (server.kind === 'app' && after.size > 0)
  const text = cellText(cells, edit)
  return { cells, text, now, after, allows, elsewhere, adopted, mark: markOf(now, after) }
}

/** What cells allow on a server of that kind: an App has one action, whatever the persona. */
function ownActions(cells: readonly Cell[], edit: Edit, server: GrantsServer): ReadonlySet<string> {
  const actions = actionsOf(cells, edit)
  return server.kind === 'app' && actions.size > 0 ? new Set(['CallMlflowAppApi']) : actions
}

function keepsUi({ edit, day }: Model, principal: string): boolean {
  return edit.servers.some((server) => {
    const cells = cellsAt(edit, principal, server.key).filter((cell) => !isEnded(cell, day))
    // On an App the UI comes with the compatible form alone.
    return (server.kind !== 'app' || server.compatible === true) && actionsOf(cells, edit).has('AccessUI')
  })
}

function todayAt(today: TodayAccess | undefined, principal: string, servers: readonly string[]) {
  const rows = today?.get(principal)
  if (!today) return { now: undefined, sources: [] }
  const now = new Set<string>()
  const elsewhere = new Map<string, Set<string>>()
  for (const arn of servers) {
    const row = rows?.get(arn)
    for (const action of row?.allowed ?? []) now.add(action)
    for (const source of row?.elsewhere ?? []) {
      const actions = elsewhere.get(source.policy) ?? new Set()
      for (const action of source.actions) actions.add(action)
      elsewhere.set(source.policy, actions)
    }
  }
  return {
    now,
    sources: [...elsewhere].map(([policy, actions]) => ({ policy, actions: [...actions].sort() })),
  }
}

function markOf(now: ReadonlySet<string> | undefined, after: ReadonlySet<string>): CellFacts['mark'] {
  if (!now) return ''
  if (now.size === 0) return after.size === 0 ? '' : '+'
  if (after.size === 0) return '-'
  return now.size === after.size && [...now].every((action) => after.has(action)) ? '' : '~'
}
