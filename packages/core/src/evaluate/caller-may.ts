import { parseArn } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Decision, RequestContext } from './access.ts'
import { accountOf, type Holder } from './account.ts'
import { decide } from './decide.ts'

export type CallerVerdict =
  | { readonly state: 'allowed' }
  /** `why` follows "because": `no policy of role ci allows it`. `explicit` where a statement forbids it. */
  | { readonly state: 'denied'; readonly why: string; readonly explicit: boolean }
  | { readonly state: 'unknown'; readonly why: string }

/** Answers whether the caller may do one thing. */
export type CallerMay = (request: {
  readonly action: string
  /** ARN, or `*`. */
  readonly resource: string
  readonly context?: RequestContext
}) => CallerVerdict

/**
 * What whoever read the account may do in it. Where anything that could decide was not read, or hangs on a
 * condition whose value is not known, the answer is `unknown` and never a guess.
 */
export function callerMay(snapshot: Snapshot): CallerMay {
  const { caller } = snapshot
  if (caller === undefined) return () => unknown('nobody is known to have read the account')
  const parsed = parseArn(caller)
  if (parsed?.account !== snapshot.account) return () => unknown(`${caller} is not of this account`)
  if (parsed.service === 'iam' && parsed.resource === 'root') return () => ({ state: 'allowed' })
  const holder = accountOf(snapshot).find(caller)
  if (holder === undefined || (holder.kind !== 'user' && holder.kind !== 'role')) {
    return () => unknown(`the policies of ${parsed.resource} are not among what was read`)
  }
  const gap = gapOf(holder, snapshot)
  const now = new Date(snapshot.takenAt)
  return (request) => verdictOf(decide(snapshot, { ...request, principal: holder.arn, now }), holder, gap)
}

function unknown(why: string): CallerVerdict {
  return { state: 'unknown', why }
}

function verdictOf(decision: Decision, holder: Holder, gap: string | undefined): CallerVerdict {
  const { outcome, policy, statement, keys } = decision
  const who = `${holder.kind} ${holder.name}`
  switch (outcome) {
    case 'explicit-deny':
      return {
        state: 'denied',
        why: `${policy} denies it to ${who} (statement ${statement})`,
        explicit: true,
      }
    case 'implicit-deny': {
      if (gap !== undefined) return unknown(gap)
      const limit = policy === undefined ? undefined : `the permissions boundary ${policy} of ${who}`
      const why = limit ? `${limit} does not allow it` : `no policy of ${who} allows it`
      return { state: 'denied', why, explicit: false }
    }
    case 'depends':
      if (gap !== undefined && keys.some((key) => holder.unread.includes(key))) return unknown(gap)
      return unknown(`it hangs on ${keys.join(', ')}`)
    case 'allowed':
      return gap === undefined ? { state: 'allowed' } : unknown(gap)
  }
}

/** What of the holder's policies could not be read: it might allow as well as deny. */
function gapOf(holder: Holder, snapshot: Snapshot): string | undefined {
  if (holder.unread.length > 0) return `${holder.unread.join(', ')} was not read`
  const groups = new Set(snapshot.groups.map(({ name }) => name.toLowerCase()))
  const strange = holder.groups.find((name) => !groups.has(name.toLowerCase()))
  if (strange !== undefined) return `group ${strange} was not read`
  const boundary = holder.boundary?.policy
    ? [{ label: holder.boundary.arn, policy: holder.boundary.policy }]
    : []
  const flawed = [...holder.policies, ...boundary].find(({ policy }) => policy.flaws.length > 0)
  return flawed && `${flawed.label} cannot be read: ${flawed.policy.flaws[0]}`
}
