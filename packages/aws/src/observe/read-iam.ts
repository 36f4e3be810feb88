import type {
  GetAccountAuthorizationDetailsCommandOutput,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  Tag as SdkTag,
  UserDetail,
} from '@aws-sdk/client-iam'
import { arnName } from '@mlflow-iam/core/policy/arn'
import type {
  IamGroup,
  IamRole,
  IamUser,
  InlinePolicy,
  ManagedPolicy,
  Tag,
} from '@mlflow-iam/core/snapshot/snapshot'
import { decodeDocument } from './decode-document.ts'
import type { Reading } from './reading.ts'

/** The account's own IAM: everything that one paginated read returns. */
export interface AccountIam {
  readonly users: IamUser[]
  readonly groups: IamGroup[]
  readonly roles: IamRole[]
  readonly policies: ManagedPolicy[]
}

/** Reads users, groups, roles and customer-managed policies; `onPage` sees the result grow. */
export async function readIam(reading: Reading, onPage?: (soFar: AccountIam) => void): Promise<AccountIam> {
  const { client, api } = await reading.connection.iam()
  const all: AccountIam = { users: [], groups: [], roles: [], policies: [] }
  let marker: string | undefined
  do {
    const page: GetAccountAuthorizationDetailsCommandOutput = await reading.must(
      'iam:GetAccountAuthorizationDetails',
      "read the account's users, roles and policies",
      () =>
        client.send(
          new api.GetAccountAuthorizationDetailsCommand({
            Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'],
            MaxItems: 1000,
            ...(marker === undefined ? {} : { Marker: marker }),
          }),
        ),
    )
    for (const user of page.UserDetailList ?? []) all.users.push(toUser(user))
    for (const group of page.GroupDetailList ?? []) all.groups.push(toGroup(group))
    for (const role of page.RoleDetailList ?? []) all.roles.push(toRole(role))
    for (const policy of page.Policies ?? []) all.policies.push(toPolicy(policy))
    onPage?.(all)
    // An endpoint that hands out the same marker twice would keep us here for ever.
    marker = page.IsTruncated && page.Marker !== marker ? page.Marker : undefined
  } while (marker !== undefined)
  return all
}

function toUser(user: UserDetail): IamUser {
  return {
    ...named(user.Arn, user.UserName, user.Path, user.UserId),
    inline: toInline(user.UserPolicyList),
    attached: attachedArns(user),
    groups: user.GroupList ?? [],
    ...boundaryOf(user),
    tags: toTags(user.Tags),
  }
}

function toGroup(group: GroupDetail): IamGroup {
  return {
    ...named(group.Arn, group.GroupName, group.Path, group.GroupId),
    inline: toInline(group.GroupPolicyList),
    attached: attachedArns(group),
  }
}

function toRole(role: RoleDetail): IamRole {
  return {
    ...named(role.Arn, role.RoleName, role.Path, role.RoleId),
    inline: toInline(role.RolePolicyList),
    attached: attachedArns(role),
    ...boundaryOf(role),
    tags: toTags(role.Tags),
    trust: decodeDocument(role.AssumeRolePolicyDocument),
  }
}

function toPolicy(policy: ManagedPolicyDetail): ManagedPolicy {
  const versions = (policy.PolicyVersionList ?? []).map((version) => ({
    id: version.VersionId ?? '',
    document: decodeDocument(version.Document),
    ...(version.CreateDate === undefined ? {} : { createdAt: version.CreateDate.toISOString() }),
  }))
  const marked = policy.PolicyVersionList?.find((version) => version.IsDefaultVersion)?.VersionId
  return {
    ...named(policy.Arn, policy.PolicyName, policy.Path, policy.PolicyId),
    defaultVersion: policy.DefaultVersionId ?? marked ?? '',
    versions: versions.sort((a, b) => versionNumber(b.id) - versionNumber(a.id)),
    ...(policy.Description ? { description: policy.Description } : {}),
  }
}

/** 12 of `v12`: versions of a policy are numbered in order and never reused. */
export function versionNumber(id: string): number {
  return Number(id.slice(1)) || 0
}

function named(arn = '', name = arnName(arn), path = '/', id = '') {
  return { arn, name, path, id }
}

function attachedArns(holder: UserDetail | GroupDetail | RoleDetail): string[] {
  // Some endpoints list an attachment twice after it was made twice.
  return [...new Set((holder.AttachedManagedPolicies ?? []).flatMap((policy) => policy.PolicyArn ?? []))]
}

function boundaryOf(holder: UserDetail | RoleDetail): { boundary?: string } {
  const boundary = holder.PermissionsBoundary?.PermissionsBoundaryArn
  return boundary ? { boundary } : {}
}

function toInline(list: readonly PolicyDetail[] | undefined): InlinePolicy[] {
  return (list ?? []).map((policy) => ({
    name: policy.PolicyName ?? '',
    document: decodeDocument(policy.PolicyDocument),
  }))
}

function toTags(tags: readonly SdkTag[] | undefined): Tag[] {
  return (tags ?? []).map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' }))
}
