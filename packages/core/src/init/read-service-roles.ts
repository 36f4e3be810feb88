import type { GrantsFile, SageMakerRole, TrackingServerRole } from '../grants/grants-file.ts'
import { defaultDocument, readDocument, saysTheSame } from '../plan/read-document.ts'
import { arnName } from '../policy/arn.ts'
import type { Statement } from '../policy/document.ts'
import type { IamRole, Snapshot } from '../snapshot/snapshot.ts'
import { compileTarget } from '../target/compile-target.ts'
import { isOwnedRole, ownedPrefix } from '../target/owned.ts'

interface ReadRoles {
  readonly roles: GrantsFile['roles']
  /** ARNs of the policies that hold their permissions. */
  readonly policies: readonly string[]
}

/** The service roles that were made for this name, read back; what does not compile to the same again is left out. */
export function readServiceRoles(base: GrantsFile, snapshot: Snapshot, now: Date): ReadRoles {
  const owned = snapshot.roles.filter((role) => isOwnedRole(role, base.name))
  const candidates = owned.flatMap((role) => {
    const statements = ownStatements(role, base, snapshot)
    return [...trackingServerCandidates(role, statements), ...sageMakerCandidates(role, statements)]
  })
  const tries = candidates.flatMap((roles) => {
    const { target } = compileTarget({ ...base, roles, grants: [] }, snapshot, now)
    const policies = target.policies.map((policy) => policy.arn)
    const stored = new Map(snapshot.policies.map((policy) => [policy.arn, defaultDocument(policy)]))
    const same =
      target.policies.every((policy) => saysTheSame(stored.get(policy.arn) ?? '', policy.document)) &&
      target.roles.every((role) =>
        saysTheSame(owned.find((other) => other.arn === role.arn)?.trust ?? '', role.trust),
      )
    return same && policies.length > 0 ? [{ roles, policies }] : []
  })
  const server = tries.find(({ roles }) => roles['tracking-server'])
  const client = tries.find(({ roles }) => roles.sagemaker)
  return {
    roles: { ...server?.roles, ...client?.roles },
    policies: [...(server?.policies ?? []), ...(client?.policies ?? [])],
  }
}

function ownStatements(role: IamRole, base: GrantsFile, snapshot: Snapshot): readonly Statement[] {
  const prefix = ownedPrefix(snapshot, base.name)
  return snapshot.policies
    .filter((policy) => policy.arn.startsWith(prefix) && role.attached.includes(policy.arn))
    .flatMap((policy) => [readDocument(defaultDocument(policy))?.Statement ?? []].flat())
}

function trackingServerCandidates(
  role: IamRole,
  statements: readonly Statement[],
): readonly GrantsFile['roles'][] {
  const shared = { name: role.name, existing: false, trust: trustOf(role) }
  const objects = resourcesOf(statements, 'ArtifactObjects')
  const buckets = objects.flatMap((arn) => /^arn:[^:]+:s3:::([^/]+)\/\*$/u.exec(arn)?.[1] ?? [])
  const narrow: TrackingServerRole = {
    ...shared,
    policy: 'narrow',
    buckets: buckets.length === objects.length ? buckets : [],
    kms: resourcesOf(statements, 'ArtifactKeys'),
    registry: resourcesOf(statements, 'ModelRegistry').length > 0,
  }
  const documented: TrackingServerRole = {
    ...shared,
    policy: 'documented',
    buckets: [],
    kms: [],
    registry: false,
  }
  return [narrow, { ...narrow, buckets: [] }, documented].map((wanted) => ({ 'tracking-server': wanted }))
}

function sageMakerCandidates(
  role: IamRole,
  statements: readonly Statement[],
): readonly GrantsFile['roles'][] {
  const shared = { name: role.name, existing: false, trust: trustOf(role) }
  const passes = resourcesOf(statements, 'PassRole').map(arnName)
  const narrow: SageMakerRole = { ...shared, policy: 'narrow', passes }
  return [narrow, { ...shared, policy: 'documented' as const, passes: [] }].map((wanted) => ({
    sagemaker: wanted,
  }))
}

function trustOf(role: IamRole): { readonly sourceAccount: boolean } {
  return { sourceAccount: role.trust.includes('aws:SourceAccount') }
}

function resourcesOf(statements: readonly Statement[], sid: string): readonly string[] {
  return [statements.find((statement) => statement.Sid === sid)?.Resource ?? []].flat()
}
