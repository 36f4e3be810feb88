import { expect, test } from 'vitest'
import {
  now,
  policyArn,
  roleArn,
  serverArn,
  smallAccount,
  userArn,
} from '../../test/accounts/small-account.ts'
import { mlflowActions } from '../catalog/actions.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { findAccountFindings } from './account-findings.ts'
import { findSelfLockOut } from './self-lock-out.ts'

const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement })
const statement = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})

function codes(snapshot: Snapshot): readonly string[] {
  return findAccountFindings(snapshot, { now }).map((one) => one.code)
}

function withPolicy(...statements: object[]): Snapshot {
  return smallAccount({ users: { ana: { inline: { p: document(...statements) } } } })
}

const onProd = serverArn('ml-prod')
const onApp = 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-1'

test('an account with nothing odd has no findings', () => {
  expect(codes(withPolicy(statement('sagemaker-mlflow:GetRun', onProd)))).toEqual([])
})

test.each([
  ['every-action-everywhere', statement('sagemaker-mlflow:*')],
  ['every-action-everywhere', statement(mlflowActions.map((action) => action.name))],
  ['pass-role-any', statement(['iam:PassRole', 's3:*'])],
  ['pass-role-any', statement('iam:Pass*')],
  ['access-ui-on-server', statement(['sagemaker-mlflow:AccessUI', 'sagemaker-mlflow:GetRun'], onProd)],
  ['not-for-apps', statement(['sagemaker-mlflow:Get*', 'sagemaker-mlflow:Log*'], onApp)],
  ['unknown-action', statement(['sagemaker-mlflow:GetRuns', 'sagemaker-mlflow:GetRun'])],
  ['unknown-action', statement('sagemaker-mlflow:Fetch*')],
  [
    'key-never-sent',
    statement('sagemaker-mlflow:GetRun', '*', {
      Condition: { StringEquals: { 'sagemaker:ResourceTag/env': 'prod' } },
    }),
  ],
  [
    'key-never-sent',
    {
      Effect: 'Deny',
      Action: 'sagemaker:UpdateModelPackage',
      Resource: '*',
      Condition: { StringEquals: { 'sagemaker:ModelLifeCycle/stage': 'Production' } },
    },
  ],
  [
    'unknown-key-in-deny',
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    },
  ],
  [
    'grant-ended',
    statement('sagemaker-mlflow:GetRun', onProd, {
      Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-01T00:00:00Z' } },
    }),
  ],
  [
    'grant-ends-soon',
    statement('sagemaker-mlflow:GetRun', onProd, {
      Condition: { DateLessThan: { 'aws:CurrentTime': '2026-12-01T00:00:00Z' } },
    }),
  ],
  ['full-access-opens-apps', statement('sagemaker:*', '*')],
  [
    'full-access-opens-apps',
    { Effect: 'Allow', Action: ['sagemaker:*'], NotResource: ['arn:aws:sagemaker:*:*:domain/*'] },
  ],
  ['malformed-policy', { Effect: 'Perhaps' }],
])('%s is found in %j', (code, one) => {
  expect(codes(withPolicy(one))).toEqual([code])
})

test.each([
  ['an administrator', statement('*')],
  ['PassRole on one role', statement('iam:PassRole', roleArn('server'))],
  ['AccessUI on everything', statement('sagemaker-mlflow:AccessUI')],
  [
    'a grant that ends in a month',
    statement('sagemaker-mlflow:GetRun', onProd, {
      Condition: { DateLessThan: { 'aws:CurrentTime': '2026-12-31T00:00:00Z' } },
    }),
  ],
  ['an App action on an App', statement('sagemaker:CallMlflowAppApi', onApp)],
  [
    'a deny on a known tag',
    {
      Effect: 'Deny',
      Action: 'sagemaker-mlflow:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/env': 'prod' } },
    },
  ],
])('%s is no finding', (_, one) => {
  expect(codes(withPolicy(one))).toEqual([])
})

test('text that is not JSON is a finding that names the policy and its holders', () => {
  const snapshot = smallAccount({
    users: { ana: { attached: [policyArn('broken')] }, ben: { attached: [policyArn('broken')] } },
    policies: { broken: '{"Version":' },
  })
  expect(findAccountFindings(snapshot, { now })).toEqual([
    {
      level: 'review',
      code: 'malformed-policy',
      message: 'In policy broken (ana, ben) something counts for nothing here: it is not JSON.',
    },
  ])
})

