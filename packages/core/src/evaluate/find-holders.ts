import { parseArn } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Decision } from './access.ts'
import { accountOf } from './account.ts'
import { decide } from './decide.ts'
import type { Needs } from './explain.ts'

/** Whether one principal has all of it on one server, and what decides. */
export interface Holding {
  readonly principal: string
  readonly server: string
  readonly decision: Decision['outcome']
  /** Null where nothing allows it. */
  readonly policy: string | null
  readonly statement: string | null
}

export interface HolderOptions {
  /** ARNs. Principals that are named are answered whatever the answer; of all others, those who have it. */
  readonly principals?: readonly string[]
  readonly servers?: readonly string[]
  readonly now: Date
}

/** Who has what is needed, on which server. A call that needs several actions is decided by its weakest. */
export function findHolders(snapshot: Snapshot, needs: Needs, options: HolderOptions): readonly Holding[] {
  const principals = options.principals ?? accountOf(snapshot).holders
  const servers = options.servers ?? [...snapshot.servers, ...snapshot.apps].map((server) => server.arn)
  const holdings: Holding[] = []
  for (const principal of principals) {
    for (const server of servers) {
      const requests = requestsOf(needs, server, snapshot)
      const decisions: Decision[] = []
      for (const request of requests) {
        const decision = decide(snapshot, { principal, ...request, now: options.now })
        decisions.push(decision)
        if (decision.outcome === 'implicit-deny' && !options.principals) break
      }
      const { outcome, policy, statement } = weakest(decisions)
      if (outcome === 'implicit-deny' && !options.principals) continue
      holdings.push({
        principal,
        server,
        decision: outcome,
        policy: policy ?? null,
        statement: statement ?? null,
      })
    }
  }
  return holdings
}

interface PlainRequest {
  readonly action: string
  readonly resource: string
  readonly context?: Readonly<Record<string, readonly string[]>>
}

/** On an App every MLflow call is the one action of Apps; artifacts in S3 count where it is known where they lie. */
function requestsOf(needs: Needs, server: string, snapshot: Snapshot): readonly PlainRequest[] {
  const app = parseArn(server)?.resource.startsWith('mlflow-app/') === true
  const calls = new Set(
    needs.actions.map((action) => (app && !action.includes(':') ? 'sagemaker:CallMlflowAppApi' : action)),
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
