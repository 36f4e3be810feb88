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
  DeleteGroupCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeEach, describe, expect, test } from 'vitest'
import { clientsOf, readPolicy, refusalOf, sageMakerTrust } from '../../test/clients.ts'
import { emptyAccount } from '../account/empty-account.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'

let sandbox: Sandbox
let iam: ReturnType<typeof clientsOf>['iam']
beforeEach(() => {
  sandbox = createSandbox({ state: emptyAccount() })
  iam = clientsOf(sandbox).iam
})

const arnOf = (name: string, path = '/') => `arn:aws:iam::123456789012:policy${path}${name}`
const role = (name: string, more: object = {}) =>
  iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: sageMakerTrust, ...more }))
const user = (name: string) => iam.send(new CreateUserCommand({ UserName: name }))
const policy = (name: string, more: object = {}) =>
  iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: readPolicy, ...more }))

/** A legal policy of exactly so many characters as IAM counts them. */
function sized(length: number, filler = ''): string {
  const around = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::' }],
  })
  return around.replace('arn:aws:s3:::', `arn:aws:s3:::${'x'.repeat(length - around.length)}`) + filler
}

describe('names', () => {
  test('are unique whatever the case and the path', async () => {
    await Promise.all([
      role('Trainer'),
      user('Ana'),
      policy('Read'),
      iam.send(new CreateGroupCommand({ GroupName: 'Team' })),
    ])
    const again = [
      role('tRAINER', { Path: '/elsewhere/' }),
      user('ANA'),
      policy('read', { Path: '/elsewhere/' }),
      iam.send(new CreateGroupCommand({ GroupName: 'team', Path: '/x/' })),
    ]
    for (const request of again) expect(await refusalOf(request)).toMatch(/^EntityAlreadyExistsException 409/)
  })

  test.each([
    ['with a space', 'my role', /^ValidationError 400 The specified value for roleName is invalid/],
    ['of 64 characters', 'r'.repeat(64), /^accepted/],
    [
      'of 65 characters',
      'r'.repeat(65),
      /^ValidationError 400 1 validation error detected: .*less than or equal to 64/,
    ],
    ['with every sign that is allowed', 'a+b=c,d.e@f-g_h', /^accepted/],
    ['of another alphabet', 'rôle', /^ValidationError 400/],
    ['of nothing', '', /^ValidationError 400/],
    ['of JavaScript', '__proto__', /^accepted/],
    ['of JavaScript again', 'constructor', /^accepted/],
  ])('%s', async (_, name, expected) => {
    expect(await refusalOf(role(name))).toMatch(expected)
  })

  test.each([
    ['/teams/ml/', /^accepted/],
    ['teams/', /^ValidationError 400/],
    ['/teams', /^ValidationError 400/],
    [`/${'x'.repeat(510)}/`, /^accepted/],
    [`/${'x'.repeat(511)}/`, /^ValidationError 400/],
  ])('path %s', async (path, expected) => {
    expect(await refusalOf(role('pathed', { Path: path }))).toMatch(expected)
  })

  test('descriptions and tags keep their rules', async () => {
    expect(await refusalOf(role('a', { Description: 'x'.repeat(1001) }))).toMatch(/^ValidationError/)
    expect(await refusalOf(role('b', { Description: 'an “apt” one' }))).toMatch(/^ValidationError/)
    expect(await refusalOf(role('c', { Tags: [{ Key: 'a#b', Value: '' }] }))).toMatch(/^ValidationError/)
    const twice = [
      { Key: 'Team', Value: 'a' },
      { Key: 'team', Value: 'b' },
    ]
    expect(await refusalOf(role('d', { Tags: twice }))).toMatch(
      /^InvalidInputException 400 Duplicate tag keys/,
    )
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
    expect(await refusalOf(role('e', { Tags: many }))).toMatch(/^ValidationError/)
    await role('f', { Tags: many.slice(0, 50) })
    const oneMore = new TagRoleCommand({ RoleName: 'f', Tags: [{ Key: 'more', Value: '' }] })
    expect(await refusalOf(iam.send(oneMore))).toMatch(/^LimitExceededException 409/)
  })
})

