/** Time and chance, given from outside so that tests need neither. */
export interface Timing {
  now(): number
  /** Resolves after the time, or at once when the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** From 0 up to, not including, 1. */
  random(): number
}

/** The machine's own. */
export const realTime: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const finish = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', finish)
        resolve()
      }
      const timer = setTimeout(finish, milliseconds)
      signal?.addEventListener('abort', finish, { once: true })
    }),
}

/** A wait that grows with each attempt (from 1) and differs between callers: half fixed, half chance. */
export function backOff(attempt: number, timing: Timing, base = 200, most = 20_000): number {
  const ceiling = Math.min(most, base * 2 ** (attempt - 1))
  return Math.round(ceiling / 2 + (ceiling / 2) * timing.random())
}
