import type { ConditionBlock, PolicyDocument, Statement } from './document.ts'
import { canonicalJson } from './hash.ts'

/** An Allow statement before it has a name: full action names, exact resources, one condition block. */
export interface StatementDraft {
  /** Stem of the Sid; equal stems in one document get numbers. */
  readonly sid: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly condition?: ConditionBlock
  /** The Sid says what the statement itself cannot: folding keeps it apart from those of other Sids. */
  readonly telling?: true
}

/** Writes drafts as a document: members sorted, Sids unique, the same drafts always the same bytes. */
export function writeDocument(drafts: readonly StatementDraft[]): PolicyDocument {
  const seen = new Map<string, number>()
  const statements = drafts.map((draft): Statement => {
    const count = (seen.get(draft.sid) ?? 0) + 1
    seen.set(draft.sid, count)
    return {
      Sid: count === 1 ? draft.sid : `${draft.sid}${count}`,
      Effect: 'Allow',
      Action: sortedUnique(draft.actions),
      Resource: sortedUnique(draft.resources),
      ...(draft.condition ? { Condition: draft.condition } : {}),
    }
  })
  return { Version: '2012-10-17', Statement: statements }
}

/**
 * Folds statements that say the same about the same: first equal resources and conditions share their actions,
 * then equal actions and conditions share their resources. Allows exactly what the drafts allow.
 */
export function foldStatements(drafts: readonly StatementDraft[]): readonly StatementDraft[] {
  const byResources = fold(
    drafts,
    (draft) => canonicalJson([sortedUnique(draft.resources), draft.condition, tellingSid(draft)]),
    (a, b) => ({
      ...a,
      actions: sortedUnique([...a.actions, ...b.actions]),
    }),
  )
  return fold(
    byResources,
    (draft) => canonicalJson([sortedUnique(draft.actions), draft.condition, tellingSid(draft)]),
    (a, b) => ({
      ...a,
      resources: sortedUnique([...a.resources, ...b.resources]),
    }),
  )
}

function tellingSid({ sid, telling }: StatementDraft): string | undefined {
  return telling ? sid : undefined
}

function fold(
  drafts: readonly StatementDraft[],
  keyOf: (draft: StatementDraft) => string,
  join: (a: StatementDraft, b: StatementDraft) => StatementDraft,
): readonly StatementDraft[] {
  const byKey = new Map<string, StatementDraft>()
  for (const draft of drafts) {
    const key = keyOf(draft)
    const earlier = byKey.get(key)
    byKey.set(key, earlier ? join(earlier, draft) : draft)
  }
  return [...byKey.values()]
}

/** Both blocks must hold. Equal operators and keys of the two are kept once; unlike values cannot be joined. */
export function joinConditions(
  a: ConditionBlock | undefined,
  b: ConditionBlock | undefined,
): ConditionBlock | undefined {
  if (!a || !b) return a ?? b
  const joined: Record<string, Record<string, string | readonly string[]>> = {}
  for (const [operator, keys] of [...Object.entries(a), ...Object.entries(b)]) {
    joined[operator] = { ...joined[operator], ...keys }
  }
  return Object.fromEntries(Object.entries(joined).sort(([x], [y]) => (x < y ? -1 : 1)))
}

export function sortedUnique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}
