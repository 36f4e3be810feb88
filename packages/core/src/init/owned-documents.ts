import { defaultDocument, readDocument } from '../plan/read-document.ts'
import type { PolicyDocument, Statement } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import { policyLimits, policySize } from '../policy/measure.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { ownStatements } from '../target/inline-statements.ts'
import { mergedHashOf } from '../target/merged-name.ts'
import { policyWord } from './guess-grants.ts'
import { ownHolders } from './own-holders.ts'

export interface OwnedDocument extends PolicyDocument {
  /** Several grants stand in it as one. */
  readonly folded?: true
}

/**
 * What a grants file says in an account, a document for each unit as far as it can be told: policies of one word with
 * the same holders that would not fit one policy together stand as one, since a unit may be split over several, and so
 * do the parts of merged ones.
 */
export function ownedDocuments(snapshot: Snapshot, name: string, prefix: string): readonly OwnedDocument[] {
  const holders = ownHolders(snapshot, prefix)
  const groups = new Map<string, PolicyDocument[]>()
  const merged = new Set<string>()
  for (const { arn, name: policyName, ...policy } of snapshot.policies) {
    if (!arn.startsWith(prefix)) continue
    const document = readDocument(defaultDocument({ arn, name: policyName, ...policy }))
    if (!document) continue
    const who = holders.filter(({ owned }) => owned.includes(arn)).map(({ ref }) => ref.text)
    const hash = mergedHashOf(policyName)
    const key = canonicalJson([hash === undefined ? (policyWord(policyName) ?? policyName) : hash, who])
    if (hash !== undefined) merged.add(key)
    groups.set(key, [...(groups.get(key) ?? []), document])
  }
  const inline = snapshot.permissionSets.map((set) => ({
    Statement: ownStatements(set.inlinePolicy ?? '', name),
    folded: true as const,
  }))
  return [
    ...[...groups].flatMap(([key, parts]): readonly OwnedDocument[] =>
      merged.has(key) ? [{ Statement: statementsOf(parts), folded: true }] : joinParts(parts),
    ),
    ...inline,
  ]
}

function statementsOf(documents: readonly PolicyDocument[]): readonly Statement[] {
  return documents.flatMap(({ Statement }) => Statement)
}

function joinParts(documents: readonly PolicyDocument[]): readonly PolicyDocument[] {
  const whole = { Statement: statementsOf(documents) }
  // A part is at least half full, else it would not have been parted from what follows.
  const isParted = documents.some((one) => policySize(one) > policyLimits.managed / 2)
  return isParted && policySize(whole) > policyLimits.managed ? [whole] : documents
}
