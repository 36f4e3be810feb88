import { decide } from '@mlflow-iam/core/evaluate/decide'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Explanation, Holder } from './explain-query.ts'
import type { FlagValues } from './flags.ts'
import { findPrincipals, findServers } from './select-access.ts'

/**
 * Who may do what a query needs, and through which statement. Named principals are answered whatever the answer
 * is; of everyone else, those who may. A principal that lacks one of several actions is named for the lack.
 */
export function findHolders(
  { needs, about }: Explanation,
  snapshot: Snapshot,
  flags: Pick<FlagValues, 'principal' | 'server'>,
): readonly Holder[] {
  const asked = findPrincipals(snapshot, flags.principal)
  const named = asked ?? (about.principal === undefined ? undefined : [about.principal])
  const principals = named ?? [...snapshot.users, ...snapshot.groups, ...snapshot.roles].map(({ arn }) => arn)
  const servers =
    findServers(snapshot, flags.server) ??
    (about.server === undefined ? snapshot.servers.map(({ arn }) => arn) : [about.server])
  const now = new Date(snapshot.takenAt)
  return principals.flatMap((principal) =>
    servers.flatMap((server) => {
      const decisions = needs.actions
        .filter((action) => !/^(s3|kms):/.test(action))
        .map((action) => decide(snapshot, { principal, action, resource: server, now }))
      // The weakest link decides for a call that needs several actions.
      const worst =
        decisions.find(({ outcome }) => outcome === 'explicit-deny') ??
        decisions.find(({ outcome }) => outcome === 'implicit-deny') ??
        decisions.find(({ outcome }) => outcome === 'depends') ??
        decisions[0]
      if (!worst || (named === undefined && worst.outcome !== 'allowed' && worst.outcome !== 'depends'))
        return []
      const { outcome, policy = null, statement = null } = worst
      return [{ principal, server, decision: outcome, policy, statement }]
    }),
  )
}
