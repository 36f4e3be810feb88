import type {
  AttachedPermissionsBoundary,
  AttachedPolicy,
  Group,
  ManagedPolicyDetail,
  Policy,
  PolicyVersion,
  Role,
  User,
} from '@aws-sdk/client-iam'
import type { Account } from '../account/account.ts'
import type { GroupState, PolicyState, RoleState, UserState, VersionState } from '../account/state.ts'
import { encodeDocument } from './encode-document.ts'

/** A user as GetUser and CreateUser show it. Listings leave out tags and boundary. */
export function describeUser(user: UserState, form: 'full' | 'listed'): User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    ...(form === 'full' ? { ...boundaryOf(user), ...tagsOf(user) } : {}),
  }
}

export function describeGroup(group: GroupState): Group {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: new Date(group.createdAt),
  }
}

/** A role as GetRole and CreateRole show it. Listings leave out tags, boundary and last use. */
export function describeRole(role: RoleState, form: 'full' | 'listed'): Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
    ...(form === 'full' ? { ...boundaryOf(role), ...tagsOf(role), RoleLastUsed: lastUseOf(role) } : {}),
  }
}

/** A managed policy as GetPolicy shows it. Listings leave out description and tags. */
export function describePolicy(account: Account, policy: PolicyState, form: 'full' | 'listed'): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: account.attachmentsOf(policy.arn),
    PermissionsBoundaryUsageCount: account.boundariesOf(policy.arn),
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
    ...(form === 'full'
      ? {
          ...(policy.description === undefined ? {} : { Description: policy.description }),
          ...tagsOf(policy),
        }
      : {}),
  }
}

/** A policy as one read of the whole account shows it: every version with its document, no tags. */
export function describePolicyDetail(account: Account, policy: PolicyState): ManagedPolicyDetail {
  const { Tags: _, ...listed } = describePolicy(account, policy, 'listed')
  return {
    ...listed,
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    PolicyVersionList: policy.versions.map((version) => describeVersion(policy, version, 'full')),
  }
}

export function describeVersion(
  policy: PolicyState,
  version: VersionState,
  form: 'full' | 'listed',
): PolicyVersion {
  return {
    ...(form === 'full' ? { Document: encodeDocument(version.document) } : {}),
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: new Date(version.createdAt),
  }
}

export function describeAttached(arns: readonly string[]): AttachedPolicy[] {
  return arns.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }))
}

export function boundaryOf(holder: { readonly boundary?: string }): {
  PermissionsBoundary?: AttachedPermissionsBoundary
} {
  if (holder.boundary === undefined) return {}
  return {
    PermissionsBoundary: {
      PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
      PermissionsBoundaryArn: holder.boundary,
    },
  }
}

export function lastUseOf(role: RoleState): { LastUsedDate?: Date; Region?: string } {
  return role.lastUsed === undefined
    ? {}
    : { LastUsedDate: new Date(role.lastUsed.at), Region: role.lastUsed.region }
}

function tagsOf(holder: UserState | RoleState | PolicyState) {
  return holder.tags.length === 0 ? {} : { Tags: holder.tags.map((tag) => ({ ...tag })) }
}
