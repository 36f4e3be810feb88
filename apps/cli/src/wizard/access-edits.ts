import { count } from '../ui/text.ts'
import { appKeys } from './apps.ts'
import { actionsOf, cellFacts, personasOf } from './cells.ts'
import { type Cell, cellsAt, type Edit, emptyCell, isEnded } from './edit.ts'
import { changed, type Model, placeOf } from './model.ts'
import { personaTitle, type Row, rowOf, visibleRows } from './rows.ts'

/** The cells that a key changes: ticked rows, else the cursor row; one server, or all from the Person column. */
export interface Selection {
  readonly rows: readonly Row[]
  /** Keys of servers. */
  readonly servers: readonly string[]
}

/** What the next change is about. */
export function selection(model: Model): Selection {
  const servers = model.edit.servers
  if (model.actions) {
    const member = model.edit.members.find((each) => each.arn === model.actions?.principal)
    return { rows: member ? [rowOf(member, model)] : [], servers: [model.actions.server] }
  }
  const shown = visibleRows(model)
  const ticked = shown.filter((row) => model.ticked.includes(row.member.arn))
  const { row: at, column } = placeOf(model, 'access')
  const current = shown[at]
  const rows = ticked.length > 0 ? ticked : current ? [current] : []
  const server = servers[column - 1]
  return { rows, servers: column === 0 || !server ? servers.map((each) => each.key) : [server.key] }
}

function editCells(
  model: Model,
  { rows, servers }: Selection,
  change: (cell: Cell | undefined, principal: string, server: string) => Cell | undefined,
): Edit {
  const cells: Record<string, Edit['cells'][string]> = { ...model.edit.cells }
  let touched = false
  for (const { member } of rows) {
    const row = { ...cells[member.arn] }
    for (const server of servers) {
      const all = row[server] ?? []
      const before = all.filter((cell) => !isEnded(cell, model.day))
      const one = before.length > 1 ? joined(before) : before[0]
      const after = change(one, member.arn, server)
      if (after === one && before.length === all.length && before.length <= 1) continue
      touched = true
      if (after) row[server] = [after]
      else delete row[server]
    }
    cells[member.arn] = row
  }
  return touched ? { ...model.edit, cells } : model.edit
}

/** Several grants of one pair, as one cell: the union, under the first one's conditions. */
function joined(cells: readonly Cell[]): Cell {
  const [first = emptyCell] = cells
  const union = (pick: (cell: Cell) => readonly string[]) => [...new Set(cells.flatMap(pick))].sort()
  return { ...first, personas: union((cell) => cell.personas), add: union((cell) => cell.add), remove: [] }
}

/**
 * Gives personas to the selection. Exceptions that still differ from the new persona are kept and counted in the
 * message; no persona takes the access away. `toggle` adds or removes one persona of a union.
 */
export function setPersonas(
  model: Model,
  chosen: Selection,
  names: readonly string[],
  mode: 'set' | 'toggle' = 'set',
): Model {
  const personas = personasOf(model.edit)
  let kept = 0
  const edit = editCells(model, chosen, (cell, principal, server) => {
    if (names.length === 0) return takenAway(model, cell, principal, server)
    const before = cell ?? emptyCell
    const [name = ''] = names
    const next =
      mode === 'set'
        ? names
        : before.personas.includes(name)
          ? before.personas.filter((each) => each !== name)
          : [...before.personas, name].sort()
    const has = new Set(next.flatMap((each) => personas.get(each)?.actions ?? []))
    const add = before.add.filter((action) => !has.has(action))
    const remove = before.remove.filter((action) => has.has(action))
    if (add.length + remove.length > 0) kept += 1
    if (next.length === 0 && add.length === 0) return undefined
    return { ...before, personas: next, add, remove }
  })
  const title =
    names.length === 0 ? 'without access' : names.map((name) => personaTitle(name, personas)).join(' and ')
  const still =
    kept > 0
      ? ` ${kept === 1 ? '1 cell keeps its' : `${kept} cells keep their`} exceptions; = drops them.`
      : ''
  const apps = names.length === 0 ? [] : appKeys(model.edit, chosen.servers)
  const full = apps.length === 0 ? '' : ` On ${apps.join(', ')}: everything.`
  return told(model, edit, chosen, `are now ${title}`, `is now ${title}`, `${full}${still}`)
}

/**
 * Access that this file gave and AWS has is ended, not just left out: a principal that a file no longer lists keeps
 * what it has. Access that is only in the draft is simply gone.
 */
function takenAway(model: Model, cell: Cell | undefined, principal: string, key: string): Cell | undefined {
  const server = model.edit.servers.find((each) => each.key === key)
  if (!cell || !server) return undefined
  const { now, elsewhere } = cellFacts(model, principal, server)
  const foreign = new Set(elsewhere.flatMap((source) => source.actions))
  const gaveSome = [...(now ?? [])].some((action) => !foreign.has(action))
  return gaveSome ? { ...cell, until: `${model.day}T00:00:00Z` } : undefined
}

