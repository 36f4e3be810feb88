import type { Operation, Request, Risk } from './operation.ts'

/**
 * Where an operation stands in the order that takes nobody's access away halfway: create, make room, widen,
 * attach, provision, switch profiles to roles of their own; only then narrow, detach and delete. A permission set that
 * changes how it holds its grants gets the new form, is provisioned, lets go of the old form, and is provisioned again.
 */
export const stages = [
  'create-role',
  'create-policy',
  'make-room',
  'widen',
  'attach',
  'refer',
  'provision',
  'switch',
  'narrow',
  'detach',
  'let-go',
  'provision-again',
  'delete-version',
  'delete-policy',
  'delete-role',
] as const
export type Stage = (typeof stages)[number]

/** An operation before it has its place. `inverse` is told the id that the operation gets. */
export interface DraftOperation {
  readonly stage: Stage
  readonly request: Request
  readonly principal?: string
  readonly because: string
  readonly risk: Risk
  readonly inverse: (id: string) => readonly Request[]
}

/** Puts drafts in order and gives them ids; drafts of one stage keep the order they came in. */
export function orderOperations(drafts: readonly DraftOperation[]): readonly Operation[] {
  const rank = new Map<Stage, number>(stages.map((stage, index) => [stage, index]))
  return drafts
    .map((draft, index) => ({ draft, index }))
    .sort((a, b) => (rank.get(a.draft.stage) ?? 0) - (rank.get(b.draft.stage) ?? 0) || a.index - b.index)
    .map(({ draft }, index) => {
      const id = `op-${index + 1}`
      return {
        id,
        ...draft.request,
        ...(draft.principal ? { principal: draft.principal } : {}),
        because: draft.because,
        risk: draft.risk,
        ...(draft.stage === 'narrow' ? { narrows: true as const } : {}),
        inverse: draft.inverse(id),
      }
    })
}
