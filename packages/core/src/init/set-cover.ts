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
  const usable = options
    .filter(({ brings }) => brings.size > 0 && [...brings].every((item) => wanted.has(item)))
    .sort((a, b) => b.brings.size - a.brings.size)
  const by = new Map<string, Option<T>[]>()
  for (const option of usable)
    for (const item of option.brings) by.set(item, [...(by.get(item) ?? []), option])
  if ([...wanted].some((item) => !by.has(item))) return undefined
  let left = patience
  const search = (
    open: ReadonlySet<string>,
    chosen: readonly Option<T>[],
    most: number,
  ): readonly Option<T>[] | undefined => {
    if (open.size === 0) return chosen
    if (chosen.length === most || left-- <= 0) return undefined
    // Whatever few options bring decides the most.
    let [rarest = ''] = open
    for (const item of open) {
      if ((by.get(item)?.length ?? 0) < (by.get(rarest)?.length ?? 0)) rarest = item
    }
    for (const option of by.get(rarest) ?? []) {
      const rest = new Set([...open].filter((item) => !option.brings.has(item)))
      const found = search(rest, [...chosen, option], most)
      if (found) return found
    }
    return undefined
  }
  for (let most = 1; most <= 12 && left > 0; most++) {
    const found = search(wanted, [], most)
    if (found) return found.map(({ value }) => value)
  }
  return undefined
}
