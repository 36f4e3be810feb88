import type { GrantsDraft } from '../grants/grants-draft.ts'
import { expandPersonas } from '../personas/expand.ts'
import type { NarrowedGrant } from './narrow-grants.ts'

/** The same grants without what was not used. A grant that would hold nothing any more is left out. */
export function narrowDraft(draft: GrantsDraft, narrowed: readonly NarrowedGrant[]): GrantsDraft {
  const personas = expandPersonas(draft.personas)
  const byIndex = new Map(narrowed.map((each) => [each.index, each]))
  return {
    ...draft,
    grants: draft.grants.flatMap((grant, index) => {
      const found = byIndex.get(index)
      if (!found) return [grant]
      const dropped = new Set(found.dropFromAdd)
      const add = grant.add.filter((action) => !dropped.has(action))
      const remove = [...grant.remove, ...found.addToRemove]
      const held = grant.personas.flatMap((name) => personas.get(name) ?? [])
      const removed = new Set(remove)
      const isEmpty = ![...held.flatMap(({ actions }) => actions), ...add].some((name) => !removed.has(name))
      // What a persona holds beside MLflow's actions is not among the records that were read.
      const holdsMore = held.some(({ alsoNeeds }) => alsoNeeds.length > 0)
      return isEmpty && !holdsMore ? [] : [{ ...grant, add, remove }]
    }),
  }
}
