import type { PermissionSet } from '../snapshot/snapshot.ts'
import { allowTheSame, ownStatements, replaceOwnStatements } from '../target/inline-statements.ts'
import type { TargetInline } from '../target/target.ts'
import { allowancesOf, lostAllowances } from './covers.ts'
import type { DraftOperation, Stage } from './draft-operation.ts'
import type { Request, Risk } from './operation.ts'

/** How our statements in a permission set's inline policy change. */
export interface InlineChange {
  /** There were none of ours before, or there are none after. */
  readonly kind: 'begins' | 'ends' | 'changes'
  readonly risk: Risk
  readonly request: Request
  /** Brings back the text of before, byte for byte. */
  readonly back: Request
  readonly because: string
}

/** Compares what is there of ours with what should be; undefined where they say the same. Statements of others stay. */
export function inlineChange(
  set: PermissionSet,
  fileName: string,
  wanted: TargetInline | undefined,
  now: Date,
): InlineChange | undefined {
  const before = ownStatements(set.inlinePolicy ?? '', fileName)
  const after = wanted?.statements ?? []
  if (allowTheSame(before, after)) return undefined
  const old = allowancesOf([{ Statement: before }], now)
  const young = allowancesOf([{ Statement: after }], now)
  const loses = !old || !young || lostAllowances(old, young).length > 0
  const text = wanted?.document ?? replaceOwnStatements(set.inlinePolicy, fileName, [], set.name)
  return {
    kind: before.length === 0 ? 'begins' : after.length === 0 ? 'ends' : 'changes',
    risk: before.length === 0 ? 'adds' : after.length === 0 ? 'removes' : loses ? 'changes' : 'adds',
    request: inlineRequest(set, text),
    back: inlineRequest(set, set.inlinePolicy || undefined),
    because: wanted
      ? `The inline policy of permission set ${set.name} says ${wanted.purpose}.`
      : `The file no longer grants anything through the inline policy of permission set ${set.name}.`,
  }
}

/** The operation of a change; `provision` are the requests that carry its undoing into the accounts. */
export function inlineDraft(
  set: PermissionSet,
  change: InlineChange,
  stage: Stage,
  provision: readonly Request[],
): DraftOperation {
  return {
    stage,
    request: change.request,
    principal: set.arn,
    because: change.because,
    risk: change.risk,
    inverse: () => [change.back, ...provision],
  }
}

/** Writes the text of the one inline policy; without one, deletes it. */
function inlineRequest(set: PermissionSet, text: string | undefined): Request {
  const which = { InstanceArn: set.instanceArn, PermissionSetArn: set.arn }
  return text === undefined
    ? { action: 'DeleteInlinePolicyFromPermissionSet', input: which }
    : { action: 'PutInlinePolicyToPermissionSet', input: { ...which, InlinePolicy: text } }
}
