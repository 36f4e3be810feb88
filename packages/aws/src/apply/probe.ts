import { type Effect, findEffect, viewAccount } from '@mlflow-iam/core/journal/find-effect'
import type { OperationAction, OperationInputs, Request } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { arnName, iamArn } from '@mlflow-iam/core/policy/arn'
import type {
  IamGroup,
  IamRole,
  ManagedPolicy,
  PermissionSet,
  Snapshot,
  UserProfile,
} from '@mlflow-iam/core/snapshot/snapshot'
import type { AwsConnection } from '../connection.ts'
import { failureKind } from '../failure.ts'
import { decodeDocument } from '../observe/decode-document.ts'
import { versionNumber } from '../observe/read-iam.ts'
import { pages } from '../observe/read-servers.ts'
import { patiently } from '../read.ts'
import type { Timing } from '../time.ts'

interface Look {
  readonly connection: AwsConnection
  readonly timing: Timing
  readonly plan: Pick<Plan, 'account' | 'partition' | 'region'>
}

type Found = Partial<
  Pick<Snapshot, 'users' | 'groups' | 'roles' | 'policies' | 'profiles' | 'permissionSets'>
>
interface SetInput {
  readonly InstanceArn: string
  readonly PermissionSetArn: string
}
type Looker<A extends OperationAction> = (look: Look, input: OperationInputs[A]) => Promise<Found>

/**
 * Asks AWS whether a request has taken effect, by reading only the object that it names.
 * The same rules decide as for a whole snapshot.
 */
export async function probeEffect(look: Look, request: Request): Promise<Effect> {
  const read = lookers[request.action] as (look: Look, input: Request['input']) => Promise<Found>
  const found = await read(look, request.input)
  return findEffect(request, viewAccount({ ...nothing(look.plan), ...found }))
}

const role = (look: Look, { RoleName }: { RoleName: string }) => readRole(look, RoleName)
const policy = (look: Look, { PolicyArn }: { PolicyArn: string }) => readPolicy(look, PolicyArn, false)
const reference = async (look: Look, input: SetInput): Promise<Found> => {
  const { client, api } = await look.connection.ssoAdmin()
  const references = await pages(async (NextToken) => {
    const page = await ask(look, () =>
      client.send(
        new api.ListCustomerManagedPolicyReferencesInPermissionSetCommand({
          InstanceArn: input.InstanceArn,
          PermissionSetArn: input.PermissionSetArn,
          ...NextToken,
        }),
      ),
    )
    return [page?.CustomerManagedPolicyReferences ?? [], page?.NextToken]
  })
  const customerManaged = references.map(({ Name, Path }) => ({ name: Name ?? '', path: Path ?? '/' }))
  return { permissionSets: [setOf(input, { customerManaged })] }
}
const inlineOfSet = async (look: Look, input: SetInput): Promise<Found> => {
  const { client, api } = await look.connection.ssoAdmin()
  const { InstanceArn, PermissionSetArn } = input
  const answer = await ask(look, () =>
    client.send(new api.GetInlinePolicyForPermissionSetCommand({ InstanceArn, PermissionSetArn })),
  )
  return { permissionSets: [setOf(input, answer?.InlinePolicy ? { inlinePolicy: answer.InlinePolicy } : {})] }
}
const inlineOfRole = async (
  look: Look,
  { RoleName, PolicyName }: OperationInputs['DeleteRolePolicy'],
): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const answer = await ask(look, () => client.send(new api.GetRolePolicyCommand({ RoleName, PolicyName })))
  const inline = answer ? [{ name: PolicyName, document: decodeDocument(answer.PolicyDocument) }] : []
  return { roles: [{ ...holder(look, 'role', RoleName, []), inline, tags: [], trust: '' }] }
}
const attachedToUser = async (look: Look, { UserName }: { UserName: string }): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const attached = await attachedArns(look, (Marker) =>
    client.send(new api.ListAttachedUserPoliciesCommand({ UserName, ...Marker })),
  )
  return attached ? { users: [{ ...holder(look, 'user', UserName, attached), groups: [], tags: [] }] } : {}
}
const attachedToGroup = async (look: Look, { GroupName }: { GroupName: string }): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const attached = await attachedArns(look, (Marker) =>
    client.send(new api.ListAttachedGroupPoliciesCommand({ GroupName, ...Marker })),
  )
  return attached ? { groups: [holder(look, 'group', GroupName, attached)] } : {}
}
const attachedToRole = async (look: Look, { RoleName }: { RoleName: string }): Promise<Found> => {
  const { client, api } = await look.connection.iam()
  const attached = await attachedArns(look, (Marker) =>
    client.send(new api.ListAttachedRolePoliciesCommand({ RoleName, ...Marker })),
  )
  return attached ? { roles: [{ ...holder(look, 'role', RoleName, attached), tags: [], trust: '' }] } : {}
}

