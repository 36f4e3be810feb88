import { closestName } from '../../catalog/suggest-name.ts'

export type Suggest = (word: string, candidates: ReadonlySet<string>) => string | undefined

/** Suggests names until so many were compared: a hostile file can hold thousands of typos and of names. */
export function suggestWithin(comparisons = 1_000_000): Suggest {
  let left = comparisons
  return (word, candidates) => {
    if (left <= 0) return undefined
    left -= candidates.size
    return closestName(word, candidates)
  }
}
