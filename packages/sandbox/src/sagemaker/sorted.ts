/** Rows by one of their times, and by name where times are equal. */
export function sorted<Row extends { name: string; createdAt: string; updatedAt: string }>(
  rows: readonly Row[],
  by: 'CreationTime' | 'LastModifiedTime',
  order: 'Ascending' | 'Descending',
): readonly Row[] {
  const keyOf = (row: Row) => (by === 'CreationTime' ? row.createdAt : row.updatedAt)
  const ascending = rows.toSorted(
    (a, b) => keyOf(a).localeCompare(keyOf(b)) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  )
  return order === 'Ascending' ? ascending : ascending.reverse()
}
