/** Yes, no, or "that hangs on condition keys whose value is not known here". Never a silent guess. */
export type Truth = boolean | Unknown

export interface Unknown {
  /** The condition keys, as the policy spells them. */
  readonly keys: readonly string[]
}

/** True only where all are; false as soon as one is. */
export function allOf(truths: readonly Truth[]): Truth {
  let open: readonly string[] | undefined
  for (const truth of truths) {
    if (truth === false) return false
    if (truth !== true) open = mergeKeys(open, truth.keys)
  }
  return open ? { keys: open } : true
}

/** True as soon as one is; false only where none can be. */
export function anyOf(truths: readonly Truth[]): Truth {
  let open: readonly string[] | undefined
  for (const truth of truths) {
    if (truth === true) return true
    if (truth !== false) open = mergeKeys(open, truth.keys)
  }
  return open ? { keys: open } : false
}

export function not(truth: Truth): Truth {
  return typeof truth === 'boolean' ? !truth : truth
}

/** Both lists as one, each key once, in the order first seen. */
export function mergeKeys(known: readonly string[] | undefined, more: readonly string[]): readonly string[] {
  return known && known.length > 0 ? [...new Set([...known, ...more])] : more
}
