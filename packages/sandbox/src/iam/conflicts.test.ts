import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyVersionCommand,
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
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeEach, describe, expect, test } from 'vitest'
import { clientsOf, readPolicy, refusalOf, sageMakerTrust } from '../../test/clients.ts'
import { arnOf, iamFixture } from '../../test/iam-fixture.ts'
import { createSandbox } from '../sandbox.ts'

type Fixture = ReturnType<typeof iamFixture>
let iam: Fixture['iam']
let role: Fixture['role']
let user: Fixture['user']
let policy: Fixture['policy']
beforeEach(() => {
  ;({ iam, role, user, policy } = iamFixture())
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
