import { actionGroups, type CatalogAction, mlflowActions } from '@mlflow-iam/core/catalog/actions'
import { actionsOf, type CellFacts, cellFacts, personasOf } from '../wizard/cells.ts'
import { evidenceWord, neededByCode, useAt } from '../wizard/evidence.ts'
import { type Model, placeOf } from '../wizard/model.ts'
import { neededBy, personaTitle, rowOf } from '../wizard/rows.ts'

/** A line of an opened cell: a group of actions, or one action of an unfolded group. */
export type Item =
  | { readonly kind: 'group'; readonly title: string; readonly actions: readonly CatalogAction[] }
  | { readonly kind: 'action'; readonly action: CatalogAction; readonly group: string }

const known = new Set(mlflowActions.map((action) => action.bare))

/** What the person looks at, and what there is to say about it. */
export interface Opened {
  readonly title: string
  readonly facts: CellFacts
  readonly own: ReadonlySet<string>
  readonly base: ReadonlySet<string>
  readonly needs: { readonly call: string; readonly actions: readonly string[] } | undefined
  readonly items: readonly Item[]
  /** What imported evidence says of an action here: `used`, `needed by train.py:41`. */
  readonly evidenceOf: (action: string) => string
}

/** Everything about the cell that is opened. */
export function openedOf(model: Model): Opened | undefined {
  const { actions } = model
  const server = model.edit.servers.find((each) => each.key === actions?.server)
  const member = model.edit.members.find((each) => each.arn === actions?.principal)
  if (!actions || !server || !member) return undefined
  const facts = cellFacts(model, actions.principal, server)
  const own = actionsOf(facts.cells, model.edit)
  const personas = personasOf(model.edit)
  const base = new Set(
    facts.cells.flatMap((cell) => cell.personas).flatMap((name) => personas.get(name)?.actions ?? []),
  )
  const query = placeOf(model, 'actions').filter.text.trim()
  const needs = neededBy(query) ?? (query === '' ? neededByCode(model) : undefined)
  const words = facts.cells.map((cell) => {
    const names = cell.personas.map((name) => personaTitle(name, personas)).join(' and ') || 'hand-picked'
    return `${names}${cell.add.length ? ` +${cell.add.length}` : ''}${cell.remove.length ? ` -${cell.remove.length}` : ''}`
  })
  const dot = model.ascii ? '.' : '·'
  const title = `${rowOf(member, model).title} on ${server.key} ${dot} ${words.join(', ') || 'no access'} ${dot} ${facts.after.size} of ${mlflowActions.length}`
  const use = useAt(model, actions.principal, server, facts)
  return {
    title,
    facts,
    own,
    base,
    needs,
    items: itemsOf(actions.open, query, needs, facts),
    evidenceOf: (action) => evidenceWord(model.evidence, use, action),
  }
}

/** Groups, and the actions of those that are unfolded. A plain filter unfolds what matches. */
function itemsOf(
  open: readonly string[],
  query: string,
  needs: Opened['needs'],
  facts: CellFacts,
): readonly Item[] {
  const fresh = [...(facts.now ?? [])].filter((name) => !known.has(name)).map(unknownAction)
  const groups = [
    ...actionGroups.map((title) => ({
      title,
      actions: mlflowActions.filter((each) => each.group === title),
    })),
    ...(fresh.length > 0 ? [{ title: 'New', actions: fresh }] : []),
  ]
  const wanted = query.toLowerCase()
  return groups.flatMap((group): readonly Item[] => {
    const matching =
      query === '' || needs
        ? group.actions
        : group.actions.filter((each) => each.bare.toLowerCase().includes(wanted))
    if (matching.length === 0) return []
    const needed = needs ? group.actions.some((action) => needs.actions.includes(action.bare)) : false
    const isOpen =
      open.includes(group.title) || (query !== '' && !needs) || (needed && open.includes('*needed'))
    const head: Item = { kind: 'group', ...group }
    return isOpen
      ? [head, ...matching.map((action): Item => ({ kind: 'action', action, group: group.title }))]
      : [head]
  })
}

/** An action that AWS has and this catalogue does not know yet. */
function unknownAction(bare: string): CatalogAction {
  return {
    name: `sagemaker-mlflow:${bare}`,
    bare,
    access: 'Write',
    group: 'UI',
    resourceTypes: [],
    conditionKeys: [],
    inGuide: false,
    description: 'do something that is newer than this program',
    functions: [],
  }
}
