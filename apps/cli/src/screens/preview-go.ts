import type { Planned } from '../wizard/account.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { documentOf, objectOf, type PlanFacts, planFacts } from '../wizard/plan-facts.ts'
import { changeAt, hasPanes, rowOfChange } from './preview-panes.ts'
import { plainArea } from './preview-scroll.ts'
import { blocksOf } from './preview-tabs.ts'

/** Goes to a tab; where the present one is at a change, to the place of that change in it. */
export function goToTab(model: Model, tab: number): Model {
  const fresh = withPlace(model, { tab, row: 0, top: 0, column: 0 }, 'preview')
  const planned = loaded(model.plan)
  if (!planned) return fresh
  const facts = planFacts(planned)
  const operation = operationAt(model, planned, facts)
  if (operation === undefined) return fresh
  if (hasPanes(fresh)) return withPlace(fresh, { row: rowOfChange(planned, facts, operation) }, 'preview')
  const item = tab === 2 ? operation : tab === 3 ? documentFor(planned, facts, operation) : 0
  const row = blocksOf(fresh, facts, plainArea).findIndex((block) => block.item === item)
  return withPlace(fresh, { row: Math.max(0, row) }, 'preview')
}

/** The place in the plan of the change that the cursor is at, on the tabs that show changes. */
export function operationAt(model: Model, planned: Planned, facts: PlanFacts): number | undefined {
  const { tab, row } = placeOf(model, 'preview')
  if (hasPanes(model)) return changeAt(planned, facts, row)
  const item = blocksOf(model, facts, plainArea)[row]?.item ?? 0
  if (tab === 2) return item
  return tab === 3 ? sending(planned)[item] : undefined
}

/** The document that a change sends; for an attachment, the one of the policy that is attached, where it is sent. */
function documentFor(planned: Planned, facts: PlanFacts, at: number): number {
  const own = sending(planned).indexOf(at)
  if (own >= 0) return own
  const operation = planned.plan.operations[at]
  const title = operation && objectOf(operation)
  return Math.max(
    0,
    facts.documents.findIndex((document) => document.title === title),
  )
}

/** The places in the plan of the changes that send a document, in the order of the documents. */
function sending({ plan }: Planned): readonly number[] {
  return plan.operations.flatMap((operation, at) => (documentOf(operation) === undefined ? [] : [at]))
}
