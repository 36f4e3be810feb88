import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeEach, describe, expect, test } from 'vitest'
import { clientsOf, readPolicy, refusalOf } from '../../test/clients.ts'
import { arnOf, iamFixture } from '../../test/iam-fixture.ts'
import { createSandbox } from '../sandbox.ts'

type Fixture = ReturnType<typeof iamFixture>
let sandbox: Fixture['sandbox']
let iam: Fixture['iam']
let role: Fixture['role']
let user: Fixture['user']
let policy: Fixture['policy']
beforeEach(() => {
  ;({ sandbox, iam, role, user, policy } = iamFixture())
})

/** A legal policy of exactly so many characters as IAM counts them. */
function sized(length: number, filler = ''): string {
  const around = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::' }],
  })
  return around.replace('arn:aws:s3:::', `arn:aws:s3:::${'x'.repeat(length - around.length)}`) + filler
}

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
    ;({ policy } = iamFixture(state))
    await policy('one')
    expect(await refusalOf(policy('two'))).toMatch(/^LimitExceededException 409 .*PoliciesPerAccount: 1/)
  })
})
