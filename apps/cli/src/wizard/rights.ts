import { type CallerVerdict, callerMay } from '@mlflow-iam/core/evaluate/caller-may'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'

export interface Right {
  readonly what: string
  readonly state: 'yes' | 'no' | 'unknown'
}

const cache = new WeakMap<Snapshot, readonly Right[]>()

/**
 * What whoever read the account may do here, before there is a plan: then `callerRights` knows each request. What
 * decides is the same.
 */
export function rightsOf(snapshot: Snapshot): readonly Right[] {
  const known = cache.get(snapshot)
  if (known) return known
  const unread = new Set(snapshot.unknown.map((part) => part.part))
  const rights: readonly Right[] = [
    { what: 'read IAM', state: unread.has('users') || unread.has('roles') ? 'no' : 'yes' },
    { what: 'change IAM', state: mayChange(snapshot) },
    { what: 'list MLflow servers', state: unread.has('servers') ? 'no' : 'yes' },
  ]
  cache.set(snapshot, rights)
  return rights
}

/** Asked of a policy that stands for all that a plan may make: a right to some of them only is no "no". */
function mayChange(snapshot: Snapshot): Right['state'] {
  const resource = `arn:${snapshot.partition}:iam::${snapshot.account}:policy/mlflow-iam/x/y`
  return stateOf(callerMay(snapshot)({ action: 'iam:CreatePolicy', resource }))
}

function stateOf(verdict: CallerVerdict): Right['state'] {
  if (verdict.state === 'allowed') return 'yes'
  return verdict.state === 'denied' && verdict.explicit ? 'no' : 'unknown'
}
