/** Something that may be chosen, and what it brings. */
export interface Option<T> {
  readonly value: T
  readonly brings: ReadonlySet<string>
}

/** Branches that are looked at before the search gives up. */
const patience = 2_000

/** The fewest options, or nearly, that together bring exactly this; undefined where none were found. */
export function coverExactly<T>(
  wanted: ReadonlySet<string>,
  options: readonly Option<T>[],
): readonly T[] | undefined {
  const largestFirst = [...options].sort((a, b) => b.brings.size - a.brings.size)
  const budget = { left: patience }
  for (let most = 1; most <= 12 && budget.left > 0; most++) {
    const [found] = covers(wanted, largestFirst, most, budget)
    if (found) return found.map(({ value }) => value)
  }
  return undefined
}

/** Sets of at most so many options that together bring exactly this, earlier options first, while the budget lasts. */
export function* covers<O extends Option<unknown>>(
  wanted: ReadonlySet<string>,
  options: readonly O[],
  most: number,
  budget: { left: number },
): Generator<readonly O[]> {
  const usable = options.filter(
    ({ brings }) => brings.size > 0 && [...brings].every((item) => wanted.has(item)),
  )
  const by = new Map<string, O[]>()
  for (const option of usable)
    for (const item of option.brings) by.set(item, [...(by.get(item) ?? []), option])
  if ([...wanted].some((item) => !by.has(item))) return
  function* search(open: ReadonlySet<string>, chosen: readonly O[]): Generator<readonly O[]> {
    if (open.size === 0) {
      yield chosen
      return
    }
    if (chosen.length === most || budget.left-- <= 0) return
    // Whatever few options bring decides the most.
    let [rarest = ''] = open
    for (const item of open) {
      if ((by.get(item)?.length ?? 0) < (by.get(rarest)?.length ?? 0)) rarest = item
    }
    for (const option of by.get(rarest) ?? []) {
      const rest = new Set([...open].filter((item) => !option.brings.has(item)))
      yield* search(rest, [...chosen, option])
    }
  }
  yield* search(wanted, [])
}