const lookers: { readonly [A in OperationAction]: Looker<A> } = {
  CreateRole: role,
  UpdateAssumeRolePolicy: role,
  TagRole: role,
  UntagRole: role,
  DeleteRole: role,
  CreatePolicy: (look, { PolicyName, Path }) =>
    readPolicy(look, iamArn(look.plan, 'policy', Path ?? '/', PolicyName), true),
  CreatePolicyVersion: (look, { PolicyArn }) => readPolicy(look, PolicyArn, true),
  SetDefaultPolicyVersion: policy,
  DeletePolicyVersion: policy,
  DeletePolicy: policy,
  TagPolicy: async () => ({}),
  UntagPolicy: async () => ({}),
  AttachUserPolicy: attachedToUser,
  AttachGroupPolicy: attachedToGroup,
  AttachRolePolicy: attachedToRole,
  DetachUserPolicy: attachedToUser,
  DetachGroupPolicy: attachedToGroup,
  DetachRolePolicy: attachedToRole,
  PutRolePolicy: inlineOfRole,
  DeleteRolePolicy: inlineOfRole,
  UpdateUserProfile: async (look, { DomainId, UserProfileName }) => {
    const { client, api } = await look.connection.sageMaker(look.plan.region)
    const answer = await ask(look, () =>
      client.send(new api.DescribeUserProfileCommand({ DomainId, UserProfileName })),
    )
    const role = answer?.UserSettings?.ExecutionRole
    const profile: UserProfile = {
      domain: DomainId,
      name: UserProfileName,
      arn: '',
      region: look.plan.region,
    }
    return answer ? { profiles: [role === undefined ? profile : { ...profile, role }] } : {}
  },
  AttachCustomerManagedPolicyReferenceToPermissionSet: reference,
  DetachCustomerManagedPolicyReferenceFromPermissionSet: reference,
  PutInlinePolicyToPermissionSet: inlineOfSet,
  DeleteInlinePolicyFromPermissionSet: inlineOfSet,
  ProvisionPermissionSet: async () => ({}),
}

async function readRole(look: Look, name: string): Promise<{ roles?: IamRole[] }> {
  const { client, api } = await look.connection.iam()
  const answer = await ask(look, () => client.send(new api.GetRoleCommand({ RoleName: name })))
  if (!answer?.Role) return {}
  const { Arn = '', Path = '/', RoleId = '', Tags = [], AssumeRolePolicyDocument } = answer.Role
  return {
    roles: [
      {
        ...{ arn: Arn, name, path: Path, id: RoleId, inline: [], attached: [] },
        tags: Tags.map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' })),
        trust: decodeDocument(AssumeRolePolicyDocument),
      },
    ],
  }
}

async function readPolicy(
  look: Look,
  arn: string,
  withDocuments: boolean,
): Promise<{ policies?: ManagedPolicy[] }> {
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

/** An answer, or undefined where the object does not exist. */
async function ask<T>(look: Look, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await patiently(call, look.timing)
  } catch (error) {
    if (failureKind(error) === 'missing') return undefined
    throw error
  }
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

function setOf(input: SetInput, found: Partial<PermissionSet>): PermissionSet {
  const { InstanceArn, PermissionSetArn } = input
  return {
    ...{ arn: PermissionSetArn, instanceArn: InstanceArn, name: '' },
    ...{ managedPolicies: [], customerManaged: [], accounts: [] },
    ...found,
  }
}

function nothing({ account, partition, region }: Look['plan']): Snapshot {
  return {
    ...{ version: 1, takenAt: '', account, partition, region },
    ...{ users: [], groups: [], roles: [], policies: [], servers: [], apps: [] },
    ...{ domains: [], profiles: [], permissionSets: [], unknown: [] },
  }
}
