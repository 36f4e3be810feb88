import type { Account } from '../account/account.ts'
import type { WireCall } from './read-call.ts'
import { Refusal } from './refusal.ts'
import type { Call } from './service.ts'

/** Who signed a request. Refuses one that is not signed, or whose credentials the account does not take (any more). */
export function checkSignIn(account: Account, call: WireCall, now: Date): Call['caller'] {
  const json = call.service.protocol === 'json'
  const refuse = (query: string, inJson: string, message: string) =>
    new Refusal(json ? inJson : query, message, json ? 400 : 403)
  if (call.accessKey === undefined) {
    throw refuse(
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
    )
  }
  const session = account.state.sessions?.find((each) => each.accessKey === call.accessKey)
  if (account.state.signIn === 'expired' || (session !== undefined && new Date(session.until) <= now)) {
    throw refuse(
      'ExpiredToken',
      'ExpiredTokenException',
      'The security token included in the request is expired',
    )
  }
  if (account.state.signIn === 'invalid') {
    throw refuse(
      'InvalidClientTokenId',
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    )
  }
  return session ?? account.state.caller
}

/** Refuses what the caller may not do. Asking who one is needs no permission. */
export function checkAllowed(account: Account, call: WireCall, caller: Call['caller']): void {
  const prefix = call.service.id === 'sso-admin' ? 'sso' : call.service.id
  const action = `${prefix}:${call.action}`
  if (action === 'sts:GetCallerIdentity') return
  const isDenied = account.state.denied.some((denied) =>
    denied.endsWith('*')
      ? action.toLowerCase().startsWith(denied.slice(0, -1).toLowerCase())
      : action.toLowerCase() === denied.toLowerCase(),
  )
  if (isDenied) throw accessDenied(caller, call, action)
}

/** AccessDenied in the words that AWS uses; JSON services have another name and status for it. */
function accessDenied(caller: Call['caller'], call: WireCall, action: string): Refusal {
  const message =
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: * ` +
    `because no identity-based policy allows the ${action} action`
  return call.service.protocol === 'json'
    ? new Refusal('AccessDeniedException', message, 400)
    : new Refusal('AccessDenied', message, 403)
}
