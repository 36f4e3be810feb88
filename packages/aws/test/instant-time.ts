import type { Timing } from '../src/time.ts'

/** A clock that a sleep moves and nothing else: tests take no time and are the same in every run. */
export function instantTime(
  seed = 1,
  start = Date.UTC(2026, 10, 24),
): Timing & { readonly slept: readonly number[] } {
  let now = start
  const random = seededRandom(seed)
  const slept: number[] = []
  return {
    slept,
    random,
    now: () => now,
    sleep: (milliseconds) => {
      slept.push(milliseconds)
      now += milliseconds
      return new Promise((resolve) => setImmediate(resolve))
    },
  }
}

/** mulberry32: small, and the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
