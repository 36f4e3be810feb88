/**
 * Wildcard matching whose time is bounded by pattern length times text length: the pattern is walked as a set
 * of states, so no pattern, however many stars it has, makes it try the same thing twice.
 */
export interface Glob {
  matches(text: string): boolean
}

/** One step of a pattern: a character code, or one of the wildcards below. */
export type GlobStep = number
export const anyOne: GlobStep = -1
export const anyOneInSegment: GlobStep = -2
export const anyRun: GlobStep = -3
export const anyRunInSegment: GlobStep = -4

const colon = 58

export function compileGlob(pattern: readonly GlobStep[]): Glob {
  const steps = pattern.filter((step, index) => step !== anyRun || pattern[index - 1] !== anyRun)
  let fixed = 0
  while (fixed < steps.length && (steps[fixed] ?? anyOne) >= 0) fixed++
  const prefix = textOf(steps.slice(0, fixed))
  if (fixed === steps.length) return { matches: (text) => text === prefix }
  if (fixed === steps.length - 1 && steps[fixed] === anyRun)
    return { matches: (text) => text.startsWith(prefix) }
  const rest = Int32Array.from(steps.slice(fixed))
  return { matches: (text) => text.startsWith(prefix) && walk(rest, text, prefix.length) }
}

/** Steps of plain text, without wildcards. */
export function literalSteps(text: string): readonly GlobStep[] {
  const steps: GlobStep[] = []
  for (let index = 0; index < text.length; index++) steps.push(text.charCodeAt(index))
  return steps
}

function textOf(steps: readonly GlobStep[]): string {
  let text = ''
  for (const step of steps) text += String.fromCharCode(step)
  return text
}

function walk(steps: Int32Array, text: string, from: number): boolean {
  const last = steps.length
  let now = new Uint8Array(last + 1)
  let next = new Uint8Array(last + 1)
  enter(steps, now, 0)
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index)
    next.fill(0)
    let alive = false
    for (let state = 0; state < last; state++) {
      if (now[state] === 0) continue
      const step = steps[state] ?? 0
      if (step === anyRun || (step === anyRunInSegment && code !== colon)) enter(steps, next, state)
      else if (step === code || step === anyOne || (step === anyOneInSegment && code !== colon)) {
        enter(steps, next, state + 1)
      } else continue
      alive = true
    }
    if (!alive) return false
    const spare = now
    now = next
    next = spare
  }
  return now[last] === 1
}

/** Marks a state, and those behind it that need no character. */
function enter(steps: Int32Array, states: Uint8Array, from: number): void {
  for (let state = from; states[state] === 0; state++) {
    states[state] = 1
    if (steps[state] !== anyRun && steps[state] !== anyRunInSegment) return
  }
}