test('a role that several profiles share is named with them', () => {
  const profile = (name: string, role?: string) => ({
    domain: 'd-1',
    name,
    arn: `arn:${name}`,
    region: 'eu-west-1',
    ...(role ? { role } : {}),
  })
  const snapshot = smallAccount({
    roles: { shared: {}, own: {} },
    rest: {
      domains: [
        { id: 'd-1', arn: 'arn:d', name: 'lab', region: 'eu-west-1', defaultRole: roleArn('shared') },
      ],
      profiles: [profile('ana'), profile('ben', roleArn('shared')), profile('cem', roleArn('own'))],
    },
  })
  expect(findAccountFindings(snapshot, { now })).toMatchObject([
    {
      code: 'shared-principal',
      principal: roleArn('shared'),
      message: expect.stringMatching(/2 SageMaker profiles \(ana, ben\).*with split\.$/u),
    },
  ])
})

test('access that a foreign policy gives as well outlives a removal of ours', () => {
  const own = '/mlflow-iam/team/mlflow-iam-viewer-1'
  const snapshot = smallAccount({
    users: { ana: { attached: [policyArn(own), policyArn('legacy')] } },
    policies: {
      [own]: document(statement('sagemaker-mlflow:Get*', onProd)),
      legacy: document(statement('sagemaker-mlflow:GetRun', onProd)),
    },
  })
  expect(findAccountFindings(snapshot, { now, name: 'team' })).toMatchObject([
    {
      code: 'access-stays-elsewhere',
      principal: userArn('ana'),
      message: expect.stringContaining('(GetRun) from policy legacy too'),
    },
  ])
})

test('whoever may edit what limits them is named with the way; administrators are not', () => {
  const limited = document(statement('iam:CreatePolicyVersion', policyArn('own')))
  const snapshot = smallAccount({
    users: {
      ana: { attached: [policyArn('own')] },
      ben: { inline: { self: document(statement('iam:PutUserPolicy', userArn('ben'))) } },
      cem: { inline: { other: document(statement('iam:PutUserPolicy', userArn('ana'))) } },
      root: { inline: { all: document(statement('*')) } },
      dan: {
        boundary: policyArn('limit'),
        inline: {
          out: document(
            statement('iam:DeleteUserPermissionsBoundary', userArn('dan')),
            statement('iam:PutRolePolicy'),
          ),
        },
      },
    },
    policies: { own: limited, limit: document(statement(['iam:*', 's3:*'])) },
  })
  const found = findAccountFindings(snapshot, { now }).filter((one) => one.code === 'may-widen-itself')
  expect(found.map((one) => one.message)).toEqual([
    'ana may widen its own access: iam:CreatePolicyVersion on its policy own.',
    'ben may widen its own access: iam:PutUserPolicy on itself.',
    'dan may widen its own access: iam:DeleteUserPermissionsBoundary on itself.',
  ])
})

test('a boundary with the 44 older actions alone is found', () => {
  const older = mlflowActions.filter((action) => action.inGuide).map((action) => action.name)
  const studio = document(statement('*'), { Effect: 'Deny', NotAction: [...older, 's3:*'], Resource: '*' })
  const snapshot = smallAccount({
    roles: { studio: { boundary: policyArn('studio') }, free: { boundary: policyArn('open') } },
    policies: { studio, open: document(statement('*')) },
  })
  expect(findAccountFindings(snapshot, { now })).toMatchObject([
    { code: 'boundary-older-actions', principal: roleArn('studio') },
  ])
})

test('a server role that may update model packages makes aliases promote', () => {
  const snapshot = smallAccount({
    roles: { server: { inline: { r: document(statement('sagemaker:UpdateModelPackage')) } } },
  })
  const servers = snapshot.servers.map((one) => ({ ...one, role: roleArn('server') }))
  expect(codes({ ...snapshot, servers })).toEqual(['alias-promotes-model', 'alias-promotes-model'])
})

test('whoever runs the tool is warned of losing access by it', () => {
  const admin = document(statement('iam:*'), statement('sagemaker-mlflow:GetRun'))
  const before = smallAccount({ users: { ana: { inline: { admin } } }, rest: { caller: userArn('ana') } })
  const after = smallAccount({ users: { ana: {} }, rest: { caller: userArn('ana') } })
  expect(findSelfLockOut(before, after, now)).toMatchObject([
    { level: 'high', code: 'self-lock-out', principal: userArn('ana') },
  ])
  expect(findSelfLockOut(before, before, now)).toEqual([])
})
