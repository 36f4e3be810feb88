import { headerOf, type WireRequest } from './message.ts'
import { readQueryForm } from './query-form.ts'
import { Refusal } from './refusal.ts'
import type { Service } from './service.ts'

/** A request as the account understands it, before its members are checked. */
export interface WireCall {
  readonly service: Service
  readonly action: string
  readonly members: object
  /** Where the request was signed for. */
  readonly region: string
  /** Absent on an unsigned request. */
  readonly accessKey?: string
}

/** The largest request that the account reads. */
export const largestBody = 1024 * 1024

/** Finds out which operation of which service a request asks for, in either of the two protocols. */
export function readCall(services: readonly Service[], request: WireRequest): WireCall {
  const body = bodyText(request)
  const target = headerOf(request, 'x-amz-target')
  const signed = readSignature(headerOf(request, 'authorization'))
  const place = { region: signed?.region ?? 'us-east-1', ...(signed ? { accessKey: signed.accessKey } : {}) }
  if (target !== undefined) {
    const dot = target.lastIndexOf('.')
    const service = services.find((each) => each.protocol === 'json' && each.version === target.slice(0, dot))
    if (service === undefined) throw new Refusal('UnknownOperationException', '', 400)
    return { service, action: target.slice(dot + 1), members: readJson(body), ...place }
  }
  const form = new URLSearchParams(body)
  const parameters = new URLSearchParams(queryText(request))
  for (const [name, value] of form) parameters.append(name, value)
  const version = parameters.get('Version')
  const action = parameters.get('Action')
  const query = services.filter((each) => each.protocol === 'query')
  const service =
    query.find((each) => each.version === version) ??
    query.find((each) => signed !== undefined && each.signingNames.includes(signed.service))
  if (service === undefined || action === null) {
    throw new Refusal('MissingAction', 'Could not find the operation that the request asks for.', 400)
  }
  parameters.delete('Action')
  parameters.delete('Version')
  if (version !== null && version !== service.version) {
    throw new Refusal('InvalidAction', `Could not find operation ${action} for version ${version}`, 400)
  }
  return { service, action, members: readQueryForm(parameters), ...place }
}

function readSignature(header: string | undefined) {
  const scope = /Credential=([\w+=,.@-]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request/.exec(header ?? '')
  if (scope === null) return undefined
  return { accessKey: scope[1] ?? '', region: scope[2] ?? '', service: scope[3] ?? '' }
}

function readJson(body: string): object {
  let value: unknown
  try {
    value = body.trim() === '' ? {} : JSON.parse(body)
  } catch {
    throw new Refusal('SerializationException', 'The request body is not valid JSON.', 400)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('SerializationException', 'Start of structure or map found where not expected.', 400)
  }
  return value
}

function bodyText({ body }: WireRequest): string {
  const size = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  if (size > largestBody) {
    throw new Refusal('RequestEntityTooLarge', `Request size must be smaller than ${largestBody} bytes.`, 413)
  }
  if (body === undefined || typeof body === 'string') return body ?? ''
  return new TextDecoder().decode(body)
}

function queryText({ path, query = {} }: WireRequest): string {
  const parameters = new URLSearchParams(path.includes('?') ? path.slice(path.indexOf('?') + 1) : '')
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value ?? '']) parameters.append(name, String(each))
  }
  return parameters.toString()
}
