interface Place {
  readonly principal: string
  readonly server: string
}

/** Principals in their order, the servers of each by name. */
export function byServer<Row extends Place>(rows: readonly Row[]): readonly Row[] {
  const places = new Map<string, number>()
  for (const { principal } of rows) if (!places.has(principal)) places.set(principal, places.size)
  const placeOf = (row: Row) => places.get(row.principal) ?? 0
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b) || (a.server < b.server ? -1 : 1))
}
