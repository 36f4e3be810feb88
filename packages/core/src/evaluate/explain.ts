import { findAction, mlflowActions } from '../catalog/actions.ts'
import { s3NeedsOfActions } from '../catalog/closure.ts'
import { findFunctions, mlflowFunctions, needsOf } from '../catalog/functions.ts'
import { closestName } from '../catalog/suggest-name.ts'
import type { S3Needs } from '../personas/persona.ts'
import { arnName } from '../policy/arn.ts'
import { exitCodes, Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { ElsewhereServer } from './elsewhere-access.ts'
import { findHolders, type Holding } from './find-holders.ts'
import { type Denial, readDenial } from './read-denial.ts'
import { smallestGrant } from './smallest-grant.ts'

/** What `explain --json` prints for one query (contract: `docs/guide`, machine output), without `version`. */
export interface Explanation {
  readonly query: string
  readonly kind: 'action' | 'function' | 'denial'
  readonly needs: {
    /** Bare MLflow action names, then full names of others; each sorted. */
    readonly actions: readonly string[]
    readonly s3: readonly ('read' | 'write' | 'list')[]
  }
  readonly holders: readonly Holding[]
  /** The smallest grants-file lines that would allow it; empty where no grant can. */
  readonly grant: string
  /** Why AWS refused, for a denial. */
  readonly denial?: Denial
  /** What is on record about a function that needs nothing: it stays local, or no tracking server offers it. */
  readonly note?: string
}

export interface ExplainOptions {
  /** Whom the grant is for, and who is looked at; ARNs. */
  readonly principals?: readonly string[]
  readonly servers?: readonly string[]
  /** Servers of other accounts that count too. */
  readonly elsewhere?: readonly ElsewhereServer[]
  readonly now: Date
}

/**
 * What an action, an MLflow function or an AccessDenied message is about: what it needs, who has that in the
 * account, and the smallest grant that would give it. Without a snapshot the reference data alone answers.
 */
export function explain(query: string, snapshot: Snapshot | undefined, options: ExplainOptions): Explanation {
  const { kind, needs, denial, note } = readQuery(query)
  const denied = snapshot ? withPath(denial?.principal, snapshot) : denial?.principal
  const principals = options.principals ?? (denied === undefined ? undefined : [denied])
  const servers = options.servers ?? (isServer(denial?.resource) ? [denial?.resource ?? ''] : undefined)
  const server = servers?.[0] ?? options.elsewhere?.[0]?.server
  const s3 = (['read', 'write', 'list'] as const).filter((name) => needs.s3[name])
  return {
    query,
    kind,
    needs: { actions: needs.actions, s3 },
    holders: snapshot
      ? findHolders(snapshot, needs, {
          now: options.now,
          ...(principals ? { principals } : {}),
          ...(servers ? { servers } : {}),
          ...(options.elsewhere ? { elsewhere: options.elsewhere } : {}),
        })
      : [],
    grant:
      denial && !grantHelps(denial) ? '' : smallestGrant(needs, nameOf(principals?.[0], snapshot), server),
    ...(denial ? { denial } : {}),
    ...(note ? { note } : {}),
  }
}

/** The ARN of a role session has no path; its role's has, and role names are unique whatever their path. */
function withPath(principal: string | undefined, snapshot: Snapshot): string | undefined {
  if (!principal?.includes(':role/')) return principal
  const name = arnName(principal).toLowerCase()
  return snapshot.roles.find((role) => role.name.toLowerCase() === name)?.arn ?? principal
}

/** As a grants file names it, where the ARN holds no name: that of a permission set. */
function nameOf(principal: string | undefined, snapshot: Snapshot | undefined): string | undefined {
  const set = snapshot?.permissionSets.find(({ arn }) => arn === principal)
  return set ? `permission-set/${set.name}` : principal
}

/** What a query needs. Actions are bare for MLflow and full names otherwise. */
export interface Needs {
  readonly actions: readonly string[]
  readonly s3: S3Needs
}

function readQuery(query: string): {
  kind: Explanation['kind']
  needs: Needs
  denial?: Denial
  note?: string
} {
  const text = query.trim()
  const action = /^[\w-]{1,64}(:\w{1,64})?$/.test(text) ? findAction(text) : undefined
  if (action) return { kind: 'action', needs: needsOfAction(action.name) }
  const denial = readDenial(text)
  if (denial) return { kind: 'denial', needs: needsOfAction(denial.action), denial }
  const functions = findFunctions(text)
  if (functions.length === 0) throw unknownQuery(text)
  const { actions, s3, alsoNeeds } = needsOf(functions)
  const needs = { actions: [...actions, ...alsoNeeds], s3 }
  const needsNothing = needs.actions.length === 0 && !s3.read && !s3.write && !s3.list
  const notes = [...new Set(functions.map((entry) => entry.notes))].join(' ')
  return { kind: 'function', needs, ...(needsNothing ? { note: notes } : {}) }
}

const s3Actions: Readonly<Record<string, Partial<S3Needs>>> = {
  's3:getobject': { read: true },
  's3:putobject': { write: true },
  's3:abortmultipartupload': { write: true },
  's3:listbucket': { list: true },
}

/** An S3 action is access to the server's artifacts, which grants speak of as read, write and list. */
function needsOfAction(name: string): Needs {
  const s3 = s3Actions[name.toLowerCase()]
  if (s3) return { actions: [], s3: { read: false, write: false, list: false, ...s3 } }
  const known = findAction(name)
  const bare = known?.name.startsWith('sagemaker-mlflow:') ? known.bare : undefined
  return { actions: [bare ?? known?.name ?? name], s3: s3NeedsOfActions(bare ? [bare] : []) }
}

/** A deny, an organisation's policy, a boundary or an endpoint is not opened by allowing more. */
function grantHelps(denial: Denial): boolean {
  return denial.reason === 'no-identity-policy' || denial.reason === 'not-said'
}

function isServer(resource: string | undefined): boolean {
  return resource !== undefined && /:mlflow-(tracking-server|app)\/./.test(resource)
}

function unknownQuery(text: string): Problem {
  const names = [
    ...mlflowActions.map((action) => action.bare),
    ...mlflowFunctions().map((entry) => entry.name),
  ]
  const close = closestName(text, names)
  return new Problem('UNKNOWN_QUERY', `${JSON.stringify(text.slice(0, 200))} is not known.`, {
    why: 'It is no action, no MLflow function on record, and no AccessDenied message.',
    fix: [
      close === undefined
        ? 'See: mlflow-iam catalog actions, mlflow-iam catalog functions'
        : `Did you mean ${close}?`,
    ],
    exit: exitCodes.badInput,
  })
}