/** The plain persona again: no exceptions. */
export function dropExceptions(model: Model, chosen: Selection): Model {
  const edit = editCells(model, chosen, (cell) =>
    cell && cell.personas.length > 0 && cell.add.length + cell.remove.length > 0
      ? { ...cell, add: [], remove: [] }
      : cell,
  )
  if (edit === model.edit) return { ...model, said: { text: 'No exceptions here.', tone: 'plain' } }
  return told(model, edit, chosen, 'have their plain persona again', 'has its plain persona again', '')
}

/** Ticks or unticks single actions, as exceptions of the persona. */
export function setActions(
  model: Model,
  chosen: Selection,
  actions: readonly string[],
  on: boolean,
  what: string,
): Model {
  const personas = personasOf(model.edit)
  const edit = editCells(model, chosen, (cell) => {
    const before = cell ?? emptyCell
    const has = new Set(before.personas.flatMap((name) => personas.get(name)?.actions ?? []))
    const add = new Set(before.add)
    const remove = new Set(before.remove)
    for (const action of actions) {
      if (on) {
        remove.delete(action)
        if (!has.has(action)) add.add(action)
      } else {
        add.delete(action)
        if (has.has(action)) remove.add(action)
      }
    }
    if (before.personas.length === 0 && add.size === 0) return undefined
    return { ...before, add: [...add].sort(), remove: [...remove].sort() }
  })
  return edit === model.edit
    ? model
    : { ...changed(model, edit, what), said: { text: `${what}. u undoes.`, tone: 'plain' } }
}

/** Ticks one action if the cell lacks it, else unticks it; access from elsewhere cannot be unticked. */
export function toggleAction(model: Model, action: string): Model {
  const { actions } = model
  const server = model.edit.servers.find((each) => each.key === actions?.server)
  if (!actions || !server) return model
  const facts = cellFacts(model, actions.principal, server)
  const own = actionsOf(facts.cells, model.edit)
  if (!own.has(action)) {
    const source = facts.elsewhere.find((each) => each.actions.includes(action))
    const next = setActions(model, selection(model), [action], true, `tick ${action}`)
    return source
      ? {
          ...next,
          said: { text: `${action} comes already through ${policyWords(source.policy)}.`, tone: 'plain' },
        }
      : next
  }
  const next = setActions(model, selection(model), [action], false, `untick ${action}`)
  const source = facts.elsewhere.find((each) => each.actions.includes(action))
  return source
    ? {
        ...next,
        said: {
          text: `${action} stays, through ${policyWords(source.policy)}, which this tool does not manage.`,
          tone: 'warn',
        },
      }
    : next
}

/** Puts one row's access on the ticked rows, server by server. */
export function pasteAccess(model: Model, from: string): Model {
  const chosen = { ...selection(model), servers: model.edit.servers.map((server) => server.key) }
  const rows = chosen.rows.filter((row) => row.member.arn !== from)
  const edit = editCells(model, { rows, servers: chosen.servers }, (cell, principal, server) => {
    const taken = cellsAt(model.edit, from, server).filter((each) => !isEnded(each, model.day))
    if (taken.length === 0) return takenAway(model, cell, principal, server)
    return taken.length > 1 ? joined(taken) : taken[0]
  })
  const source = model.edit.members.find((member) => member.arn === from)
  const name = source ? rowOf(source, model).title : from
  if (rows.length === 0)
    return {
      ...model,
      said: { text: `Tick other rows, then c puts ${name}'s access on them.`, tone: 'warn' },
    }
  return {
    ...told(
      model,
      edit,
      { rows, servers: chosen.servers },
      `have the access of ${name}`,
      `has the access of ${name}`,
      '',
    ),
    copied: undefined,
  }
}

function told(
  model: Model,
  edit: Edit,
  { rows, servers }: Selection,
  many: string,
  one: string,
  more: string,
): Model {
  if (edit === model.edit) return { ...model, said: { text: 'Already so.', tone: 'plain' } }
  const people = rows.reduce((sum, row) => sum + row.people, 0)
  const where = servers.length === 1 ? servers[0] : `${servers.length} servers`
  const who =
    rows.length === 1
      ? `${rows[0]?.title}${people > 1 ? `, ${people} people,` : ''} ${one}`
      : `${rows.length} rows, ${count(people, 'person', 'people')}, ${many}`
  const text = `${who} on ${where}.${more} u undoes.`
  return { ...changed(model, edit, `${who} on ${where}`), said: { text, tone: 'plain' } }
}

/** A policy as people call it: its name, or the inline one and who holds it. */
export function policyWords(policy: string): string {
  const inline = /^inline:(.*)@(.*)$/.exec(policy)
  if (inline) return `inline policy ${inline[1]}`
  return policy.slice(policy.lastIndexOf('/') + 1)
}
