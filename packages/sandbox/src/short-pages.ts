import type { WireRequest } from './wire/message.ts'
import type { WireCall } from './wire/read-call.ts'

/** The same listing of IAM, asking for no more than `limit` items. */
export function withShortPages(request: WireRequest, call: WireCall, limit: number | undefined): WireRequest {
  const isListing = call.action.startsWith('List') || call.action === 'GetAccountAuthorizationDetails'
  if (limit === undefined || call.service.id !== 'iam' || !isListing || request.body === undefined)
    return request
  const { body } = request
  const form = new URLSearchParams(typeof body === 'string' ? body : new TextDecoder().decode(body))
  const asked = Number(form.get('MaxItems') ?? limit)
  // A number that AWS would refuse is to be refused.
  if (!(asked >= 1 && asked <= 1000)) return request
  form.set('MaxItems', String(Math.min(asked, limit)))
  return { ...request, body: form.toString() }
}
