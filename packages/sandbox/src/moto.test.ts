import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetGroupCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupsForUserCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  ListUserPoliciesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientsOf, readPolicy, sageMakerTrust } from '../test/clients.ts'
import { startMoto } from '../test/moto.ts'
import { skipWithout } from '../test/tools.ts'
import { emptyAccount } from './account/empty-account.ts'
import { createSandbox } from './sandbox.ts'

const PolicyArn = 'arn:aws:iam::123456789012:policy/mlflow/read'
const role = { RoleName: 'trainer' }
const user = { UserName: 'ana' }
const group = { GroupName: 'team' }
const wider = readPolicy.replace('GetRun', 'Get*')

/** A life of roles, users, groups and policies in which moto answers as AWS does. */
const requests = [
  new CreateRoleCommand({
    ...role,
    Path: '/teams/',
    AssumeRolePolicyDocument: sageMakerTrust,
    Description: 'Trains & <tests>',
  }),
  new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: sageMakerTrust }),
  new CreateUserCommand({ ...user, Tags: [{ Key: 'team', Value: 'research' }] }),
  new CreateUserCommand(user),
  new CreateGroupCommand(group),
  new AddUserToGroupCommand({ ...user, ...group }),
  new AddUserToGroupCommand({ UserName: 'nobody', ...group }),
  new GetGroupCommand(group),
  new ListGroupsForUserCommand(user),
  new CreatePolicyCommand({
    PolicyName: 'read',
    Path: '/mlflow/',
    PolicyDocument: readPolicy,
    Description: 'Reads',
  }),
  new GetPolicyCommand({ PolicyArn }),
  new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }),
  new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: wider, SetAsDefault: true }),
  new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: readPolicy }),
  new ListPolicyVersionsCommand({ PolicyArn }),
  new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v3' }),
  new GetPolicyCommand({ PolicyArn }),
  new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v3' }),
  new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }),
  new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: readPolicy }),
  new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: readPolicy }),
  new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: readPolicy }),
  new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: readPolicy }),
  new AttachRolePolicyCommand({ ...role, PolicyArn }),
  new AttachUserPolicyCommand({ ...user, PolicyArn }),
  new AttachGroupPolicyCommand({ ...group, PolicyArn }),
  new AttachUserPolicyCommand({ UserName: 'nobody', PolicyArn }),
  new AttachUserPolicyCommand({ ...user, PolicyArn: `${PolicyArn}-no` }),
  new ListAttachedRolePoliciesCommand(role),
  new ListAttachedUserPoliciesCommand(user),
  new ListEntitiesForPolicyCommand({ PolicyArn }),
  new PutRolePolicyCommand({ ...role, PolicyName: 'inline', PolicyDocument: wider }),
  new PutRolePolicyCommand({ ...role, PolicyName: 'inline', PolicyDocument: readPolicy }),
  new GetRolePolicyCommand({ ...role, PolicyName: 'inline' }),
  new ListRolePoliciesCommand(role),
  new PutUserPolicyCommand({ ...user, PolicyName: 'inline', PolicyDocument: readPolicy }),
  new GetUserPolicyCommand({ ...user, PolicyName: 'inline' }),
  new GetUserPolicyCommand({ ...user, PolicyName: 'other' }),
  new ListUserPoliciesCommand(user),
  new TagRoleCommand({
    ...role,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
    ],
  }),
  new UntagRoleCommand({ ...role, TagKeys: ['a'] }),
  new ListRoleTagsCommand(role),
  new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'mlflow-iam:grants', Value: 'x' }] }),
  new ListPolicyTagsCommand({ PolicyArn }),
  new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument: sageMakerTrust }),
  new PutRolePermissionsBoundaryCommand({ ...role, PermissionsBoundary: PolicyArn }),
  new GetRoleCommand(role),
  new DeleteRoleCommand(role),
  new DetachRolePolicyCommand({ ...role, PolicyArn }),
  new DetachRolePolicyCommand({ ...role, PolicyArn }),
  new DeleteRolePolicyCommand({ ...role, PolicyName: 'inline' }),
  new DeleteRolePolicyCommand({ ...role, PolicyName: 'inline' }),
  new GetRoleCommand({ RoleName: 'nobody' }),
  new DeleteRoleCommand(role),
  new GetRoleCommand(role),
]

describe.skipIf(skipWithout('python3', '-c', 'import moto.server'))('beside moto', () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  beforeAll(async () => {
    moto = await startMoto()
  }, 120_000)
  afterAll(() => moto?.stop())

  test('the sandbox answers alike wherever moto answers as AWS does', { timeout: 120_000 }, async () => {
    const ours = clientsOf(createSandbox({ state: emptyAccount() })).iam
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' }
    const theirs = new IAMClient({ region: 'us-east-1', credentials, endpoint: moto.url, maxAttempts: 1 })
    const found: object[] = []
    const expected: object[] = []
    for (const [index, request] of requests.entries()) {
      const step = `${index} ${request.constructor.name}`
      expected.push({ step, ...(await outcomeOf(theirs, request)) })
      found.push({ step, ...(await outcomeOf(ours, request)) })
    }
    expect(found).toEqual(expected)
    theirs.destroy()
  })
})

async function outcomeOf(client: IAMClient, request: (typeof requests)[number]): Promise<object> {
  try {
    const { $metadata: _, ...answer } = await client.send(request as GetRoleCommand)
    return { answer: comparable(answer, tooMuch[request.constructor.name]) }
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } }
    return { refused: name, status: $metadata?.httpStatusCode }
  }
}

/** Members that differ by nature (ids, times), or that moto leaves out or fills in otherwise than AWS. */
const apart = new Set([
  ...['UserId', 'RoleId', 'GroupId', 'PolicyId', 'CreateDate', 'UpdateDate', 'RoleLastUsed'],
  ...['PermissionsBoundaryUsageCount', 'PermissionsBoundaryType', 'IsTruncated', 'MaxSessionDuration'],
])
/** Where moto says more than AWS: documents outside GetPolicyVersion, tags in listings of users. */
const tooMuch: Readonly<Record<string, string>> = {
  CreatePolicyVersionCommand: 'Document',
  ListPolicyVersionsCommand: 'Document',
  GetGroupCommand: 'Tags',
}

function comparable(value: unknown, leftOut: string | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item, leftOut)).sort(byVersion)
  if (typeof value === 'string') return value.startsWith('%7B') ? decodeURIComponent(value) : value
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(
    ([name, item]) =>
      !apart.has(name) &&
      name !== leftOut &&
      item !== undefined &&
      !(Array.isArray(item) && item.length === 0),
  )
  return Object.fromEntries(kept.map(([name, item]) => [name, comparable(item, leftOut)]))
}

/** AWS lists versions newest first, moto oldest first. */
function byVersion(one: unknown, other: unknown): number {
  const idOf = (version: unknown) => (version as { VersionId?: string })?.VersionId ?? ''
  return idOf(one).localeCompare(idOf(other))
}
