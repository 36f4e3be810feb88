import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccessRow, Decision } from './access.ts'
import { decide } from './decide.ts'
import { type ElsewhereServer, findAssuming } from './elsewhere-access.ts'
import { evaluateAccess } from './evaluate-access.ts'
import type { Needs } from './explain.ts'
import { kindOfServer, serverKindOf } from './server-kind.ts'

/** Whether one principal has all of it on one server, and what decides. */
export interface Holding {
  readonly principal: string
  readonly server: string
  /** `decided-elsewhere`: the principal may assume the role of a server that another account decides about. */
  readonly decision: Decision['outcome'] | 'decided-elsewhere'
  /** Null where nothing allows it. */
  readonly policy: string | null
  readonly statement: string | null
  /** The account that decides, for `decided-elsewhere`. */
  readonly account?: string
}

export interface HolderOptions {
  /** ARNs. Principals that are named are answered whatever the answer; of all others, those who have it. */
  readonly principals?: readonly string[]
  readonly servers?: readonly string[]
  /** Servers of other accounts that count too. */
  readonly elsewhere?: readonly ElsewhereServer[]
  readonly now: Date
}

/** Who has what is needed, on which server. A call that needs several actions is decided by its weakest. */
export function findHolders(snapshot: Snapshot, needs: Needs, options: HolderOptions): readonly Holding[] {
  const kind = serverKindOf(needs.actions)
  const isRight = (server: string) => kind === undefined || kind === kindOfServer(server)
  const all = [...snapshot.servers, ...snapshot.apps].map((server) => server.arn)
  const servers = options.servers ?? all.filter(isRight)
  const pairs = options.principals
    ? options.principals.flatMap((principal) => servers.map((server) => ({ principal, server })))
    : candidates(snapshot, needs, servers.filter(isRight), options.now)
  const here = pairs.flatMap(({ principal, server }): readonly Holding[] => {
    // Whatever a policy says, there is no such call on a server of the other kind.
    const requests = isRight(server) ? requestsOf(needs, server, snapshot) : []
    const decisions = requests.map((request) => decide(snapshot, { principal, ...request, now: options.now }))
    const { outcome, policy, statement } = weakest(decisions)
    if (outcome === 'implicit-deny' && !options.principals) return []
    return [{ principal, server, decision: outcome, policy: policy ?? null, statement: statement ?? null }]
  })
  return [...here, ...holdersElsewhere(snapshot, needs, options)]
}

/** Whether the role there allows an MLflow action is not to be seen: who may assume it is, and is all that is said. */
function holdersElsewhere(
  snapshot: Snapshot,
  needs: Needs,
  { elsewhere = [], ...options }: HolderOptions,
): readonly Holding[] {
  if (!needs.actions.some((action) => !action.includes(':'))) return []
  return findAssuming(snapshot, elsewhere, options).map(({ principal, server, account, decision }) => {
    const through = { policy: decision.policy ?? null, statement: decision.statement ?? null }
    return decision.outcome === 'allowed'
      ? { principal, server, decision: 'decided-elsewhere', ...through, account }
      : { principal, server, decision: decision.outcome, ...through }
  })
}

/** Whom some statement allows every MLflow action needed; rows answer for a whole account at once. */
function candidates(
  snapshot: Snapshot,
  needs: Needs,
  servers: readonly string[],
  now: Date,
): readonly AccessRow[] {
  const own = needs.actions.filter((action) => !action.includes(':'))
  return evaluateAccess(snapshot, { servers, now }).filter((row) => {
    const some = new Set([...row.allowed, ...row.denied, ...row.depends.map((one) => one.action)])
    return some.has('CallMlflowAppApi') || own.every((action) => some.has(action))
  })
}

interface PlainRequest {
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, readonly string[]>>
}

/** On an App every MLflow call is the one action of Apps; artifacts in S3 count where it is known where they lie. */
function requestsOf(needs: Needs, server: string, snapshot: Snapshot): readonly PlainRequest[] {
  const kind = kindOfServer(server)
  const app = kind === 'mlflow-app'
  // A function that knows both kinds makes the call that this one has.
  const actions = needs.actions.filter((action) => (serverKindOf([action]) ?? kind) === kind)
  const calls = new Set(
    actions.map((action) => (app && !action.includes(':') ? 'sagemaker:CallMlflowAppApi' : action)),
  )
  const requests: PlainRequest[] = [...calls].map((action) => ({ action, resource: server }))
  return requests.length > 0 ? requests : artifactRequests(needs, server, snapshot)
}

function artifactRequests({ s3 }: Needs, server: string, snapshot: Snapshot): readonly PlainRequest[] {
  const uri = [...snapshot.servers, ...snapshot.apps].find((one) => one.arn === server)?.artifacts
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(uri ?? '') ?? []
  if (!bucket) return []
  const bucketArn = `arn:${snapshot.partition}:s3:::${bucket}`
  const object = `${bucketArn}/${prefix === '' ? '' : `${prefix}/`}0/model/MLmodel`
  return [
    ...(s3.read ? [{ action: 's3:GetObject', resource: object }] : []),
    ...(s3.write ? [{ action: 's3:PutObject', resource: object }] : []),
    ...(s3.list
      ? [{ action: 's3:ListBucket', resource: bucketArn, context: { 's3:prefix': [`${prefix}/`] } }]
      : []),
  ]
}

const order: readonly Decision['outcome'][] = ['explicit-deny', 'implicit-deny', 'depends', 'allowed']

function weakest(decisions: readonly Decision[]): Decision {
  for (const outcome of order) {
    const found = decisions.find((decision) => decision.outcome === outcome)
    if (found) return found
  }
  return { outcome: 'implicit-deny', keys: [] }
}
