import type { SageMakerRole, TrackingServerRole } from '@mlflow-iam/core/grants/grants-file'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Edit } from './edit.ts'
import { lastPart } from './people.ts'

export type RoleChoice = 'create' | 'reuse' | 'skip'

/** The names that the two roles get where they are created. */
export const newRoleNames = {
  'tracking-server': 'mlflow-tracking-server',
  sagemaker: 'mlflow-sagemaker',
} as const

/** Which of the three choices the edit holds. */
export function choiceOf(edit: Edit, purpose: 'tracking-server' | 'sagemaker'): RoleChoice {
  const role = edit.roles[purpose]
  return role === undefined ? 'skip' : role.existing ? 'reuse' : 'create'
}

/** Roles that SageMaker may act as, those that servers use first. */
export function reusableRoles(
  snapshot: Snapshot,
  purpose: 'tracking-server' | 'sagemaker',
): readonly string[] {
  const used = new Set(snapshot.servers.map((server) => lastPart(server.role ?? '')))
  const trusting = snapshot.roles
    .filter(
      (role) => !role.path.startsWith('/aws-service-role/') && role.trust.includes('sagemaker.amazonaws.com'),
    )
    .map((role) => role.name)
    .sort()
  const first = trusting.filter((name) => used.has(name))
  const rest = trusting.filter((name) => !used.has(name))
  return purpose === 'tracking-server' ? [...first, ...rest] : [...rest, ...first]
}

/** Buckets that the servers keep their artifacts in. */
export function artifactBuckets(snapshot: Snapshot): readonly string[] {
  const names = snapshot.servers.map((server) => /^s3:\/\/([^/]+)/.exec(server.artifacts ?? '')?.[1])
  return [...new Set(names.filter((name): name is string => name !== undefined))].sort()
}

/** What is filled in at first: the role that the servers already have, else a new one; their own buckets only. */
export function defaultRoles(snapshot: Snapshot): Edit['roles'] {
  const used = [
    ...new Set(snapshot.servers.flatMap((server) => (server.role ? [lastPart(server.role)] : []))),
  ]
  const [inUse] = used.filter((name) => snapshot.roles.some((role) => role.name === name))
  const tracking = trackingRole(
    inUse ?? newRoleNames['tracking-server'],
    inUse !== undefined,
    artifactBuckets(snapshot),
  )
  return {
    'tracking-server': tracking,
    sagemaker: sagemakerRole(newRoleNames.sagemaker, false, [tracking.name]),
  }
}

export function trackingRole(
  name: string,
  existing: boolean,
  buckets: readonly string[],
): TrackingServerRole {
  return {
    name,
    existing,
    buckets,
    policy: 'narrow',
    kms: [],
    registry: false,
    trust: { sourceAccount: false },
  }
}

export function sagemakerRole(name: string, existing: boolean, passes: readonly string[]): SageMakerRole {
  return { name, existing, passes, policy: 'narrow', trust: { sourceAccount: false } }
}

/** Changes the choice for one role and keeps what still makes sense: buckets, and whom the other may pass. */
export function chooseRole(
  edit: Edit,
  snapshot: Snapshot,
  purpose: 'tracking-server' | 'sagemaker',
  choice: RoleChoice,
  name?: string,
): Edit {
  const wanted = name ?? (choice === 'reuse' ? reusableRoles(snapshot, purpose)[0] : newRoleNames[purpose])
  if (choice !== 'skip' && wanted === undefined) return edit
  if (purpose === 'sagemaker') {
    const { sagemaker: old, ...others } = edit.roles
    if (choice === 'skip' || wanted === undefined) return { ...edit, roles: others }
    const passes = old?.passes ?? passed(edit)
    const made = {
      ...(old ?? sagemakerRole(wanted, false, passes)),
      name: wanted,
      existing: choice === 'reuse',
    }
    return { ...edit, roles: { ...edit.roles, sagemaker: made } }
  }
  const { 'tracking-server': old, ...others } = edit.roles
  const before = old?.name
  const made =
    choice === 'skip' || wanted === undefined
      ? undefined
      : {
          ...(old ?? trackingRole(wanted, false, artifactBuckets(snapshot))),
          name: wanted,
          existing: choice === 'reuse',
        }
  const { sagemaker } = others
  const follows =
    sagemaker && before !== undefined && sagemaker.passes.includes(before)
      ? {
          ...sagemaker,
          passes: sagemaker.passes.map((each) => (each === before ? (made?.name ?? each) : each)),
        }
      : sagemaker
  return {
    ...edit,
    roles: { ...(made ? { 'tracking-server': made } : {}), ...(follows ? { sagemaker: follows } : {}) },
  }
}

function passed(edit: Edit): readonly string[] {
  const role = edit.roles['tracking-server']
  return role ? [role.name] : []
}

/** Whether a policy that a role already has reaches every bucket: worth saying beside a narrower one of ours. */
export function opensEveryBucket(snapshot: Snapshot, roleName: string): string | undefined {
  const role = snapshot.roles.find((each) => each.name === roleName)
  if (!role) return undefined
  const wide = (document: string) =>
    /"s3:[^"]*"/.test(document) && /"Resource"\s*:\s*(\[\s*)?"(\*|arn:aws:s3:::\*)"/.test(document)
  const inline = role.inline.find((policy) => wide(policy.document))
  if (inline) return inline.name
  for (const arn of role.attached) {
    const policy = snapshot.policies.find((each) => each.arn === arn)
    const current = policy?.versions.find((version) => version.id === policy.defaultVersion)
    if (policy && current && wide(current.document)) return policy.name
  }
  return undefined
}
