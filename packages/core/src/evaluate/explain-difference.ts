import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccessDifference, RequestContext } from './access.ts'
import { decide } from './decide.ts'
import type { Drift } from './find-drift.ts'

/** In one sentence, which statement decides about the first action that is missing, or else extra. */
export function explainDifference(
  snapshot: Snapshot,
  difference: Omit<AccessDifference, 'because'>,
  now: Date,
  context: RequestContext,
): string {
  const { principal, server, missing, extra } = difference
  const action = missing[0] ?? extra[0] ?? ''
  const decision = decide(snapshot, { principal, action, resource: server, now, context })
  const statement = decision.statement ? `statement ${decision.statement} of ` : ''
  const source = `${statement}${decision.policy ?? ''}`
  if (missing.length === 0) return `${action} is allowed by ${source}.`
  switch (decision.outcome) {
    case 'explicit-deny':
      return `${action} is denied by ${source}.`
    case 'depends':
      return `${action} depends on ${decision.keys.join(', ')} in ${source}.`
    case 'implicit-deny':
      return source
        ? `The permissions boundary ${source} does not allow ${action}.`
        : `No policy allows ${action}.`
    case 'allowed':
      return `${action} is not allowed under every condition of the grant.`
  }
}

/** What each kind of drift can do to access: take some away, add some, both, or nothing that rows show. */
const effectOfDrift: Record<Drift['code'], 'takes' | 'adds' | 'both' | 'neither'> = {
  'principal-missing': 'takes',
  'policy-missing': 'takes',
  'policy-changed': 'both',
  'inline-changed': 'both',
  'attachment-missing': 'takes',
  'attachment-added': 'adds',
  'role-missing': 'takes',
  'trust-changed': 'neither',
  'role-tags-changed': 'neither',
  'boundary-added': 'takes',
  'profile-elsewhere': 'neither',
}

/** Whether a drift can be why access differs: one that takes explains what is missing, one that adds what is extra. */
export function isCause(drift: Drift, difference: AccessDifference): boolean {
  const effect = effectOfDrift[drift.code]
  if (effect === 'both') return true
  return difference.missing.length > 0 ? effect === 'takes' : effect === 'adds'
}
