import type { GrantsFile } from '../grants/grants-file.ts'
import { type Home, parseArn } from '../policy/arn.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import {
  foldStatements,
  type StatementDraft,
  sortedUnique,
  writeDocument,
} from '../policy/statement-draft.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { elsewherePolicies } from './elsewhere-policies.ts'
import { sidPrefix } from './inline-statements.ts'
import type { ElsewhereAccess, ElsewhereRole, TargetElsewhere } from './target-elsewhere.ts'
import { trustedPrincipals, trustStatements } from './trusted-principals.ts'
import { mlflowActionsOn, serverReads } from './unit-statements.ts'
import { groupBy, type ViaGrant } from './via-grants.ts'

/** What each other account has to do for these grants. Sorted by account. */
export function otherAccounts(
  file: GrantsFile,
  home: Home,
  snapshot: Snapshot,
  grants: readonly ViaGrant[],
): readonly TargetElsewhere[] {
  const roles = [...groupBy(grants, ({ server }) => server.via)].sort(([a], [b]) => compare(a, b))
  const made = roles.map(([via, own]) => elsewhereRole(file, home, snapshot, via, own))
  const policies = elsewherePolicies(file, home, snapshot, grants)
  const accountOf = (arn: string): string => parseArn(arn)?.account ?? ''
  const accounts = sortedUnique([
    ...roles.map(([via]) => accountOf(via)),
    ...policies.keys.map(({ key }) => accountOf(key)),
  ])
  return accounts.map((account) => ({
    account,
    roles: made.filter(({ role }) => accountOf(role) === account),
    buckets: policies.buckets.flatMap(({ account: owner, ...bucket }) => (owner === account ? [bucket] : [])),
    keys: policies.keys.filter(({ key }) => accountOf(key) === account),
  }))
}

function elsewhereRole(
  file: GrantsFile,
  home: Home,
  snapshot: Snapshot,
  role: string,
  grants: readonly ViaGrant[],
): ElsewhereRole {
  const trusted = trustedPrincipals(
    home,
    snapshot,
    grants.flatMap(({ principals }) => principals),
  )
  const Statement = trustStatements(home, trusted, { Sid: sidPrefix(file.name), Action: 'sts:AssumeRole' })
  return {
    role,
    trust: { Version: '2012-10-17', Statement },
    permissions: rolePermissions(grants),
    access: accessOf(grants),
  }
}

/** Everything that the grants give together: by server what the service authorization reference gives a resource, the rest on "*". */
function rolePermissions(grants: readonly ViaGrant[]): PolicyDocument {
  const onServers = [...groupBy(grants, ({ server }) => server.resource)]
    .sort(([a], [b]) => compare(a, b))
    .map(([resource, own]): StatementDraft => {
      const wildcard = own.some(({ unit }) => unit.wildcard)
      const named = own.flatMap(({ unit }) => [
        ...(wildcard ? [] : mlflowActionsOn(unit)),
        ...serverReads(unit),
      ])
      const actions = [...named, ...(wildcard ? ['sagemaker-mlflow:*'] : [])]
      return { sid: 'MlflowActions', actions, resources: [resource] }
    })
    .filter(({ actions }) => actions.length > 0)
  const opensUi = grants.some(({ unit }) => unit.ui)
  const lists = grants.some(({ unit }) => unit.alsoNeeds.includes('sagemaker:ListMlflowTrackingServers'))
  const accountWide = [
    ...(opensUi ? ['sagemaker-mlflow:AccessUI'] : []),
    ...(opensUi || lists ? ['sagemaker:ListMlflowTrackingServers'] : []),
  ]
  return writeDocument([
    ...foldStatements(onServers),
    ...(accountWide.length > 0 ? [{ sid: 'AccountWide', actions: accountWide, resources: ['*'] }] : []),
  ])
}

function accessOf(grants: readonly ViaGrant[]): readonly ElsewhereAccess[] {
  const rows = grants.map(
    ({ unit, server, principals }): ElsewhereAccess => ({
      principals: sortedUnique(principals.map((principal) => principal.actsAs ?? principal.arn)),
      servers: [server.resource],
      actions: unit.actions,
      // Where artifacts lie unknown, no S3 access was given, which a finding says.
      s3:
        server.artifacts.length === 0
          ? []
          : (['read', 'write', 'list'] as const).filter((need) => unit.s3[need]),
      ...(unit.conditions ? { conditions: unit.conditions } : {}),
    }),
  )
  const merged = groupBy(rows, ({ principals: _, ...row }) => canonicalJson(row))
  return [...merged.values()]
    .map((same) => ({ ...same[0], principals: sortedUnique(same.flatMap(({ principals }) => principals)) }))
    .map((row) => row as ElsewhereAccess)
    .sort((a, b) => compare(canonicalJson(a), canonicalJson(b)))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
