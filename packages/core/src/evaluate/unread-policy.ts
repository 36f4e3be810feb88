import { arnName } from '../policy/arn.ts'
import { accessUiBits, appBits, either, serverBits } from './action-bits.ts'
import type { Effect } from './effects.ts'

/**
 * Whether a policy that is attached and was not read may deny, too. Those of AWS give; the few that are made to take
 * away say so in their names (AWSDenyAll, AWSCompromisedKeyQuarantineV3).
 */
export function mayDenyUnread(arn: string): boolean {
  return !arn.includes(':iam::aws:policy/') || /Deny|Quarantine/i.test(arnName(arn))
}

/** What a policy that was not read does on one server: nobody knows, hence perhaps everything. */
export function effectUnread(arn: string, isApp: boolean): Effect {
  const anything = [{ bits: isApp ? appBits : either(serverBits, accessUiBits), keys: [arn] }]
  const nothing = { low: 0, high: 0 }
  return { allow: nothing, deny: nothing, mayAllow: anything, mayDeny: mayDenyUnread(arn) ? anything : [] }
}
