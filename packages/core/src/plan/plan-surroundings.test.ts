import { expect, test } from 'vitest'
import { account, grant, grantsFile, server, user } from '../../test/grants-fixture.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { IamRole, PermissionSet, Snapshot } from '../snapshot/snapshot.ts'
import { agreementOf } from './agreement.ts'
import { buildPlan } from './build-plan.ts'
import type { Plan } from './plan.ts'
import { projectPlan } from './project-plan.ts'

const now = new Date('2026-11-24T12:00:00Z')
const legacyArn = `arn:aws:iam::${account}:policy/LegacyMLAccess`
const file = grantsFile({
  servers: [server('ml-prod')],
  grants: [
    grant(0, [user('ana')], ['viewer'], ['ml-prod']),
    grant(1, [user('ben')], ['viewer'], ['ml-prod']),
  ],
})

/** An account that was read, not assumed, with a hand-made policy on ana. */
function readAccount(more: Partial<Snapshot> = {}): Snapshot {
  const { assumed: _, ...base } = assumeAccount(file, now)
  const document = JSON.stringify({
    Statement: [
      { Effect: 'Allow', Action: ['sagemaker-mlflow:GetRun', 'sagemaker-mlflow:DeleteRun'], Resource: '*' },
    ],
  })
  return {
    ...base,
    users: base.users.map((item) => (item.name === 'ana' ? { ...item, attached: [legacyArn] } : item)),
    policies: [
      {
        arn: legacyArn,
        name: 'LegacyMLAccess',
        path: '/',
        id: 'A',
        defaultVersion: 'v1',
        versions: [{ id: 'v1', document }],
      },
    ],
    ...more,
  }
}

function plan(from: GrantsFile, snapshot: Snapshot, prune = false): Plan {
  return buildPlan({ file: from, snapshot, prune, now })
}

test('a removal names the access that stays through a policy of somebody else', () => {
  const start = readAccount()
  const before = projectPlan(start, plan(file, start).operations)
  const ended = {
    ...file,
    grants: [grant(0, [user('ana')], ['viewer'], ['ml-prod'], { until: '2026-01-01T00:00:00Z' })],
  }
  const messages = plan(ended, before).findings.map((item) => item.message)
  expect(messages).toContain(
    'ana keeps 2 actions on ml-prod through LegacyMLAccess, which this file does not manage.',
  )
})

test('whoever has our policies without being listed is named, and left alone', () => {
  const start = readAccount()
  const before = projectPlan(start, plan(file, start).operations)
  const onlyAna = { ...file, grants: [grant(0, [user('ana')], ['viewer'], ['ml-prod'])] }
  const result = plan(onlyAna, before)
  expect(result.operations).toEqual([])
  expect(result.findings.find((item) => item.code === 'not-in-file')?.message).toMatch(
    /^ben has policies of this file/u,
  )
})

test('a version that somebody made the default by hand is named, and taken back', () => {
  const start = readAccount()
  const before = projectPlan(start, plan(file, start).operations)
  const meddled: Snapshot = {
    ...before,
    policies: before.policies.map((policy) =>
      policy.path === '/'
        ? policy
        : {
            ...policy,
            defaultVersion: 'v1',
            versions: [
              ...policy.versions.map((version) => ({ ...version, id: 'v2' })),
              { id: 'v1', document: '{"Statement":[]}' },
            ],
          },
    ),
  }
  const result = plan(file, meddled)
  expect(result.findings.find((item) => item.code === 'changed-by-hand')?.message).toMatch(
    /^Somebody made v1 the default version of mlflow-iam-viewer-/u,
  )
  expect(result.operations.map((operation) => operation.action)).toEqual(['SetDefaultPolicyVersion'])
})

const set: PermissionSet = {
  arn: 'arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-2222222222222222',
  instanceArn: 'arn:aws:sso:::instance/ssoins-1111111111111111',
  name: 'MLScientist',
  managedPolicies: [],
  customerManaged: [],
  accounts: [account, '210987654321'],
}
const reserved: IamRole = {
  arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_MLScientist_0123456789abcdef`,
  name: 'AWSReservedSSO_MLScientist_0123456789abcdef',
  path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
  id: 'AROA1',
  inline: [],
  attached: [],
  tags: [],
  trust: '{}',
}
const toSet: GrantsFile = {
  ...file,
  grants: [
    grant(
      0,
      [{ kind: 'permission-set', name: 'MLScientist', text: 'permission-set/MLScientist' }],
      ['viewer'],
      ['ml-prod'],
    ),
  ],
}

test('a permission set is referred to the policy and provisioned once, and every account it reaches is named', () => {
  const start = readAccount({ permissionSets: [set], roles: [reserved] })
  const first = plan(toSet, start)
  expect(first.operations.map((operation) => operation.action)).toEqual([
    'CreatePolicy',
    'AttachCustomerManagedPolicyReferenceToPermissionSet',
    'ProvisionPermissionSet',
  ])
  expect(first.findings.find((item) => item.code === 'several-accounts')?.message).toContain(
    '123456789012, 210987654321',
  )
  expect(agreementOf(first).confirm).toBe(true)
  expect(first.target.access[0]?.principals).toEqual([reserved.arn])
  expect(plan(toSet, projectPlan(start, first.operations)).operations).toEqual([])
})

test('the roles of Identity Center are never edited, even by prune', () => {
  const start = readAccount({ permissionSets: [set], roles: [reserved] })
  const after = projectPlan(start, plan(toSet, start).operations)
  const pruned = plan({ ...file, grants: [] }, after, true)
  expect(pruned.operations.map((operation) => operation.action)).toEqual([
    'DetachCustomerManagedPolicyReferenceFromPermissionSet',
    'ProvisionPermissionSet',
    'DeletePolicy',
  ])
  const direct = grantsFile({
    ...file,
    grants: [
      grant(
        0,
        [{ kind: 'role', name: reserved.name, text: `role/${reserved.name}` }],
        ['viewer'],
        ['ml-prod'],
      ),
    ],
  })
  expect(() => plan(direct, start)).toThrow('belongs to Identity Center')
})

test('a set that keeps its policies loses nothing, and neither does the role that follows it', () => {
  const start = readAccount({ permissionSets: [set], roles: [reserved] })
  const after = projectPlan(start, plan(toSet, start).operations)
  const again = plan(toSet, after, true)
  expect(again.operations).toEqual([])
  expect(again.findings.map((item) => item.code)).not.toContain('access-lost')
})
