import { markOf } from '../target/inline-statements.ts'
import type { CompiledPolicy } from './compile-policy.ts'

/** A document that several write in: the statements of one writer, under a label of their own. */
export interface InlineShare {
  /** The mark of a grants file; undefined for everybody else's statements. */
  readonly mark: string | undefined
  readonly policy: CompiledPolicy
}

const shares = new WeakMap<CompiledPolicy, readonly InlineShare[]>()

/**
 * The inline policy of a permission set by whose statements they are: those of each grants file, told by the mark in
 * their Sids, and all others. Names and places of statements stay those of the whole document.
 */
export function shareInline(policy: CompiledPolicy): readonly InlineShare[] {
  const known = shares.get(policy)
  if (known) return known
  const marks = [...new Set(policy.statements.map(({ name }) => markOf(name)))]
  const made =
    marks.length === 1 && marks[0] === undefined
      ? [{ mark: undefined, policy }]
      : marks.map((mark) => ({
          mark,
          policy: {
            ...policy,
            statements: policy.statements.filter(({ name }) => markOf(name) === mark),
            flaws: mark === undefined ? policy.flaws : [],
          },
        }))
  shares.set(policy, made)
  return made
}
