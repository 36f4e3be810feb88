import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  GetRoleCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { DescribeUserProfileCommand, UpdateUserProfileCommand } from '@aws-sdk/client-sagemaker'
import { DescribePermissionSetCommand } from '@aws-sdk/client-sso-admin'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { clientsOf, readPolicy, refusalOf } from '../../test/clients.ts'
import type { AccountState } from '../account/state.ts'
import { createSandbox } from '../sandbox.ts'
import { seedTeam } from '../seed/seed-team.ts'

const arn = (resource: string) => `arn:aws:iam::123456789012:${resource}`

/** The team's account, entered as the session of a role that holds just these statements. */
function enteredWith(...statements: readonly object[]) {
  const state = structuredClone(seedTeam()) as AccountState
  state.authorization = 'policies'
  state.caller = { arn: 'arn:aws:sts::123456789012:assumed-role/trainer/night', userId: 'AROA:night' }
  const role = state.roles.find((each) => each.name === 'trainer')
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  role?.inline.push({ name: 'rights', document })
  const sandbox = createSandbox({ state })
  return { sandbox, ...clientsOf(sandbox) }
}
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})

test('who holds nothing may ask who they are, and that is all', async () => {
  const { sts, iam, sagemaker, sso, sandbox } = enteredWith()
  expect(await refusalOf(sts.send(new GetCallerIdentityCommand({})))).toBe('accepted')
  expect(await refusalOf(iam.send(new ListUsersCommand({})))).toMatch(
    /^AccessDenied 403 User: .*assumed-role\/trainer\/night is not authorized to perform: iam:ListUsers on resource: \*/,
  )
  const profile = new DescribeUserProfileCommand({ DomainId: 'd-abc123', UserProfileName: 'ana' })
  expect(await refusalOf(sagemaker.send(profile))).toMatch(
    /^AccessDeniedException 400 .*user-profile\/d-abc123\/ana/,
  )
  const set = {
    InstanceArn: sandbox.state.center?.instanceArn,
    PermissionSetArn: sandbox.state.center?.permissionSets[0]?.arn,
  }
  expect(await refusalOf(sso.send(new DescribePermissionSetCommand(set)))).toMatch(
    /sso:DescribePermissionSet/,
  )
})

test('each request needs its action on what it names, and tags need more', async () => {
  const mine = arn('policy/mlflow-iam/mine/*')
  const create = (Path: string, tagged = false) =>
    new CreatePolicyCommand({
      PolicyName: tagged ? 'tagged' : 'plain',
      Path,
      PolicyDocument: readPolicy,
      ...(tagged ? { Tags: [{ Key: 'managed-by', Value: 'mlflow-iam' }] } : {}),
    })
  const { iam } = enteredWith(allow('iam:CreatePolicy', mine), allow('iam:GetRole', arn('role/Admin')))
  expect(await refusalOf(iam.send(create('/mlflow-iam/mine/')))).toBe('accepted')
  expect(await refusalOf(iam.send(create('/other/')))).toMatch(
    /iam:CreatePolicy on resource: .*policy\/other\/plain/,
  )
  expect(await refusalOf(iam.send(create('/mlflow-iam/mine/', true)))).toMatch(/perform: iam:TagPolicy/)
  expect(await refusalOf(iam.send(new GetRoleCommand({ RoleName: 'Admin' })))).toBe('accepted')
  expect(await refusalOf(iam.send(new GetRoleCommand({ RoleName: 'gpu-jobs' })))).toMatch(/^AccessDenied/)
})

test('attaching may be limited to some policies, an explicit deny says so', async () => {
  const { iam } = enteredWith(
    allow('iam:AttachUserPolicy', arn('user/*'), {
      Condition: { ArnEquals: { 'iam:PolicyARN': [arn('policy/TeamMLflowRead')] } },
    }),
    { Effect: 'Deny', Action: 'iam:*', Resource: arn('user/ben') },
  )
  const attach = (UserName: string, policy: string) =>
    refusalOf(iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: arn(`policy/${policy}`) })))
  expect(await attach('ana', 'TeamMLflowRead')).toBe('accepted')
  expect(await attach('ana', 'LegacyMLAccess')).toMatch(/^AccessDenied/)
  expect(await attach('ben', 'TeamMLflowRead')).toMatch(/with an explicit deny in an identity-based policy/)
})

test('a role is set on a profile only by who may pass it', async () => {
  const profile = 'arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-abc123/ana'
  const update = new UpdateUserProfileCommand({
    DomainId: 'd-abc123',
    UserProfileName: 'ana',
    UserSettings: { ExecutionRole: arn('role/gpu-jobs') },
  })
  const may = allow('sagemaker:UpdateUserProfile', profile)
  expect(await refusalOf(enteredWith(may).sagemaker.send(update))).toMatch(
    /iam:PassRole on resource: .*gpu-jobs/,
  )
  const pass = allow('iam:PassRole', arn('role/gpu-jobs'), {
    Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  })
  expect(await refusalOf(enteredWith(may, pass).sagemaker.send(update))).toBe('accepted')
})

test('an administrator may do everything, and a role that is gone nothing', async () => {
  const state = { ...seedTeam(), authorization: 'policies' as const }
  const user = new CreateUserCommand({ UserName: 'zoe' })
  expect(await refusalOf(clientsOf(createSandbox({ state })).iam.send(user))).toBe('accepted')
  const caller = { arn: 'arn:aws:sts::123456789012:assumed-role/Gone/x', userId: 'x' }
  const gone = clientsOf(createSandbox({ state: { ...state, caller } }))
  expect(await refusalOf(gone.iam.send(user))).toMatch(/^AccessDenied/)
})
