import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccessRow, RequestContext } from './access.ts'
import { accountOf } from './account.ts'
import { Evaluator, nothing } from './evaluator.ts'

export interface EvaluateOptions {
  /** ARNs; every user, group and role where absent. Permission sets are answered when they are named. */
  readonly principals?: readonly string[]
  /** ARNs; every tracking server and App of the snapshot where absent. */
  readonly servers?: readonly string[]
  /** Name of the grants file whose policies are ours; without it every policy of this tool is. */
  readonly name?: string
  readonly now: Date
  readonly context?: RequestContext
}

/** Who can do what: one row for each principal and server, principals first, in the order asked for. */
export function evaluateAccess(snapshot: Snapshot, options: EvaluateOptions): AccessRow[] {
  const account = accountOf(snapshot)
  const principals = options.principals ?? account.holders
  const servers = options.servers ?? [...snapshot.servers, ...snapshot.apps].map((server) => server.arn)
  const evaluator = new Evaluator(account, servers, options)
  const rows: AccessRow[] = []
  for (const principal of principals) {
    const holder = account.find(principal)
    const answers = holder ? evaluator.answersFor(holder) : undefined
    servers.forEach((server, index) => {
      const { allowed, denied, depends, elsewhere } = answers?.[index] ?? nothing
      rows.push({ principal, server, allowed, denied, depends, elsewhere })
    })
  }
  return rows
}