describe('quotas', () => {
  test('a managed policy holds 6,144 characters, white space not counted', async () => {
    const blank = ' \n\t'.repeat(2000)
    expect(await refusalOf(policy('fits', { PolicyDocument: sized(6144, blank) }))).toBe('accepted')
    expect(await refusalOf(policy('over', { PolicyDocument: sized(6145) }))).toBe(
      'LimitExceededException 409 Cannot exceed quota for PolicySize: 6144',
    )
  })

  test('the inline policies of a user hold 2,048 characters together, those of a role 10,240', async () => {
    await Promise.all([user('ana'), role('trainer')])
    const inline = (name: string, length: number) =>
      refusalOf(
        iam.send(
          new PutUserPolicyCommand({ UserName: 'ana', PolicyName: name, PolicyDocument: sized(length) }),
        ),
      )
    expect(await inline('one', 2000)).toBe('accepted')
    expect(await inline('two', 100)).toMatch(
      /^LimitExceededException 409 Maximum policy size of 2048 bytes exceeded for user ana/,
    )
    expect(await inline('one', 1900)).toBe('accepted')
    expect(await inline('two', 148)).toBe('accepted')
    const wide = (length: number) =>
      refusalOf(
        iam.send(
          new PutRolePolicyCommand({ RoleName: 'trainer', PolicyName: 'p', PolicyDocument: sized(length) }),
        ),
      )
    expect(await wide(10_240)).toBe('accepted')
    expect(await wide(10_241)).toMatch(/^LimitExceededException/)
  })

  test('ten policies are attached to a principal, or as many as the account was given', async () => {
    await role('trainer')
    const attach = (index: number) =>
      refusalOf(iam.send(new AttachRolePolicyCommand({ RoleName: 'trainer', PolicyArn: arnOf(`p${index}`) })))
    for (let index = 0; index < 11; index += 1) await policy(`p${index}`)
    for (let index = 0; index < 10; index += 1) expect(await attach(index)).toBe('accepted')
    expect(await attach(10)).toBe('LimitExceededException 409 Cannot exceed quota for PoliciesPerRole: 10')
    expect(await attach(3)).toBe('accepted')

    const raised = createSandbox({
      state: { ...sandbox.state, quotas: { ...sandbox.state.quotas, attachedPerRole: 20 } },
    })
    const more = new AttachRolePolicyCommand({ RoleName: 'trainer', PolicyArn: arnOf('p10') })
    expect(await refusalOf(clientsOf(raised).iam.send(more))).toBe('accepted')
  })

  test('a policy has five versions, and their numbers are never used again', async () => {
    await policy('read')
    const version = (SetAsDefault = false) =>
      iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: arnOf('read'),
          PolicyDocument: readPolicy,
          SetAsDefault,
        }),
      )
    for (let index = 0; index < 4; index += 1) await version()
    expect(await refusalOf(version())).toMatch(
      /^LimitExceededException 409 A managed policy can have up to 5 versions/,
    )
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arnOf('read'), VersionId: 'v3' }))
    expect((await version(true)).PolicyVersion).toMatchObject({ VersionId: 'v6', IsDefaultVersion: true })
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: arnOf('read') }))
    expect(Versions?.map((each) => each.VersionId)).toEqual(['v6', 'v5', 'v4', 'v2', 'v1'])
    const deletion = new DeletePolicyVersionCommand({ PolicyArn: arnOf('read'), VersionId: 'v6' })
    expect(await refusalOf(iam.send(deletion))).toMatch(
      /^DeleteConflictException 409 Cannot delete the default version/,
    )
  })

  test('a trust policy holds 2,048 characters', async () => {
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'x'.repeat(2000),
          Effect: 'Allow',
          Principal: { Service: 'sagemaker.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    })
    expect(await refusalOf(role('wordy', { AssumeRolePolicyDocument: trust }))).toBe(
      'LimitExceededException 409 Cannot exceed quota for ACLSizePerRole: 2048',
    )
  })

  test('an account has 1,500 policies', async () => {
    const state = { ...sandbox.state, quotas: { ...sandbox.state.quotas, policies: 1 } }
    iam = clientsOf(createSandbox({ state })).iam
    await policy('one')
    expect(await refusalOf(policy('two'))).toMatch(/^LimitExceededException 409 .*PoliciesPerAccount: 1/)
  })
})

