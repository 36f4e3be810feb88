import { parseArn } from '../policy/arn.ts'
import type { Tag } from '../snapshot/snapshot.ts'
import type { RequestContext } from './access.ts'
import type { Account, Holder } from './account.ts'
import { describesPrincipal, type KeyValue, type RequestFacts } from './request.ts'

/** A request to be judged. `resource` is an ARN, or `*` for actions without resource types. */
export interface RequestDescription {
  readonly account: Account
  readonly holder: Holder
  readonly resource: string
  /** The Region that the request goes to. */
  readonly region: string | undefined
  /** Whether the service also sends `sagemaker:ResourceTag`: its control plane does, the MLflow data plane not. */
  readonly controlPlane: boolean
  readonly now: Date
  readonly context: LowerContext
}

export type LowerContext = ReadonlyMap<string, readonly string[]>

/** Condition keys compare ignoring case. */
export function lowerContext(context: RequestContext = {}): LowerContext {
  return new Map(Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]))
}

/**
 * What is known of a request's condition keys (IAM User Guide, "AWS global condition context keys"). Calls are
 * taken to be direct ones of an MLflow client; where they come from and how the caller signed in is not known.
 */
export function requestFacts(request: RequestDescription): RequestFacts {
  return {
    valueOf(key) {
      const given = request.context.get(key)
      if (given) return given
      // One that may differ between principals must be told as such: the rest is shared by them all.
      return (
        (describesPrincipal(key) ? principalValue(key, request) : requestValue(key, request)) ?? 'unknown'
      )
    },
  }
}

function requestValue(key: string, request: RequestDescription): KeyValue | undefined {
  const { resource, account, now } = request
  if (key.startsWith('aws:resourcetag/')) return resourceTag(key.slice('aws:resourcetag/'.length), request)
  if (key.startsWith('sagemaker:resourcetag/')) {
    if (!request.controlPlane) return 'absent'
    return resourceTag(key.slice('sagemaker:resourcetag/'.length), request)
  }
  switch (key) {
    case 'aws:currenttime':
      return [isoSeconds(now)]
    case 'aws:epochtime':
      return [String(Math.floor(now.getTime() / 1000))]
    case 'aws:securetransport':
      return ['true']
    case 'aws:requestedregion':
      return request.region === undefined ? undefined : [request.region]
    case 'aws:viaawsservice':
      return ['false']
    case 'aws:resourceaccount':
      return resource === '*' ? undefined : [parseArn(resource)?.account || account.snapshot.account]
    default:
      return undefined
  }
}

function isoSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z')
}

function resourceTag(key: string, request: RequestDescription): KeyValue {
  if (request.resource === '*') return 'absent'
  const tags = request.account.tagsOf(request.resource)
  return tags ? (tagValue(tags, key) ?? 'absent') : 'unknown'
}

function principalValue(key: string, request: RequestDescription): KeyValue | undefined {
  const { holder, account } = request
  const acts = holder.kind === 'user' || holder.kind === 'role'
  switch (key) {
    case 'aws:principalaccount':
      return [account.snapshot.account]
    case 'aws:principalisawsservice':
      return ['false']
    case 'aws:username':
      return holder.kind === 'user' ? [holder.name] : holder.kind === 'group' ? 'unknown' : 'absent'
    case 'aws:userid':
      // A role's is its id with the name of the session.
      return holder.kind === 'user' ? [holder.id] : 'unknown'
    case 'aws:principalarn':
      return acts ? [holder.arn] : 'unknown'
    case 'aws:tokenissuetime':
      // Roles act in sessions; the one in question begins now, so sessions revoked earlier do not count.
      return holder.kind === 'role' || holder.kind === 'permission-set'
        ? [isoSeconds(request.now)]
        : 'unknown'
    case 'aws:principaltype':
      return [holder.kind === 'user' || holder.kind === 'group' ? 'User' : 'AssumedRole']
    default:
      return key.startsWith('aws:principaltag/')
        ? principalTag(key.slice('aws:principaltag/'.length), holder)
        : undefined
  }
}

/** A session may carry tags that its role has not, and, where the role's trust allows it, in the place of them. */
function principalTag(key: string, holder: Holder): KeyValue {
  const value = tagValue(holder.tags, key)
  if (holder.kind === 'user') return value ?? 'absent'
  return value && holder.kind === 'role' && !holder.sessionsMayBeTagged ? value : 'unknown'
}

function tagValue(tags: readonly Tag[], key: string): readonly string[] | undefined {
  const tag = tags.find((one) => one.Key.toLowerCase() === key)
  return tag && [tag.Value]
}
