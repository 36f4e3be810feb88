import { inlineNameOfSets, permissionSetOf } from '../evaluate/permission-set-of.ts'
import { iamArn } from '../policy/arn.ts'
import type {
  IamGroup,
  IamRole,
  IamUser,
  InlinePolicy,
  ManagedPolicy,
  PermissionSet,
  Snapshot,
  UserProfile,
} from '../snapshot/snapshot.ts'
import type { OperationAction, OperationInputs, Request, Value } from './operation.ts'

interface Account {
  readonly snapshot: Snapshot
  readonly users: Map<string, IamUser>
  readonly groups: Map<string, IamGroup>
  readonly roles: Map<string, IamRole>
  readonly policies: Map<string, ManagedPolicy>
  readonly profiles: Map<string, UserProfile>
  readonly sets: Map<string, PermissionSet>
}

type Readers = { readonly [A in OperationAction]: (account: Account, input: OperationInputs[A]) => void }

/** The account as it is after these requests, had AWS accepted them all: what a plan promises. */
export function projectPlan(snapshot: Snapshot, requests: readonly Request[]): Snapshot {
  const account: Account = {
    snapshot,
    users: new Map(snapshot.users.map((user) => [user.name, user])),
    groups: new Map(snapshot.groups.map((group) => [group.name, group])),
    roles: new Map(snapshot.roles.map((role) => [role.name, role])),
    policies: new Map(snapshot.policies.map((policy) => [policy.arn, policy])),
    profiles: new Map(snapshot.profiles.map((profile) => [`${profile.domain}/${profile.name}`, profile])),
    sets: new Map(snapshot.permissionSets.map((set) => [set.arn, set])),
  }
  for (const request of requests) project(account, request)
  return {
    ...snapshot,
    users: [...account.users.values()],
    groups: [...account.groups.values()],
    roles: [...account.roles.values()],
    policies: [...account.policies.values()],
    profiles: [...account.profiles.values()],
    permissionSets: [...account.sets.values()],
  }
}

function project(account: Account, request: Request): void {
  // The table is complete by type; TypeScript cannot follow that its entry and the input belong together.
  const read = readers[request.action] as (account: Account, input: Request['input']) => void
  read(account, request.input)
}

