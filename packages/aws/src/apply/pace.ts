/** How many calls may be out at once: halves when AWS asks to slow down, and recovers one by one. */
export interface Pace {
  readonly limit: number
  slowDown(): void
  succeeded(): void
}

const successesPerStep = 10

export function startPace(most: number): Pace {
  let limit = Math.max(1, Math.floor(most))
  let successes = 0
  return {
    get limit() {
      return limit
    },
    slowDown() {
      limit = Math.max(1, Math.floor(limit / 2))
      successes = 0
    },
    succeeded() {
      successes += 1
      if (successes < successesPerStep || limit >= most) return
      limit += 1
      successes = 0
    },
  }
}
