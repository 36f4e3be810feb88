/** One use of MLflow's data plane, as a CloudTrail record tells it. */
export interface TrailEvent {
  /** ARN of the user or role; a session counts as its role. */
  readonly principal: string
  /** ARN of the server, or `unknown`. */
  readonly server: string
  /** As the record names it, without the prefix `Mlflow`: `CreateRun`. */
  readonly action: string
  readonly denied: boolean
  /** ISO 8601, UTC. */
  readonly time: string
}

/** The events within the JSON text of one record: usually one or none. Text that is no JSON is `undefined`. */
export function readTrailRecord(text: string): readonly TrailEvent[] | undefined {
  // Most records of a trail have nothing to do with MLflow and need not be parsed.
  if (!text.includes('Mlflow')) return []
  const record = parse(text)
  if (record === undefined) return undefined
  return eventsOf(record, 0)
}

/** Members under which lakes and log exports keep an event as text, or within an envelope. */
const envelopes = [
  'CloudTrailEvent',
  'eventJson',
  'eventData',
  'event_json',
  'message',
  '@message',
  'detail',
  'event',
]

function eventsOf(record: unknown, depth: number): readonly TrailEvent[] {
  if (Array.isArray(record)) return depth > 4 ? [] : record.flatMap((entry) => eventsOf(entry, depth + 1))
  if (!isObject(record) || depth > 4) return []
  const name = record.eventName
  if (typeof name === 'string') {
    const event = eventOf(record, name)
    return event ? [event] : []
  }
  return envelopes.flatMap((member) => {
    const inner = Object.hasOwn(record, member) ? record[member] : undefined
    return eventsOf(typeof inner === 'string' ? parse(inner) : inner, depth + 1)
  })
}

function eventOf(record: JsonObject, name: string): TrailEvent | undefined {
  const source = record.eventSource
  if (!name.startsWith('Mlflow') || name.length > 100) return undefined
  if (source !== 'sagemaker.amazonaws.com' && source !== 'sagemaker-mlflow.amazonaws.com') return undefined
  const time = record.eventTime
  const error = record.errorCode
  return {
    principal: principalOf(record.userIdentity),
    server: serverOf(record),
    action: name.slice('Mlflow'.length),
    denied: typeof error === 'string' && /AccessDenied|Unauthorized|Forbidden/i.test(error),
    time: typeof time === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time) ? time : '',
  }
}

function principalOf(identity: unknown): string {
  if (!isObject(identity)) return 'unknown'
  const context = isObject(identity.sessionContext) ? identity.sessionContext : undefined
  const issuer = isObject(context?.sessionIssuer) ? context.sessionIssuer.arn : undefined
  if (isArn(issuer)) return issuer
  if (!isArn(identity.arn)) return 'unknown'
  const session = /^arn:(aws[\w-]*):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(identity.arn)
  return session ? `arn:${session[1]}:iam::${session[2]}:role/${session[3]}` : identity.arn
}

function serverOf(record: JsonObject): string {
  const resources = Array.isArray(record.resources) ? record.resources : []
  for (const resource of resources) {
    const arn = isObject(resource) ? (resource.ARN ?? resource.arn) : undefined
    if (isServer(arn)) return arn
  }
  return findServer(record.requestParameters, 0) ?? 'unknown'
}

function findServer(value: unknown, depth: number): string | undefined {
  if (isServer(value)) return value
  if (depth > 3 || typeof value !== 'object' || value === null) return undefined
  for (const entry of Object.values(value)) {
    const found = findServer(entry, depth + 1)
    if (found) return found
  }
  return undefined
}

function isServer(value: unknown): value is string {
  return isArn(value) && /^arn:[^:]+:sagemaker:[^:]+:\d{12}:mlflow-(tracking-server|app)\/./.test(value)
}

function isArn(value: unknown): value is string {
  return typeof value === 'string' && value.length < 2048 && value.startsWith('arn:')
}

type JsonObject = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
