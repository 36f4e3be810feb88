import { permissionSetOf } from '../evaluate/permission-set-of.ts'
import type { OperationAction, OperationInputs, Request } from '../plan/operation.ts'
import { iamArn } from '../policy/arn.ts'
import type { ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'

/**
 * Who holds which policy and which versions a policy has, kept up to date while requests are lined up. It answers
 * one question: would AWS accept the next request?
 */
export interface Holdings {
  /** Why a request cannot be sent, in words; undefined when nothing stands against it. */
  refusal(request: Request): string | undefined
  /** Counts a request as carried out. */
  add(request: Request): void
}

const versionLimit = 5

export function startHoldings(snapshot: Snapshot): Holdings {
  const holders = new Map<string, Set<string>>()
  const held = new Map<string, Set<string>>()
  const inline = new Map<string, Set<string>>()
  const policies = new Map<string, { default: string; versions: Set<string> }>()
  const names = new Map<string, string>()
  const roles = new Map(snapshot.roles.map((role) => [role.name, role.arn]))
  let made = 0
  const enter = (holder: string, policy: string) => {
    setOf(holders, policy).add(holder)
    setOf(held, holder).add(policy)
  }
  const leave = (holder: string, policy: string) => {
    holders.get(policy)?.delete(holder)
    held.get(holder)?.delete(policy)
  }
  const keep = ({ arn, name, defaultVersion, versions }: ManagedPolicy) => {
    policies.set(arn, { default: defaultVersion, versions: new Set(versions.map(({ id }) => id)) })
    names.set(name.toLowerCase(), arn)
  }
  for (const policy of snapshot.policies) keep(policy)
  for (const [kind, principals] of [
    ['user', snapshot.users],
    ['group', snapshot.groups],
    ['role', snapshot.roles],
  ] as const) {
    for (const principal of principals) {
      for (const arn of principal.attached) enter(`${kind}/${principal.name}`, arn)
      if (kind === 'role') inline.set(principal.name, new Set(principal.inline.map(({ name }) => name)))
      if ('boundary' in principal && principal.boundary) {
        setOf(holders, principal.boundary).add(`boundary of ${kind}/${principal.name}`)
      }
    }
  }
  for (const set of snapshot.permissionSets) {
    for (const { name, path } of set.customerManaged) enter(set.arn, iamArn(snapshot, 'policy', path, name))
  }

  const sets = new Map(snapshot.permissionSets.map((set) => [set.arn, set]))
  /** The roles of a permission set come to hold what the set refers to, and nothing else. */
  const provision = (arn: string) => {
    const set = sets.get(arn)
    const wanted = new Set([...(set?.managedPolicies ?? []), ...(held.get(arn) ?? [])])
    for (const [holder, policies] of held) {
      if (set === undefined || permissionSetOf(holder.replace('role/', '')) !== set.name) continue
      for (const policy of [...policies]) if (!wanted.has(policy)) leave(holder, policy)
    }
  }

  const effects: { readonly [A in OperationAction]?: (input: OperationInputs[A]) => void } = {
    AttachUserPolicy: (input) => enter(`user/${input.UserName}`, input.PolicyArn),
    AttachGroupPolicy: (input) => enter(`group/${input.GroupName}`, input.PolicyArn),
    AttachRolePolicy: (input) => enter(`role/${input.RoleName}`, input.PolicyArn),
    DetachUserPolicy: (input) => leave(`user/${input.UserName}`, input.PolicyArn),
    DetachGroupPolicy: (input) => leave(`group/${input.GroupName}`, input.PolicyArn),
    DetachRolePolicy: (input) => leave(`role/${input.RoleName}`, input.PolicyArn),
    PutRolePolicy: (input) => setOf(inline, input.RoleName).add(input.PolicyName),
    DeleteRolePolicy: (input) => inline.get(input.RoleName)?.delete(input.PolicyName),
    CreateRole: (input) =>
      roles.set(input.RoleName, iamArn(snapshot, 'role', input.Path ?? '/', input.RoleName)),
    DeleteRole: (input) => roles.delete(input.RoleName),
    CreatePolicy: (input) => {
      const arn = iamArn(snapshot, 'policy', input.Path ?? '/', input.PolicyName)
      policies.set(arn, { default: 'v1', versions: new Set(['v1']) })
      names.set(input.PolicyName.toLowerCase(), arn)
    },
    DeletePolicy: (input) => {
      policies.delete(input.PolicyArn)
      for (const [name, arn] of names) if (arn === input.PolicyArn) names.delete(name)
    },
    CreatePolicyVersion: (input) => {
      made += 1
      policies.get(input.PolicyArn)?.versions.add(`new-${made}`)
    },
    DeletePolicyVersion: (input) => policies.get(input.PolicyArn)?.versions.delete(String(input.VersionId)),
    SetDefaultPolicyVersion: (input) => {
      const policy = policies.get(input.PolicyArn)
      if (policy) policy.default = String(input.VersionId)
    },
    AttachCustomerManagedPolicyReferenceToPermissionSet: (input) =>
      enter(input.PermissionSetArn, referred(input)),
    DetachCustomerManagedPolicyReferenceFromPermissionSet: (input) =>
      leave(input.PermissionSetArn, referred(input)),
    ProvisionPermissionSet: (input) => provision(input.PermissionSetArn),
  }
  const referred = (input: OperationInputs['AttachCustomerManagedPolicyReferenceToPermissionSet']) =>
    iamArn(
      snapshot,
      'policy',
      input.CustomerManagedPolicyReference.Path,
      input.CustomerManagedPolicyReference.Name,
    )

  const refusals: { readonly [A in OperationAction]?: (input: OperationInputs[A]) => string | undefined } = {
    DeletePolicy: ({ PolicyArn }) => {
      const still = [...(holders.get(PolicyArn) ?? [])]
      const versions = policies.get(PolicyArn)?.versions.size ?? 0
      if (still.length > 0) return `${still.join(', ')} ${still.length > 1 ? 'have' : 'has'} it`
      return versions > 1 ? 'it got another version meanwhile' : undefined
    },
    DeleteRole: ({ RoleName }) => {
      const still = [...(held.get(`role/${RoleName}`) ?? []), ...(inline.get(RoleName) ?? [])]
      return still.length > 0 ? `the role got ${still.join(', ')} meanwhile` : undefined
    },
    CreatePolicy: ({ PolicyName }) => {
      const other = names.get(PolicyName.toLowerCase())
      return other === undefined ? undefined : `the name is taken by ${other}`
    },
    CreateRole: ({ RoleName }) => (roles.has(RoleName) ? 'a role of that name is there' : undefined),
    CreatePolicyVersion: ({ PolicyArn }) => {
      const policy = policies.get(PolicyArn)
      if (!policy) return 'the policy is gone'
      return policy.versions.size >= versionLimit
        ? `the policy has ${versionLimit} versions again`
        : undefined
    },
    SetDefaultPolicyVersion: ({ PolicyArn, VersionId }) =>
      policies.get(PolicyArn)?.versions.has(String(VersionId))
        ? undefined
        : `version ${String(VersionId)} is gone`,
  }

  return {
    refusal: ({ action, input }) =>
      (refusals[action] as ((input: unknown) => string | undefined) | undefined)?.(input),
    add: ({ action, input }) => (effects[action] as ((input: unknown) => void) | undefined)?.(input),
  }
}

function setOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const known = sets.get(key)
  if (known) return known
  const fresh = new Set<string>()
  sets.set(key, fresh)
  return fresh
}
