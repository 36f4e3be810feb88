/** More differences than this are shown as the whole of both texts: finding fewer would take too long. */
const mostEdits = 1000
const context = 3

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** Two versions of a text as a unified diff, which `patch` takes; empty where they are the same. */
export function diffTexts(before: string, after: string, names: readonly [string, string]): string {
  if (before === after) return ''
  const lines = diffLines(linesOf(before), linesOf(after))
  const hunks = findHunks(lines).map(([from, to]) => renderHunk(lines, from, to))
  return [`--- ${names[0]}`, `+++ ${names[1]}`, ...hunks.flat(), ''].join('\n')
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  const last = lines.pop()
  return last ? [...lines, `${last}\n\\ No newline at end of file`] : lines
}

/** What is alike at both ends needs no search. */
function diffLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  const shortest = Math.min(before.length, after.length)
  let head = 0
  while (head < shortest && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shortest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  const same = (text: string): Line => ({ sign: ' ', text })
  return [
    ...before.slice(0, head).map(same),
    ...diffMiddles(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ]
}

/** The shortest edit, found as Myers describes it: on each diagonal, how far so many edits reach. */
function diffMiddles(before: readonly string[], after: readonly string[]): readonly Line[] {
  const steps: ReadonlyMap<number, number>[] = []
  let reach = new Map<number, number>([[1, 0]])
  for (let edits = 0; edits <= Math.min(mostEdits, before.length + after.length); edits += 1) {
    steps.push(reach)
    const next = new Map(reach)
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = startOn(diagonal, edits, reach)
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1
      next.set(diagonal, x)
      if (x >= before.length && x - diagonal >= after.length) return walkBack(before, after, steps)
    }
    reach = next
  }
  return [
    ...before.map((text): Line => ({ sign: '-', text })),
    ...after.map((text): Line => ({ sign: '+', text })),
  ]
}

/** From the diagonal above by an insertion, from the one below by a deletion, whichever reaches farther. */
function startOn(diagonal: number, edits: number, reach: ReadonlyMap<number, number>): number {
  return comesFromAbove(diagonal, edits, reach)
    ? (reach.get(diagonal + 1) ?? 0)
    : (reach.get(diagonal - 1) ?? 0) + 1
}

function comesFromAbove(diagonal: number, edits: number, reach: ReadonlyMap<number, number>): boolean {
  if (diagonal === -edits) return true
  return diagonal !== edits && (reach.get(diagonal - 1) ?? 0) < (reach.get(diagonal + 1) ?? 0)
}

function walkBack(
  before: readonly string[],
  after: readonly string[],
  steps: readonly ReadonlyMap<number, number>[],
): readonly Line[] {
  const lines: Line[] = []
  let [x, y] = [before.length, after.length]
  for (let edits = steps.length - 1; edits >= 0; edits -= 1) {
    const reach = steps[edits] ?? new Map<number, number>()
    const isInsertion = comesFromAbove(x - y, edits, reach)
    const start = edits === 0 ? 0 : startOn(x - y, edits, reach)
    while (x > start) {
      x -= 1
      y -= 1
      lines.push({ sign: ' ', text: before[x] ?? '' })
    }
    if (edits === 0) break
    if (isInsertion) {
      y -= 1
      lines.push({ sign: '+', text: after[y] ?? '' })
    } else {
      x -= 1
      lines.push({ sign: '-', text: before[x] ?? '' })
    }
  }
  return lines.reverse()
}

/** Ranges of lines around the changes; those that touch are one. */
function findHunks(lines: readonly Line[]): readonly (readonly [number, number])[] {
  const hunks: [number, number][] = []
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue
    const from = Math.max(0, index - context)
    const to = Math.min(lines.length, index + context + 1)
    const last = hunks.at(-1)
    if (last && from <= last[1]) last[1] = to
    else hunks.push([from, to])
  }
  return hunks
}

function renderHunk(lines: readonly Line[], from: number, to: number): readonly string[] {
  const shown = lines.slice(from, to)
  const range = (other: '+' | '-') => {
    const count = shown.filter(({ sign }) => sign !== other).length
    const start = lines.slice(0, from).filter(({ sign }) => sign !== other).length
    return `${count === 0 ? start : start + 1},${count}`
  }
  return [`@@ -${range('+')} +${range('-')} @@`, ...shown.map(({ sign, text }) => `${sign}${text}`)]
}
