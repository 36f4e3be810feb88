import { policyLimits, policySize } from '../policy/measure.ts'
import {
  foldStatements,
  type StatementDraft,
  sortedUnique,
  writeDocument,
} from '../policy/statement-draft.ts'

/**
 * Packs statements into as few documents as IAM's size limit allows, in order. A statement that is too large by
 * itself is halved by resources, else by actions; either way the parts together allow exactly the same.
 */
export function splitStatements(
  drafts: readonly StatementDraft[],
  limit: number = policyLimits.managed,
): readonly (readonly StatementDraft[])[] {
  // Nearly always there is room for all of it, and one look tells.
  if (drafts.length > 0 && policySize(writeDocument(drafts)) <= limit) return [drafts]
  const documents: StatementDraft[][] = []
  let current: StatementDraft[] = []
  for (const draft of drafts.flatMap((statement) => halveUntilFits(statement, limit))) {
    if (current.length > 0 && policySize(writeDocument([...current, draft])) > limit) {
      documents.push(current)
      current = []
    }
    current.push(draft)
  }
  return current.length > 0 ? [...documents, current] : documents
}

/** Folds the statements of several units for one principal, then packs them. */
export function mergeStatements(
  units: readonly (readonly StatementDraft[])[],
): readonly (readonly StatementDraft[])[] {
  return splitStatements(foldStatements(units.flat()))
}

function halveUntilFits(draft: StatementDraft, limit: number): readonly StatementDraft[] {
  if (policySize(writeDocument([draft])) <= limit) return [draft]
  const resources = sortedUnique(draft.resources)
  if (resources.length > 1) {
    return halves(resources).flatMap((half) => halveUntilFits({ ...draft, resources: half }, limit))
  }
  const actions = sortedUnique(draft.actions)
  if (actions.length > 1)
    return halves(actions).flatMap((half) => halveUntilFits({ ...draft, actions: half }, limit))
  return [draft] // One action on one resource: the caller finds it too large and says so.
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(items.length / 2)
  return [items.slice(0, middle), items.slice(middle)]
}
