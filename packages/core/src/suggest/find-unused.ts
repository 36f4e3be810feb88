import { actionsOfGroup } from '../catalog/actions.ts'
import { closureRules } from '../catalog/closure.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Target } from '../target/target.ts'
import { expandAccess } from '../target/target-access.ts'
import type { ActionUse, TrailUsage } from './read-cloudtrail.ts'

/** What CloudTrail says about one principal's access to one server. */
export interface UnusedRow {
  /** ARNs. */
  readonly principal: string
  readonly server: string
  readonly used: readonly ActionUse[]
  readonly denied: readonly ActionUse[]
  /** Granted and not used since the date: bare action names, sorted. */
  readonly unused: readonly string[]
  /** Granted actions whose use CloudTrail does not show. */
  readonly unseen: readonly string[]
  /** Why nothing can be said about this row; `unused` is empty then. */
  readonly silent?: string
}

/** Data events have no records of these, so they are never called unused. Nor is an App's one action told apart. */
export const neverRecorded: ReadonlySet<string> = new Set([
  'AccessUI',
  'CallMlflowAppApi',
  ...actionsOfGroup('Traces').map((action) => action.bare),
])

/** What every reader of these results must know (AWS: CloudTrail logging for MLflow). */
export const trailLimits =
  'CloudTrail shows MLflow calls only where data events are on, and never use of the UI, of traces or of S3: those are not called unused.'

/**
 * Sets what a target grants against what was used since a date (ISO 8601, UTC; always, where it is left out).
 * A server without any event says nothing: its data events may be off.
 */
export function findUnused(
  target: Pick<Target, 'access'>,
  usage: TrailUsage,
  snapshot: Pick<Snapshot, 'users'>,
  since = '',
): readonly UnusedRow[] {
  const recordedServers = new Set(usage.rows.map((row) => row.server))
  const uses = new Map<string, { used: ActionUse[]; denied: ActionUse[] }>()
  for (const row of usage.rows) {
    const key = `${shortArn(row.principal)} ${row.server}`
    const found = uses.get(key) ?? { used: [], denied: [] }
    found.used.push(...row.used)
    found.denied.push(...row.denied)
    uses.set(key, found)
  }
  return expandAccess(target.access).map((row) => {
    const actors = actorsOf(row.principal, snapshot)
    const found = actors.map((actor) => uses.get(`${shortArn(actor)} ${row.server}`))
    const used = newest(found.flatMap((entry) => entry?.used ?? []))
    const recent = new Set(used.filter((use) => use.last >= since).map((use) => use.action))
    const silent = recordedServers.has(row.server)
      ? undefined
      : 'There is no MLflow event of this server at all: its data events may be off.'
    const unseen = new Set(
      row.actions.filter((action) => neverRecorded.has(action) || isUiRead(action, row.actions)),
    )
    const unused = row.actions.filter((action) => !unseen.has(action) && !recent.has(action))
    return {
      principal: row.principal,
      server: row.server,
      used,
      denied: newest(found.flatMap((entry) => entry?.denied ?? [])),
      unused: silent ? [] : unused,
      unseen: [...unseen].filter((action) => !recent.has(action)),
      ...(silent && { silent }),
    }
  })
}

/** What the UI reads for whoever may open it: use of the UI is not recorded, so these may be used unseen. */
function isUiRead(action: string, granted: readonly string[]): boolean {
  return granted.includes('AccessUI') && uiReads.has(action)
}

const uiReads: ReadonlySet<string> = new Set(
  closureRules.filter((rule) => rule.action === 'AccessUI').flatMap((rule) => rule.requires),
)

/** Who appears in records when this principal acts: for a group, its members. */
function actorsOf(principal: string, snapshot: Pick<Snapshot, 'users'>): readonly string[] {
  if (!/^arn:[^:]+:iam::\d{12}:group\//.test(principal)) return [principal]
  const name = principal.slice(principal.lastIndexOf('/') + 1)
  return snapshot.users.filter((user) => user.groups.includes(name)).map((user) => user.arn)
}

/** An ARN without the principal's path, which records of sessions may lack. Names are unique whatever the path. */
export function shortArn(arn: string): string {
  const slash = arn.indexOf('/')
  return slash < 0 ? arn : `${arn.slice(0, slash)}${arn.slice(arn.lastIndexOf('/'))}`
}

/** One entry for each action, with the last use. */
function newest(uses: readonly ActionUse[]): readonly ActionUse[] {
  const byAction = new Map<string, ActionUse>()
  for (const use of uses) {
    const other = byAction.get(use.action)
    const last = other && other.last > use.last ? other.last : use.last
    byAction.set(use.action, { action: use.action, count: use.count + (other?.count ?? 0), last })
  }
  return [...byAction.values()].sort((one, other) => (one.action < other.action ? -1 : 1))
}
