import type { Content } from '../draft-content.ts'

/** How one list became another: kept and changed items have both places, others one. In the new list's order. */
export interface AlignedItem {
  readonly before?: number
  readonly after?: number
}

/** Above this the middle of two lists is replaced as a whole: the table of all pairs would not fit. */
const largestTable = 1_000_000

/** Lines two lists up so that as many items as possible stay, and changed grants meet their earlier selves. */
export function alignLists(before: readonly Content[], after: readonly Content[]): AlignedItem[] {
  const old = before.map(fingerprint)
  const wanted = after.map(fingerprint)
  let start = 0
  while (start < old.length && start < wanted.length && old[start] === wanted[start]) start += 1
  let tail = 0
  while (
    tail < old.length - start &&
    tail < wanted.length - start &&
    old.at(-1 - tail) === wanted.at(-1 - tail)
  )
    tail += 1
  const kept = new Map<number, number>()
  for (let index = 0; index < start; index++) kept.set(index, index)
  for (let index = 1; index <= tail; index++) kept.set(wanted.length - index, old.length - index)
  for (const [oldIndex, newIndex] of longestCommon(old, wanted, start, tail)) kept.set(newIndex, oldIndex)
  return fillGaps(before, after, kept)
}

/** The same data gives the same text, whatever the order of keys. */
export function fingerprint(value: Content): string {
  if (Array.isArray(value)) return `[${value.map(fingerprint).join(',')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${fingerprint(item)}`).join(',')}}`
}

function longestCommon(
  old: readonly string[],
  wanted: readonly string[],
  start: number,
  tail: number,
): [number, number][] {
  const rows = old.length - start - tail
  const columns = wanted.length - start - tail
  if (rows * columns > largestTable || rows === 0 || columns === 0) return []
  const width = columns + 1
  const table = new Uint32Array((rows + 1) * width)
  const at = (row: number, column: number) => table[row * width + column] ?? 0
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const same = old[start + row] === wanted[start + column]
      table[row * width + column] = same
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const pairs: [number, number][] = []
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    if (old[start + row] === wanted[start + column]) pairs.push([start + row++, start + column++])
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1
    else column += 1
  }
  return pairs
}

/** Between two kept items, pairs changed items with what they were: by whom they are for, else one by one. */
function fillGaps(
  before: readonly Content[],
  after: readonly Content[],
  kept: ReadonlyMap<number, number>,
): AlignedItem[] {
  const result: AlignedItem[] = []
  let oldNext = 0
  let newNext = 0
  for (let newIndex = 0; newIndex <= after.length; newIndex++) {
    const oldIndex = newIndex === after.length ? before.length : kept.get(newIndex)
    if (oldIndex === undefined) continue
    result.push(...pairGap(before, after, range(oldNext, oldIndex), range(newNext, newIndex)))
    if (newIndex < after.length) result.push({ before: oldIndex, after: newIndex })
    oldNext = oldIndex + 1
    newNext = newIndex + 1
  }
  return result
}

function pairGap(
  before: readonly Content[],
  after: readonly Content[],
  gone: readonly number[],
  come: readonly number[],
): AlignedItem[] {
  const result: AlignedItem[] = []
  let next = 0
  for (const newIndex of come) {
    const match = gone.findIndex(
      (oldIndex, place) => place >= next && sameHolder(before[oldIndex], after[newIndex]),
    )
    const place = match === -1 && gone.length === come.length ? next : match
    if (place === -1 || place >= gone.length) {
      result.push({ after: newIndex })
      continue
    }
    for (; next < place; next++) result.push(one(gone[next]))
    result.push({ ...one(gone[next]), after: newIndex })
    next += 1
  }
  for (; next < gone.length; next++) result.push(one(gone[next]))
  return result
}

function one(before: number | undefined): AlignedItem {
  return before === undefined ? {} : { before }
}

function sameHolder(a: Content | undefined, b: Content | undefined): boolean {
  const holder = (value: Content | undefined) =>
    typeof value === 'object' && !Array.isArray(value) ? (value as { readonly to?: Content }).to : undefined
  const [first, second] = [holder(a), holder(b)]
  return first !== undefined && second !== undefined && fingerprint(first) === fingerprint(second)
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index)
}
