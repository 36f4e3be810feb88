import fuzzysort from 'fuzzysort'

/**
 * Finds names as you type: those that contain the text, in their own order; where none does, those that fuzzily
 * match, best first.
 */
export function searchNames<Item extends { readonly name: string; readonly through?: string }>(
  items: readonly Item[],
  query: string,
): readonly Item[] {
  const text = query.trim().toLowerCase()
  if (text === '') return items
  const exact = items.filter(
    (item) => item.name.toLowerCase().includes(text) || item.through?.toLowerCase().includes(text),
  )
  if (exact.length > 0) return exact
  return fuzzysort.go(text, items, { key: 'name', threshold: 0.3, limit: 500 }).map((result) => result.obj)
}