const readers: Readers = {
  CreateRole: ({ roles, snapshot }, input) => {
    const path = input.Path ?? '/'
    roles.set(input.RoleName, {
      arn: iamArn(snapshot, 'role', path, input.RoleName),
      name: input.RoleName,
      path,
      id: '',
      inline: [],
      attached: [],
      tags: input.Tags ?? [],
      trust: input.AssumeRolePolicyDocument,
      ...(input.Description ? { description: input.Description } : {}),
      ...(input.MaxSessionDuration ? { maxSessionDuration: input.MaxSessionDuration } : {}),
      ...(input.PermissionsBoundary ? { boundary: input.PermissionsBoundary } : {}),
    })
  },
  UpdateAssumeRolePolicy: ({ roles }, input) =>
    change(roles, input.RoleName, (role) => ({ ...role, trust: input.PolicyDocument })),
  TagRole: ({ roles }, input) =>
    change(roles, input.RoleName, (role) => ({
      ...role,
      tags: [...role.tags.filter((tag) => !input.Tags.some((other) => other.Key === tag.Key)), ...input.Tags],
    })),
  UntagRole: ({ roles }, input) =>
    change(roles, input.RoleName, (role) => ({
      ...role,
      tags: role.tags.filter((tag) => !input.TagKeys.includes(tag.Key)),
    })),
  DeleteRole: ({ roles }, input) => void roles.delete(input.RoleName),
  CreatePolicy: ({ policies, snapshot }, input) => {
    const path = input.Path ?? '/'
    const arn = iamArn(snapshot, 'policy', path, input.PolicyName)
    policies.set(arn, {
      arn,
      name: input.PolicyName,
      path,
      id: '',
      defaultVersion: 'v1',
      versions: [{ id: 'v1', document: input.PolicyDocument }],
      ...(input.Description ? { description: input.Description } : {}),
    })
  },
  CreatePolicyVersion: ({ policies }, input) =>
    change(policies, input.PolicyArn, (policy) => {
      const id = `v${Math.max(0, ...policy.versions.map((version) => Number(version.id.slice(1)))) + 1}`
      return {
        ...policy,
        defaultVersion: input.SetAsDefault ? id : policy.defaultVersion,
        versions: [{ id, document: input.PolicyDocument }, ...policy.versions],
      }
    }),
  SetDefaultPolicyVersion: ({ policies }, input) =>
    change(policies, input.PolicyArn, (policy) => ({
      ...policy,
      defaultVersion: versionId(input.VersionId, policy),
    })),
  DeletePolicyVersion: ({ policies }, input) =>
    change(policies, input.PolicyArn, (policy) => {
      const id = versionId(input.VersionId, policy)
      return { ...policy, versions: policy.versions.filter((version) => version.id !== id) }
    }),
  DeletePolicy: ({ policies }, input) => void policies.delete(input.PolicyArn),
  TagPolicy: () => undefined, // Tags of policies are labels: one read of the account does not return them.
  UntagPolicy: () => undefined,
  AttachUserPolicy: ({ users }, input) => change(users, input.UserName, attached(input.PolicyArn)),
  AttachGroupPolicy: ({ groups }, input) => change(groups, input.GroupName, attached(input.PolicyArn)),
  AttachRolePolicy: ({ roles }, input) => change(roles, input.RoleName, attached(input.PolicyArn)),
  DetachUserPolicy: ({ users }, input) => change(users, input.UserName, detached(input.PolicyArn)),
  DetachGroupPolicy: ({ groups }, input) => change(groups, input.GroupName, detached(input.PolicyArn)),
  DetachRolePolicy: ({ roles }, input) => change(roles, input.RoleName, detached(input.PolicyArn)),
  PutUserPolicy: ({ users }, input) => change(users, input.UserName, withInline(input)),
  PutGroupPolicy: ({ groups }, input) => change(groups, input.GroupName, withInline(input)),
  PutRolePolicy: ({ roles }, input) => change(roles, input.RoleName, withInline(input)),
  DeleteUserPolicy: ({ users }, input) => change(users, input.UserName, withoutInline(input)),
  DeleteGroupPolicy: ({ groups }, input) => change(groups, input.GroupName, withoutInline(input)),
  DeleteRolePolicy: ({ roles }, input) => change(roles, input.RoleName, withoutInline(input)),
  UpdateUserProfile: ({ profiles }, input) =>
    change(profiles, `${input.DomainId}/${input.UserProfileName}`, (profile) => ({
      ...profile,
      role: input.UserSettings.ExecutionRole,
    })),
  AttachCustomerManagedPolicyReferenceToPermissionSet: ({ sets }, input) =>
    change(sets, input.PermissionSetArn, (set) => {
      const { Name: name, Path: path } = input.CustomerManagedPolicyReference
      return { ...set, customerManaged: [...set.customerManaged, { name, path }] }
    }),
  DetachCustomerManagedPolicyReferenceFromPermissionSet: ({ sets }, input) =>
    change(sets, input.PermissionSetArn, (set) => {
      const { Name: name, Path: path } = input.CustomerManagedPolicyReference
      return {
        ...set,
        customerManaged: set.customerManaged.filter((policy) => policy.name !== name || policy.path !== path),
      }
    }),
  PutInlinePolicyToPermissionSet: ({ sets }, input) =>
    change(sets, input.PermissionSetArn, (set) => ({ ...set, inlinePolicy: input.InlinePolicy })),
  DeleteInlinePolicyFromPermissionSet: ({ sets }, input) =>
    change(sets, input.PermissionSetArn, ({ inlinePolicy: _, ...set }) => set),
  ProvisionPermissionSet: ({ sets, roles, snapshot }, input) => {
    const set = sets.get(input.PermissionSetArn)
    if (!set) return
    const arns = [
      ...set.managedPolicies,
      ...set.customerManaged.map((policy) => iamArn(snapshot, 'policy', policy.path, policy.name)),
    ]
    const inline = set.inlinePolicy ? [{ name: inlineNameOfSets, document: set.inlinePolicy }] : []
    for (const role of roles.values()) {
      if (permissionSetOf(role.name) === set.name) roles.set(role.name, { ...role, attached: arns, inline })
    }
  },
}

function change<T>(items: Map<string, T>, key: string, edit: (item: T) => T): void {
  const item = items.get(key)
  if (item) items.set(key, edit(item))
}

function attached(policy: string): <T extends { readonly attached: readonly string[] }>(principal: T) => T {
  return (principal) =>
    principal.attached.includes(policy)
      ? principal
      : { ...principal, attached: [...principal.attached, policy] }
}

function detached(policy: string): <T extends { readonly attached: readonly string[] }>(principal: T) => T {
  return (principal) => ({ ...principal, attached: principal.attached.filter((arn) => arn !== policy) })
}

type Inlined = { readonly inline: readonly InlinePolicy[] }

function withInline(input: {
  readonly PolicyName: string
  readonly PolicyDocument: string
}): <T extends Inlined>(principal: T) => T {
  const added = { name: input.PolicyName, document: input.PolicyDocument }
  return (principal) => ({
    ...principal,
    inline: [...principal.inline.filter(({ name }) => name !== added.name), added],
  })
}

function withoutInline(input: { readonly PolicyName: string }): <T extends Inlined>(principal: T) => T {
  return (principal) => ({
    ...principal,
    inline: principal.inline.filter(({ name }) => name !== input.PolicyName),
  })
}

/** A version that AWS has yet to name is the newest one here. */
function versionId(value: Value, policy: ManagedPolicy): string {
  return typeof value === 'string' ? value : (policy.versions[0]?.id ?? '')
}
