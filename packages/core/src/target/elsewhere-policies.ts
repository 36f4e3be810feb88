import type { GrantsFile } from '../grants/grants-file.ts'
import { bucketArn, type Home, parseArn } from '../policy/arn.ts'
import type { ConditionBlock, Statement } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import { sortedUnique } from '../policy/statement-draft.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { sidPrefix } from './inline-statements.ts'
import type { TargetPrincipal } from './target.ts'
import type { ElsewhereBucket, ElsewhereKey } from './target-elsewhere.ts'
import { trustedPrincipals, trustStatements } from './trusted-principals.ts'
import { artifactStatements } from './unit-statements.ts'
import { groupBy, type ViaGrant } from './via-grants.ts'

interface ResourcePolicies {
  /** With the account of the server, in which its bucket is taken to be. */
  readonly buckets: readonly (ElsewhereBucket & { readonly account: string })[]
  readonly keys: readonly ElsewhereKey[]
}

/** One thing that one principal may do there, by its own credentials. */
interface Allowance {
  readonly account: string
  /** ARN of a bucket or a key. */
  readonly owner: string
  readonly action: string
  readonly resource: string
  readonly condition: ConditionBlock | undefined
  readonly principals: readonly TargetPrincipal[]
}

/**
 * The statements that buckets and keys of other accounts need. S3 and KMS ask both accounts: the caller's own
 * policy allows, and so must the resource's. When the grants hold (`until`, `when`) is left to the caller's.
 */
export function elsewherePolicies(
  file: GrantsFile,
  home: Home,
  snapshot: Snapshot,
  grants: readonly ViaGrant[],
): ResourcePolicies {
  const allowances = grants.flatMap((grant) => allowancesOf(home, grant))
  const owners = [...groupBy(allowances, ({ owner }) => owner)].sort(([a], [b]) => (a < b ? -1 : 1))
  const documentOf = (own: readonly Allowance[]) => ({
    Version: '2012-10-17',
    Statement: statementsOf(file, home, snapshot, own),
  })
  const isKey = (owner: string): boolean => parseArn(owner)?.service === 'kms'
  return {
    buckets: owners
      .filter(([owner]) => !isKey(owner))
      .map(([owner, own]) => ({
        account: own[0]?.account ?? '',
        bucket: parseArn(owner)?.resource ?? '',
        policy: documentOf(own),
      })),
    // A key of this account is opened by this account's own policies.
    keys: owners
      .filter(([owner]) => isKey(owner) && parseArn(owner)?.account !== home.account)
      .map(([key, own]) => ({ key, policy: documentOf(own) })),
  }
}

function allowancesOf(home: Home, { unit, server, principals }: ViaGrant): readonly Allowance[] {
  const account = parseArn(server.via)?.account ?? ''
  const buckets = server.artifacts.map(({ bucket }) => bucketArn(home, bucket))
  return artifactStatements(home, unit, [server]).flatMap(({ actions, resources, condition }) =>
    resources.flatMap((resource) => {
      const bucket = buckets.find((arn) => resource === arn || resource.startsWith(`${arn}/`))
      const owner = bucket ?? resource
      // In a key policy the key itself is meant by "*".
      const said = bucket ? resource : '*'
      return actions.map((action) => ({ account, owner, action, resource: said, condition, principals }))
    }),
  )
}

/** Whoever may do the same stands in one statement. */
function statementsOf(
  file: GrantsFile,
  home: Home,
  snapshot: Snapshot,
  allowances: readonly Allowance[],
): readonly Statement[] {
  const trustedBy = [
    ...groupBy(allowances, ({ action, resource, condition }) =>
      canonicalJson([resource, condition ?? null, action]),
    ),
  ].map(([, same]) => ({
    ...(same[0] as Allowance),
    trusted: trustedPrincipals(
      home,
      snapshot,
      same.flatMap(({ principals }) => principals),
    ),
  }))
  const statements = [
    ...groupBy(trustedBy, ({ resource, condition, trusted }) =>
      canonicalJson([resource, condition ?? null, trusted]),
    ),
  ].sort(([a], [b]) => (a < b ? -1 : 1))
  return statements.flatMap(([, same], index) => {
    const [first] = same
    if (!first) return []
    return trustStatements(home, first.trusted, {
      Sid: `${sidPrefix(file.name)}Artifacts${index === 0 ? '' : index + 1}`,
      Action: sortedUnique(same.map(({ action }) => action)),
      Resource: first.resource,
      ...(first.condition ? { Condition: first.condition } : {}),
    })
  })
}
