import type { GrantsFile } from '../grants/grants-file.ts'
import { foldStatements, type StatementDraft } from '../policy/statement-draft.ts'
import { Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccessUnit } from './access-unit.ts'
import {
  countedSize,
  inlineSetLimits,
  markedStatements,
  ownStatements,
  replaceOwnStatements,
} from './inline-statements.ts'
import type { TargetInline, TargetPrincipal } from './target.ts'

/** Whether the file says that a principal, a permission set, holds its grants in its inline policy. */
export function isInline(file: GrantsFile, { kind, name }: TargetPrincipal): boolean {
  return (
    kind === 'permission-set' &&
    file.permissionSets.some((set) => set.name === name && set.policy === 'inline')
  )
}

/**
 * What a permission set's inline policy should say: the statements of all its grants, folded, behind those of
 * others. Throws where Identity Center's limits do not hold it, or where what is there cannot be read.
 */
export function placeInline(
  file: GrantsFile,
  snapshot: Snapshot,
  principal: TargetPrincipal,
  units: readonly AccessUnit[],
  statementsOf: (unit: AccessUnit) => readonly StatementDraft[],
): readonly TargetInline[] {
  const set = snapshot.permissionSets.find(({ arn }) => arn === principal.arn)
  const sorted = [...units].sort((a, b) => (a.key < b.key ? -1 : 1))
  const statements = markedStatements(file.name, foldStatements(sorted.flatMap(statementsOf)))
  if (!set || statements.length === 0) return []
  const document = replaceOwnStatements(set.inlinePolicy, file.name, statements, set.name)
  if (document === undefined) return []
  const size = countedSize(document)
  if (size > inlineSetLimits.counted || document.length > inlineSetLimits.raw) {
    throw tooLarge(set.name, size, set.inlinePolicy, file.name)
  }
  const purpose = sorted.map((unit) => unit.purpose).join('; ')
  return [{ principal: set.arn, instance: set.instanceArn, statements, document, purpose }]
}

function tooLarge(name: string, size: number, before: string | undefined, fileName: string): Problem {
  const foreign = before
    ? countedSize(before) - countedSize(JSON.stringify(ownStatements(before, fileName)))
    : 0
  const others = foreign > 0 ? `, about ${foreign} of them by others` : ''
  return new Problem(
    'INLINE_POLICY_TOO_LARGE',
    `The inline policy of permission set ${name} would have ${size} bytes; Identity Center takes ${inlineSetLimits.counted}.`,
    {
      why: `A permission set has one inline policy, of at most ${inlineSetLimits.counted} bytes without white space and ${inlineSetLimits.raw} with it${others}.`,
      fix: [
        `Take ${name} out of permission-sets: it then refers to managed policies, of which it may have several.`,
        'Or grant on fewer servers, or move statements of others into managed policies.',
      ],
      exit: 3,
    },
  )
}
