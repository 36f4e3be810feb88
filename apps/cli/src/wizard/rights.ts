import { decide } from '@mlflow-iam/core/evaluate/decide'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'

export interface Right {
  readonly what: string
  readonly state: 'yes' | 'no' | 'unknown'
}

const cache = new WeakMap<Snapshot, readonly Right[]>()

/** What whoever read the account may do here, as its own policies say; boundaries set elsewhere are not seen. */
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

function mayChange(snapshot: Snapshot): Right['state'] {
  if (!snapshot.caller) return 'unknown'
  const resource = `arn:${snapshot.partition}:iam::${snapshot.account}:policy/mlflow-iam/x/y`
  const now = new Date(snapshot.takenAt)
  const { outcome } = decide(snapshot, {
    principal: snapshot.caller,
    action: 'iam:CreatePolicy',
    resource,
    now,
  })
  return outcome === 'allowed'
    ? 'yes'
    : outcome === 'depends' || outcome === 'implicit-deny'
      ? 'unknown'
      : 'no'
}
