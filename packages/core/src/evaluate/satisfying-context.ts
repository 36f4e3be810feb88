import type { ConditionBlock } from '../policy/document.ts'
import type { RequestContext } from './access.ts'
import { parseIpRange } from './ip-range.ts'

/**
 * A request that meets the conditions which grants can put on access: signed in with MFA, from the first
 * address of the network, through the endpoint, with the session tag. Times are left alone: now is known.
 */
export function contextSatisfying(conditions: ConditionBlock | undefined): RequestContext {
  const context: Record<string, readonly string[]> = {}
  for (const [operator, keys] of Object.entries(conditions ?? {})) {
    if (/date|not|null/i.test(operator)) continue
    for (const [key, values] of Object.entries(keys)) {
      const value = typeof values === 'string' ? values : values[0]
      if (value === undefined || key in context) continue
      context[key] = [/ipaddress/i.test(operator) ? (parseIpRange(value)?.first ?? value) : value]
    }
  }
  return context
}
