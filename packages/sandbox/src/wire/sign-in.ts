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
