/**
 * What an SDK error means for the caller.
 * - `throttled`: not carried out, slow down. `busy`: not carried out, somebody else is changing it.
 * - `unclear`: it may or may not have been carried out. `unreachable`: it never left.
 * - `missing`, `exists`, `refused`: AWS looked at it and said no.
 */
export type FailureKind =
  | 'throttled'
  | 'busy'
  | 'unclear'
  | 'unreachable'
  | 'missing'
  | 'exists'
  | 'denied'
  | 'not-signed-in'
  | 'refused'

interface SdkError {
  readonly name: string
  readonly code: string
  readonly message: string
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly headers: Readonly<Record<string, string>>
  /** The answer could not be read as XML or JSON. */
  readonly unreadable: boolean
}

// IAM calls its quota error LimitExceededException, which the SDK's own list holds to be a throttle. It is none.
const throttles = new Set([
  'BandwidthLimitExceeded',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
])
const busy = new Set([
  'ConcurrentModification',
  'ConcurrentModificationException',
  'ConflictException',
  'EntityTemporarilyUnmodifiable',
  'EntityTemporarilyUnmodifiableException',
  'ResourceInUse',
])
const missing = new Set([
  'NoSuchEntity',
  'NoSuchEntityException',
  'ResourceNotFound',
  'ResourceNotFoundException',
])
const exists = new Set(['EntityAlreadyExists', 'EntityAlreadyExistsException'])
const denied = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
])
const notSignedIn = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'RequestExpired',
  'NotSignedInException',
])
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EPROTO'])
const brokenOff = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'UND_ERR_SOCKET'])

/** Sorts an SDK error by what the caller may do about it. The error's name decides before anything else. */
export function failureKind(error: unknown): FailureKind {
  const { name, code, message, status, unreadable } = readError(error)
  if (throttles.has(name)) return 'throttled'
  if (busy.has(name)) return 'busy'
  if (missing.has(name)) return 'missing'
  if (exists.has(name)) return 'exists'
  if (denied.has(name)) return 'denied'
  if (notSignedIn.has(name)) return 'not-signed-in'
  if (neverSent.has(code) || /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code))
    return 'unreachable'
  if (name === 'TimeoutError' && /connect/i.test(message)) return 'unreachable'
  if (name === 'TimeoutError' || brokenOff.has(code) || unreadable) return 'unclear'
  if (status === 429) return 'throttled'
  if (status !== undefined && status >= 500) return 'unclear'
  if (/socket hang up/.test(message)) return 'unclear'
  if (status === 403) return 'denied'
  return 'refused'
}

/** The parts of an SDK error that this package looks at, whatever service and protocol it came from. */
export function readError(error: unknown): SdkError {
  const value = isRecord(error) ? error : {}
  const metadata = isRecord(value.$metadata) ? value.$metadata : {}
  const response = isRecord(value.$response) ? value.$response : {}
  const message = typeof value.message === 'string' ? value.message : String(error)
  return {
    name: typeof value.name === 'string' ? value.name : 'Error',
    code: typeof value.code === 'string' ? value.code : '',
    message,
    status: typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined,
    requestId: typeof metadata.requestId === 'string' ? metadata.requestId : undefined,
    headers: isRecord(response.headers) ? (response.headers as Record<string, string>) : {},
    unreadable: /Deserialization error|XML parse error/.test(message),
  }
}

/** How long AWS asked to wait, in milliseconds; undefined where it did not say. */
export function retryAfter(error: unknown, now: number): number | undefined {
  const { headers } = readError(error)
  const name = Object.keys(headers).find((key) => /^(retry-after|x-amz-retry-after)$/i.test(key))
  const value = name === undefined ? undefined : headers[name]
  if (name === undefined || value === undefined || value === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return name.toLowerCase() === 'retry-after' ? seconds * 1000 : seconds
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** True where the endpoint answered, but knows no such operation (an emulator, say). */
export function isNotOffered(error: unknown): boolean {
  const { name, status, unreadable } = readError(error)
  if (['UnknownOperationException', 'InvalidAction', 'UnsupportedOperation', 'NotImplemented'].includes(name))
    return true
  return (unreadable && status !== undefined && status >= 400) || status === 501
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
