import type { Moto } from './start-moto.ts'

/** What an account holds, without what AWS invents (ids, dates): equal accounts give equal values. */
export interface IamState {
  readonly policies: readonly object[]
  readonly roles: readonly object[]
  readonly attachments: readonly string[]
}

interface Details {
  readonly UserDetailList: readonly (Holder & { UserName: string })[]
  readonly GroupDetailList: readonly (Holder & { GroupName: string })[]
  readonly RoleDetailList: readonly (Holder & {
    RoleName: string
    Path: string
    AssumeRolePolicyDocument: object
    Tags?: readonly object[]
  })[]
  readonly Policies: readonly {
    Arn: string
    DefaultVersionId: string
    AttachmentCount: number
    PolicyVersionList: readonly { Document: object; VersionId: string }[]
  }[]
}
interface Holder {
  readonly AttachedManagedPolicies: readonly { PolicyArn: string }[]
}

/** Reads the whole account with the AWS CLI; tags of policies take a call each and come with `tags`. */
export async function readIam(moto: Moto, { tags = false } = {}): Promise<IamState> {
  const details = (await moto.aws('iam', 'get-account-authorization-details')) as Details
  const holders: readonly (readonly [string, Holder])[] = [
    ...details.UserDetailList.map((user) => [`user/${user.UserName}`, user] as const),
    ...details.GroupDetailList.map((group) => [`group/${group.GroupName}`, group] as const),
    ...details.RoleDetailList.map((role) => [`role/${role.RoleName}`, role] as const),
  ]
  const policies = details.Policies.filter(({ Arn }) => !Arn.includes(':aws:policy/'))
  const policyTags = new Map<string, unknown>()
  for (const { Arn } of tags ? policies : []) {
    const answer = (await moto.aws('iam', 'list-policy-tags', '--policy-arn', Arn)) as { Tags: unknown }
    policyTags.set(Arn, answer.Tags)
  }
  return {
    policies: policies
      .map(({ Arn, AttachmentCount, DefaultVersionId, PolicyVersionList }) => ({
        Arn,
        AttachmentCount,
        versions: PolicyVersionList.length,
        document: PolicyVersionList.find(({ VersionId }) => VersionId === DefaultVersionId)?.Document,
        ...(tags ? { tags: policyTags.get(Arn) } : {}),
      }))
      .sort((a, b) => a.Arn.localeCompare(b.Arn)),
    roles: details.RoleDetailList.map(({ RoleName, Path, AssumeRolePolicyDocument, Tags = [] }) => ({
      RoleName,
      Path,
      AssumeRolePolicyDocument,
      Tags,
    })).sort((a, b) => a.RoleName.localeCompare(b.RoleName)),
    attachments: holders
      .flatMap(([name, holder]) =>
        holder.AttachedManagedPolicies.map(({ PolicyArn }) => `${name} ${PolicyArn}`),
      )
      .sort(),
  }
}
