import { parseArn } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Target } from '../target/target.ts'
import type { ElsewhereAccess } from '../target/target-elsewhere.ts'
import type { AccessDifference, AccessRow, Decision, RequestContext } from './access.ts'
import { accountOf } from './account.ts'
import { decide } from './decide.ts'
import { contextSatisfying } from './satisfying-context.ts'

/** A server of another account, and the role there through which clients of this one reach it. */
export interface ElsewhereServer {
  /** ARNs. */
  readonly server: string
  readonly role: string
}

/** Who of this account may assume the role of a server elsewhere, and which statement says so. */
export interface AssumingPrincipal extends ElsewhereServer {
  readonly principal: string
  /** The account that decides about the server. */
  readonly account: string
  /** About sts:AssumeRole on the role. */
  readonly decision: Decision
}

/**
 * Who may assume the roles of servers elsewhere: this account's half, and all that can be seen of that access from
 * here. Principals that are named are answered whatever the answer; of all others, those who may, or may under a condition.
 */
export function findAssuming(
  snapshot: Snapshot,
  servers: readonly ElsewhereServer[],
  options: { readonly principals?: readonly string[]; readonly now: Date },
): readonly AssumingPrincipal[] {
  const principals = options.principals ?? accountOf(snapshot).holders
  return principals.flatMap((principal) =>
    servers.flatMap(({ server, role }): readonly AssumingPrincipal[] => {
      const decision = assumes(snapshot, principal, role, options.now, {})
      if (!options.principals && !isOpen(decision)) return []
      return [{ principal, server, role, account: parseArn(role)?.account ?? '', decision }]
    }),
  )
}

/** A row for a server elsewhere: nothing is said of its actions, except of whoever cannot even ask there. */
export function rowOfAssuming({ principal, server, account, decision }: AssumingPrincipal): AccessRow {
  const nothing = { allowed: [], denied: [], depends: [], elsewhere: [] }
  return { principal, server, ...nothing, ...(isOpen(decision) ? { decidedIn: account } : {}) }
}

/** A row for each principal and server elsewhere that a target speaks of. */
export function elsewhereRows(target: Target): readonly AccessRow[] {
  const rows = (target.elsewhere ?? []).flatMap(({ account, roles }) =>
    roles.flatMap(({ access }) =>
      access.flatMap(({ principals, servers }) =>
        principals.flatMap((principal) =>
          servers.map((server) => ({
            ...{ principal, server, allowed: [], denied: [], depends: [], elsewhere: [] },
            decidedIn: account,
          })),
        ),
      ),
    ),
  )
  const unique = new Map(rows.map((row) => [`${row.principal}\n${row.server}`, row]))
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/**
 * What is not there of this account's half of the access to servers elsewhere: assuming the role, and S3 by the
 * caller's own credentials. The other half cannot be seen, and is no difference.
 */
export function elsewhereDifferences(
  target: Target,
  snapshot: Snapshot,
  now: Date,
): readonly AccessDifference[] {
  return (target.elsewhere ?? []).flatMap(({ account, roles }) =>
    roles.flatMap(({ role, access }) =>
      access.flatMap((row) =>
        row.principals.flatMap((principal) => {
          const context = contextSatisfying(row.conditions)
          const asks = [
            { action: 'sts:AssumeRole', resource: role },
            ...artifactRequests(row, target, snapshot),
          ]
          const missing = asks
            .filter(({ action, resource, ...more }) => {
              const known = { ...context, ...more.context }
              return !isOpen(decide(snapshot, { principal, action, resource, now, context: known }))
            })
            .map(({ action }) => action)
          if (missing.length === 0) return []
          const because = `Account ${account} decides what ${role} may do; what this account has to allow for it, ${missing.join(', ')}, is not allowed.`
          return row.servers.map((server) => ({
            ...{ principal, server, missing: [...new Set(missing)].sort(), extra: [] },
            because,
          }))
        }),
      ),
    ),
  )
}

interface Ask {
  readonly action: string
  readonly resource: string
  readonly context?: RequestContext
}

/** One request for each S3 need and place; the key is one that whoever writes traces alone may write too. */
function artifactRequests(row: ElsewhereAccess, target: Target, snapshot: Snapshot): readonly Ask[] {
  const servers = target.servers.filter(({ resource }) => row.servers.includes(resource))
  return servers
    .flatMap((server) => server.artifacts)
    .flatMap(({ bucket, prefix }): readonly Ask[] => {
      const arn = `arn:${snapshot.partition}:s3:::${bucket}`
      const object = `${arn}/${prefix === '' ? '' : `${prefix}/`}0/traces/0/artifacts/traces.json`
      return row.s3.map((need) => {
        if (need === 'list')
          return { action: 's3:ListBucket', resource: arn, context: { 's3:prefix': [`${prefix}/0`] } }
        return { action: need === 'read' ? 's3:GetObject' : 's3:PutObject', resource: object }
      })
    })
}

function assumes(
  snapshot: Snapshot,
  principal: string,
  role: string,
  now: Date,
  context: RequestContext,
): Decision {
  return decide(snapshot, { principal, action: 'sts:AssumeRole', resource: role, now, context })
}

/** Allowed, or hanging on something that is not known here. */
function isOpen({ outcome }: Decision): boolean {
  return outcome === 'allowed' || outcome === 'depends'
}
