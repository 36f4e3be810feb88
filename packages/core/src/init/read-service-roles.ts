import type { GrantsFile, SageMakerRole, TrackingServerRole } from '../grants/grants-file.ts'
import { defaultDocument, readDocument, saysTheSame } from '../plan/read-document.ts'
import { arnName } from '../policy/arn.ts'
import type { Statement } from '../policy/document.ts'
import type { IamRole, Snapshot } from '../snapshot/snapshot.ts'
import { compileTarget } from '../target/compile-target.ts'
import { isOwnedRole, ownedPrefix } from '../target/owned.ts'
import { splitProfileOf } from '../target/split-marks.ts'

export interface ReadRoles {
  readonly roles: GrantsFile['roles']
  /** ARNs of the policies that hold their permissions. */
  readonly policies: readonly string[]
  /** Names of roles of ours that are not understood. */
  readonly unread: readonly string[]
}

/** The service roles that were made for this name, read back; what does not compile to the same again is left out. */
export function readServiceRoles(base: GrantsFile, snapshot: Snapshot, now: Date): ReadRoles {
  const owned = snapshot.roles.filter(
    (role) => isOwnedRole(role, base.name) && splitProfileOf(role) === undefined,
  )
  const candidates = [...owned, ...rolesInUse(base, snapshot)].flatMap((role) => {
    const statements = ownStatements(role, base, snapshot)
    const shared = sharedParts(role, base)
    return [...trackingServerCandidates(shared, statements), ...sageMakerCandidates(shared, statements)]
  })
  const tries = candidates.flatMap((roles) => {
    const { target } = compileTarget({ ...base, roles, grants: [] }, snapshot, now)
    const policies = target.policies.map((policy) => policy.arn)
    const stored = new Map(snapshot.policies.map((policy) => [policy.arn, defaultDocument(policy)]))
    const same =
      target.policies.every((policy) => saysTheSame(stored.get(policy.arn) ?? '', policy.document)) &&
      target.roles.every(
        (role) =>
          role.existing ||
          saysTheSame(owned.find((other) => other.arn === role.arn)?.trust ?? '', role.trust),
      )
    return same && policies.length > 0 ? [{ roles, policies }] : []
  })
  const server = tries.find(({ roles }) => roles['tracking-server'])
  const client = tries.find(({ roles }) => roles.sagemaker)
  const understood = new Set([server?.roles['tracking-server']?.name, client?.roles.sagemaker?.name])
  return {
    roles: { ...server?.roles, ...client?.roles },
    policies: [...(server?.policies ?? []), ...(client?.policies ?? [])],
    unread: owned.map((role) => role.name).filter((name) => !understood.has(name)),
  }
}

/** Roles that were there before and have no tag of ours: a policy of ours is attached, and its name says what for. */
function rolesInUse(base: GrantsFile, snapshot: Snapshot): readonly IamRole[] {
  const prefix = ownedPrefix(snapshot, base.name)
  return snapshot.roles.filter(
    (role) =>
      !isOwnedRole(role, base.name) &&
      role.attached.some(
        (arn) =>
          arn.startsWith(prefix) &&
          /^mlflow-iam-(tracking-server|sagemaker)-[0-9a-f]{8}$/u.test(arnName(arn)),
      ),
  )
}

/** What both kinds of service role say of a role. */
function sharedParts(role: IamRole, base: GrantsFile) {
  const existing = !isOwnedRole(role, base.name)
  const sourceAccount = !existing && role.trust.includes('aws:SourceAccount')
  return { name: role.name, existing, trust: { sourceAccount } }
}

function ownStatements(role: IamRole, base: GrantsFile, snapshot: Snapshot): readonly Statement[] {
  const prefix = ownedPrefix(snapshot, base.name)
  return snapshot.policies
    .filter((policy) => policy.arn.startsWith(prefix) && role.attached.includes(policy.arn))
    .flatMap((policy) => [readDocument(defaultDocument(policy))?.Statement ?? []].flat())
}

function trackingServerCandidates(
  shared: ReturnType<typeof sharedParts>,
  statements: readonly Statement[],
): readonly GrantsFile['roles'][] {
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
  shared: ReturnType<typeof sharedParts>,
  statements: readonly Statement[],
): readonly GrantsFile['roles'][] {
  const passes = resourcesOf(statements, 'PassRole').map(arnName)
  const narrow: SageMakerRole = { ...shared, policy: 'narrow', passes }
  return [narrow, { ...shared, policy: 'documented' as const, passes: [] }].map((wanted) => ({
    sagemaker: wanted,
  }))
}

function resourcesOf(statements: readonly Statement[], sid: string): readonly string[] {
  return [statements.find((statement) => statement.Sid === sid)?.Resource ?? []].flat()
}
