import type { OperationInputs } from '@mlflow-iam/core/plan/operation'
import { arnName, iamArn } from '@mlflow-iam/core/policy/arn'
import type { IamGroup, InlinePolicy } from '@mlflow-iam/core/snapshot/snapshot'
import { decodeDocument } from '../observe/decode-document.ts'
import { versionNumber } from '../observe/read-iam.ts'
import { ask, type Found, type Look } from './look.ts'

/** A role's trust, tags and boundary. */
export async function lookAtRole(look: Look, name: string): Promise<Found> {
  const { client, api } = await look.connection.iam()
  const answer = await ask(look, () => client.send(new api.GetRoleCommand({ RoleName: name })))
  if (!answer?.Role) return {}
  const { Arn = '', Path = '/', RoleId = '', Tags = [], AssumeRolePolicyDocument } = answer.Role
  const boundary = answer.Role.PermissionsBoundary?.PermissionsBoundaryArn
  return {
    roles: [
      {
        ...{ arn: Arn, name, path: Path, id: RoleId, inline: [], attached: [] },
        tags: Tags.map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' })),
        trust: decodeDocument(AssumeRolePolicyDocument),
        ...(boundary ? { boundary } : {}),
      },
    ],
  }
}

/** A policy's versions; their documents cost a call each and are read where they decide. */
export async function lookAtPolicy(look: Look, arn: string, withDocuments: boolean): Promise<Found> {
  const { client, api } = await look.connection.iam()
  const answer = await ask(look, () => client.send(new api.GetPolicyCommand({ PolicyArn: arn })))
  if (!answer?.Policy) return {}
  const list = await ask(look, () => client.send(new api.ListPolicyVersionsCommand({ PolicyArn: arn })))
  const versions = []
  for (const { VersionId = '' } of list?.Versions ?? []) {
    const read = () => client.send(new api.GetPolicyVersionCommand({ PolicyArn: arn, VersionId }))
    const version = withDocuments ? await ask(look, read) : undefined
    versions.push({ id: VersionId, document: decodeDocument(version?.PolicyVersion?.Document) })
  }
  return {
    policies: [
      {
        arn,
        name: answer.Policy.PolicyName ?? arnName(arn),
        path: answer.Policy.Path ?? '/',
        id: answer.Policy.PolicyId ?? '',
        defaultVersion: answer.Policy.DefaultVersionId ?? '',
        versions: versions.sort((a, b) => versionNumber(b.id) - versionNumber(a.id)),
      },
    ],
  }
}

/** One inline policy of a user, a group or a role. */
export const lookAtInlineOfUser = async (
  look: Look,
  { UserName, PolicyName }: OperationInputs['DeleteUserPolicy'],
): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const answer = await ask(look, () => client.send(new api.GetUserPolicyCommand({ UserName, PolicyName })))
  const user = { ...holder(look, 'user', UserName, []), inline: inlineOf(PolicyName, answer) }
  return { users: [{ ...user, groups: [], tags: [] }] }
}
export const lookAtInlineOfGroup = async (
  look: Look,
  { GroupName, PolicyName }: OperationInputs['DeleteGroupPolicy'],
): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const answer = await ask(look, () => client.send(new api.GetGroupPolicyCommand({ GroupName, PolicyName })))
  return { groups: [{ ...holder(look, 'group', GroupName, []), inline: inlineOf(PolicyName, answer) }] }
}
export const lookAtInlineOfRole = async (
  look: Look,
  { RoleName, PolicyName }: OperationInputs['DeleteRolePolicy'],
): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const answer = await ask(look, () => client.send(new api.GetRolePolicyCommand({ RoleName, PolicyName })))
  const role = { ...holder(look, 'role', RoleName, []), inline: inlineOf(PolicyName, answer) }
  return { roles: [{ ...role, tags: [], trust: '' }] }
}

function inlineOf(
  name: string,
  answer: { readonly PolicyDocument?: string | undefined } | undefined,
): readonly InlinePolicy[] {
  return answer ? [{ name, document: decodeDocument(answer.PolicyDocument) }] : []
}

/** What is attached to a user, a group or a role. */
export const lookAtAttachedToUser = async (
  look: Look,
  { UserName }: { UserName: string },
): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const attached = await attachedArns(look, (Marker) =>
    client.send(new api.ListAttachedUserPoliciesCommand({ UserName, ...Marker })),
  )
  return attached ? { users: [{ ...holder(look, 'user', UserName, attached), groups: [], tags: [] }] } : {}
}
export const lookAtAttachedToGroup = async (
  look: Look,
  { GroupName }: { GroupName: string },
): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const attached = await attachedArns(look, (Marker) =>
    client.send(new api.ListAttachedGroupPoliciesCommand({ GroupName, ...Marker })),
  )
  return attached ? { groups: [holder(look, 'group', GroupName, attached)] } : {}
}
export const lookAtAttachedToRole = async (
  look: Look,
  { RoleName }: { RoleName: string },
): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const attached = await attachedArns(look, (Marker) =>
    client.send(new api.ListAttachedRolePoliciesCommand({ RoleName, ...Marker })),
  )
  return attached ? { roles: [{ ...holder(look, 'role', RoleName, attached), tags: [], trust: '' }] } : {}
}

interface AttachedPage {
  readonly AttachedPolicies?: readonly { readonly PolicyArn?: string | undefined }[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

async function attachedArns(
  look: Look,
  read: (marker: { Marker?: string }) => Promise<AttachedPage>,
): Promise<string[] | undefined> {
  const arns: string[] = []
  let marker: string | undefined
  do {
    const page: AttachedPage | undefined = await ask(look, () =>
      read(marker === undefined ? {} : { Marker: marker }),
    )
    if (page === undefined) return undefined
    arns.push(...(page.AttachedPolicies ?? []).flatMap((item) => item.PolicyArn ?? []))
    marker = page.IsTruncated && page.Marker !== marker ? page.Marker : undefined
  } while (marker !== undefined)
  return arns
}

function holder(look: Look, kind: 'user' | 'group' | 'role', name: string, attached: string[]): IamGroup {
  return { arn: iamArn(look.plan, kind, '/', name), name, path: '/', id: '', inline: [], attached }
}
