import type { Account } from '../account/account.ts'
import { principalSimulation } from '../iam/simulation-snapshot.ts'
import { loadDecide, verdictOn } from '../iam/verdict.ts'
import type { WireCall } from './read-call.ts'
import { Refusal } from './refusal.ts'
import { requestedAccess } from './requested-access.ts'
import type { Call } from './service.ts'

/** Refuses what the caller may not do. Asking who one is needs no permission. */
export async function authorize(
  account: Account,
  call: WireCall,
  input: object,
  { caller, now }: Pick<Call, 'caller' | 'now'>,
): Promise<void> {
  const action = `${call.service.id === 'sso-admin' ? 'sso' : call.service.id}:${call.action}`
  if (action === 'sts:GetCallerIdentity' || action === 'sts:AssumeRole') return
  if (account.state.denied.some((denied) => covers(denied, action))) {
    throw accessDenied(caller, call, action, '*', 'implicitDeny')
  }
  if (account.state.authorization !== 'policies') return
  const decide = await loadDecide()
  const principal = principalOf(account, caller.arn)
  if (principal === undefined) throw accessDenied(caller, call, action, '*', 'implicitDeny')
  const simulation = principalSimulation(account, principal, [], [], now)
  for (const need of requestedAccess(account, call, { ...input })) {
    const { decision } = verdictOn(account, decide, simulation, { ...need, now })
    if (decision !== 'allowed') throw accessDenied(caller, call, need.action, need.resource, decision)
  }
}

function covers(pattern: string, action: string): boolean {
  return pattern.endsWith('*')
    ? action.toLowerCase().startsWith(pattern.slice(0, -1).toLowerCase())
    : action.toLowerCase() === pattern.toLowerCase()
}

/** The role of a session, or the user itself, where it is still there. */
function principalOf(account: Account, callerArn: string): string | undefined {
  const name =
    /:(?:user\/(?:.*\/)?|assumed-role\/)([^/]+)(?:\/[^/]+)?$/.exec(callerArn)?.[1]?.toLowerCase() ?? ''
  return callerArn.includes(':assumed-role/') ? account.roles.find(name)?.arn : account.users.find(name)?.arn
}

/** AccessDenied in the words that AWS uses; JSON services have another name and status for it. */
function accessDenied(
  caller: Call['caller'],
  call: WireCall,
  action: string,
  resource: string,
  decision: string,
): Refusal {
  const because =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`
  return call.service.protocol === 'json'
    ? new Refusal('AccessDeniedException', message, 400)
    : new Refusal('AccessDenied', message, 403)
}
