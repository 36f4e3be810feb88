import { failureKind, isNotOffered, readError, retryAfter } from './failure.ts'
import { backOff, realTime, type Timing } from './time.ts'

/** Repeats a call that only reads while AWS asks for patience: throttles, broken connections, server errors. */
export async function patiently<T>(call: () => Promise<T>, timing: Timing = realTime, tries = 6): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      const kind = failureKind(error)
      // A timeout has already cost its full time: an endpoint that is silent once is reported, not asked again.
      const mayPass = kind === 'unclear' && !isNotOffered(error) && readError(error).name !== 'TimeoutError'
      const worth = kind === 'throttled' || kind === 'busy' || mayPass
      if (!worth || attempt === tries) throw error
      await timing.sleep(Math.max(backOff(attempt, timing), retryAfter(error, timing.now()) ?? 0))
    }
  }
}

/** Calls `work` on every item, at most `width` at once, and keeps the order of the answers. */
export async function mapAtOnce<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  return results
}