describe('deleting', () => {
  test('an attached policy, or one with several versions, is refused', async () => {
    await Promise.all([policy('read'), user('ana')])
    const deletion = () => refusalOf(iam.send(new DeletePolicyCommand({ PolicyArn: arnOf('read') })))
    await iam.send(new AttachUserPolicyCommand({ UserName: 'ana', PolicyArn: arnOf('read') }))
    expect(await deletion()).toMatch(
      /^DeleteConflictException 409 Cannot delete a policy attached to entities/,
    )
    await iam.send(new DetachUserPolicyCommand({ UserName: 'ana', PolicyArn: arnOf('read') }))
    await iam.send(
      new PutUserPermissionsBoundaryCommand({ UserName: 'ana', PermissionsBoundary: arnOf('read') }),
    )
    expect(await deletion()).toMatch(/^DeleteConflictException/)
    await iam.send(new DeleteUserCommand({ UserName: 'ana' }))
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn: arnOf('read'), PolicyDocument: readPolicy }))
    expect(await deletion()).toMatch(/^DeleteConflictException 409 This policy has more than one version/)
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: arnOf('read'), VersionId: 'v2' }))
    expect(await deletion()).toBe('accepted')
    expect(await deletion()).toMatch(/^NoSuchEntityException 404/)
  })

  test('a principal that holds something is refused', async () => {
    await Promise.all([
      role('trainer'),
      user('ana'),
      policy('read'),
      iam.send(new CreateGroupCommand({ GroupName: 'team' })),
    ])
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'trainer', PolicyArn: arnOf('read') }))
    expect(await refusalOf(iam.send(new DeleteRoleCommand({ RoleName: 'trainer' })))).toMatch(
      /^DeleteConflictException 409 Cannot delete entity, must detach all policies first/,
    )
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'trainer', PolicyArn: arnOf('read') }))
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'trainer', PolicyName: 'x', PolicyDocument: readPolicy }),
    )
    expect(await refusalOf(iam.send(new DeleteRoleCommand({ RoleName: 'trainer' })))).toMatch(
      /^DeleteConflictException 409 Cannot delete entity, must delete policies first/,
    )
    await iam.send(new AddUserToGroupCommand({ GroupName: 'team', UserName: 'ana' }))
    expect(await refusalOf(iam.send(new DeleteGroupCommand({ GroupName: 'team' })))).toMatch(
      /^DeleteConflict/,
    )
    expect(await refusalOf(iam.send(new DeleteUserCommand({ UserName: 'ana' })))).toMatch(/^DeleteConflict/)
  })
})

describe('attaching', () => {
  test('twice counts once, and detaching what is not attached is an error', async () => {
    await Promise.all([user('ana'), policy('read')])
    const attach = new AttachUserPolicyCommand({ UserName: 'ana', PolicyArn: arnOf('read') })
    await iam.send(attach)
    await iam.send(attach)
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: arnOf('read') }))).Policy?.AttachmentCount).toBe(
      1,
    )
    const entities = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arnOf('read') }))
    expect(entities.PolicyUsers?.map((each) => each.UserName)).toEqual(['ana'])
    const detach = new DetachUserPolicyCommand({ UserName: 'ana', PolicyArn: arnOf('read') })
    await iam.send(detach)
    expect(await refusalOf(iam.send(detach))).toMatch(/^NoSuchEntityException 404/)
  })

  test('refuses policies that are not there, not ARNs, or not for customers', async () => {
    await iam.send(new CreateGroupCommand({ GroupName: 'team' }))
    const attach = (PolicyArn: string) =>
      refusalOf(iam.send(new AttachGroupPolicyCommand({ GroupName: 'team', PolicyArn })))
    expect(await attach(arnOf('nothing'))).toMatch(
      /^NoSuchEntityException 404 Policy .* does not exist or is not attachable/,
    )
    expect(await attach('arn:aws:s3:::bucket-of-mine')).toMatch(/^InvalidInputException 400/)
    expect(await attach('arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy')).toMatch(
      /^PolicyNotAttachableException 400/,
    )
    expect(await attach('arn:aws:iam::aws:policy/AmazonSageMakerFullAccess')).toBe('accepted')
  })
})

test('roles that belong to AWS are read, never changed', async () => {
  const team = createSandbox()
  iam = clientsOf(team).iam
  const names = team.state.roles.filter((each) => each.path.startsWith('/aws-')).map((each) => each.name)
  expect(names.some((name) => name.startsWith('AWSReservedSSO_MLScientist_'))).toBe(true)
  for (const RoleName of names) {
    expect((await iam.send(new GetRoleCommand({ RoleName }))).Role?.RoleName).toBe(RoleName)
    for (const request of [
      new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: sageMakerTrust }),
      new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument: readPolicy }),
      new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
      new DeleteRoleCommand({ RoleName }),
    ]) {
      expect(await refusalOf(iam.send(request as never))).toMatch(/^UnmodifiableEntityException 400/)
    }
  }
})

test("AWS's own policies can be read and attached, not changed", async () => {
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess'
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }))
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  )
  const document = decodeURIComponent(PolicyVersion?.Document ?? '')
  expect(document).toContain('sagemaker:*')
  expect(document).not.toContain('sagemaker-mlflow')
  const version = new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: readPolicy })
  expect(await refusalOf(iam.send(version))).toMatch(/^InvalidInputException 400/)
})
