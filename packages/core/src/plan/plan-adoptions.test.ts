import { expect, test } from 'vitest'
import {
  groupArn,
  policyArn,
  type SmallAccount,
  smallAccount,
  userArn,
} from '../../test/accounts/small-account.ts'
import { profileRef, studioAccount } from '../../test/accounts/studio-account.ts'
import { grant, grantsFile, server, user } from '../../test/grants-fixture.ts'
import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { agreementOf } from './agreement.ts'
import { buildPlan } from './build-plan.ts'
import type { Plan } from './plan.ts'
import { projectPlan } from './project-plan.ts'

const now = new Date('2026-11-24T12:00:00Z')
const old = policyArn('MLflowDataScientists')
const wide = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sagemaker-mlflow:*', Resource: '*' },
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::team-data/*' },
  ],
}

function account(parts: SmallAccount = {}): Snapshot {
  return smallAccount({
    users: { ana: { attached: [old] }, ben: { attached: [old] }, cleo: { groups: ['team'] } },
    groups: { team: { attached: [old] } },
    policies: { MLflowDataScientists: wide },
    ...parts,
  })
}

function fileOf(parts: Partial<GrantsFile> = {}): GrantsFile {
  return grantsFile({
    servers: [server('ml-dev'), server('ml-prod')],
    grants: [grant(0, [user('ana')], ['viewer'], ['ml-dev'])],
    adopt: ['MLflowDataScientists'],
    ...parts,
  })
}

function planFor(file: GrantsFile, snapshot: Snapshot = account(), prune = false): Plan {
  return buildPlan({ file, snapshot, prune, now })
}

test('whoever the file lists gets the grants first and gives up the hand-made policy after', () => {
  const plan = planFor(fileOf())
  expect(plan.operations.map(({ action, principal }) => [action, principal])).toEqual([
    ['CreatePolicy', undefined],
    ['AttachUserPolicy', userArn('ana')],
    ['DetachUserPolicy', userArn('ana')],
  ])
  expect(plan.operations.at(-1)).toMatchObject({
    input: { UserName: 'ana', PolicyArn: old },
    risk: 'removes',
    because: 'The grants of this file replace the hand-made policy MLflowDataScientists for ana.',
    inverse: [{ action: 'AttachUserPolicy', input: { UserName: 'ana', PolicyArn: old } }],
  })
  expect(agreementOf(plan).confirm).toBe(true)
})

test('those whom the file does not list keep it, and the policy itself is never touched', () => {
  for (const prune of [false, true]) {
    const plan = planFor(fileOf(), account(), prune)
    const after = projectPlan(account(), plan.operations)
    expect(after.policies.find(({ arn }) => arn === old)).toEqual(
      account().policies.find(({ arn }) => arn === old),
    )
    expect(after.users.find(({ name }) => name === 'ben')?.attached).toEqual([old])
    expect(after.groups.find(({ name }) => name === 'team')?.attached).toEqual([old])
    expect(plan.findings.find(({ code }) => code === 'adopted-still-held')?.message).toContain(
      'group team, user ben.',
    )
    expect(planFor(fileOf(), after, prune).operations).toEqual([])
  }
})

test('what the grants do not give is named, MLflow by server and the rest by its statements', () => {
  const [loses] = planFor(fileOf()).findings.filter(({ code }) => code === 'adopt-loses')
  expect(loses?.level).toBe('review')
  expect(loses?.principal).toBe(userArn('ana'))
  expect(loses?.message).toMatch(/ and \d+ more on ml-dev; .* and \d+ more on ml-prod;/u)
  expect(loses?.message).toContain('s3:GetObject, s3:PutObject on arn:aws:s3:::team-data/*')
  expect(loses?.message).toContain('MLflow on every other server that * covers')
})

test('a policy whose access the grants give whole is given up without a loss', () => {
  const narrow = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 'sagemaker-mlflow:GetRun',
      Resource: `arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-dev`,
    },
  }
  const plan = planFor(
    fileOf(),
    account({ policies: { MLflowDataScientists: narrow }, users: { ana: { attached: [old] } }, groups: {} }),
  )
  expect(plan.findings.map(({ code, level }) => `${level} ${code}`)).toEqual([
    'low adopt-loses-nothing',
    'low adopted-policy-free',
  ])
  expect(plan.findings[1]?.message).toContain(`aws iam delete-policy --policy-arn ${old}`)
})

test('deleting a policy that nobody has any more begins with its other versions: IAM refuses it before', () => {
  const start = account({ users: { ana: { attached: [old] } }, groups: {} })
  const version = (id: string) => ({ id, document: JSON.stringify(wide) })
  const policies = start.policies.map((policy) => ({
    ...policy,
    defaultVersion: 'v2',
    versions: [version('v3'), version('v2'), version('v1')],
  }))
  const free = planFor(fileOf(), { ...start, policies }).findings.find(
    ({ code }) => code === 'adopted-policy-free',
  )
  const of = `--policy-arn ${old}`
  expect(free?.message.split('to delete it: ')[1]?.split(' && ')).toEqual([
    `aws iam delete-policy-version ${of} --version-id v3`,
    `aws iam delete-policy-version ${of} --version-id v1`,
    `aws iam delete-policy ${of}`,
  ])
})

test("a policy of AWS's own that somebody has is refused by its name as by its ARN", () => {
  const arn = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess'
  const named = fileOf({ adopt: ['AmazonSageMakerFullAccess'] })
  expect(() => planFor(named, account({ users: { ana: { attached: [arn] } } }))).toThrow(
    expect.objectContaining({
      exit: 3,
      what: `"${arn}" belongs to AWS.`,
      why: 'Adopting is for policies that somebody made in this account.',
      fix: ['Detach it by hand, if the grants replace it.'],
    }),
  )
  // A policy made by hand may have that name, too.
  const own = account({
    users: { ana: { attached: [arn, policyArn('AmazonSageMakerFullAccess')] } },
    policies: { AmazonSageMakerFullAccess: wide },
  })
  expect(planFor(named, own).operations.filter(({ risk }) => risk === 'removes')).toMatchObject([
    { input: { PolicyArn: policyArn('AmazonSageMakerFullAccess') } },
  ])
})

test('a Deny that goes with the policy is named', () => {
  const denying = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
      { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
    ],
  }
  const plan = planFor(fileOf(), account({ policies: { MLflowDataScientists: denying } }))
  const message = plan.findings.find(({ code }) => code === 'adopt-loses')?.message
  expect(message).toContain('its Deny of s3:DeleteObject, which no longer holds')
  expect(message).toContain('everything but iam:* on *')
})

test('after adopting, nothing from elsewhere is left of it for whom the file lists', () => {
  const done = projectPlan(account(), planFor(fileOf()).operations)
  const rows = evaluateAccess(done, {
    principals: [userArn('ana'), groupArn('team')],
    name: 'ml-platform',
    now,
  })
  const named = (arn: string) =>
    rows
      .filter(({ principal }) => principal === arn)
      .flatMap(({ elsewhere }) => elsewhere.map(({ policy }) => policy))
  expect(named(userArn('ana'))).toEqual([])
  expect(named(groupArn('team'))).toContain(old)
})

test('a slip in the name is an error with a suggestion; a policy that is gone is a remark', () => {
  const slip = fileOf({ adopt: ['MLflowDataScientist'] })
  expect(() => planFor(slip)).toThrow(
    expect.objectContaining({
      exit: 3,
      fix: [expect.stringContaining('Did you mean MLflowDataScientists?')],
    }),
  )
  const gone = planFor(fileOf({ adopt: ['SomethingOfLongAgo'] }))
  expect(gone.findings.find(({ code }) => code === 'adopted-policy-gone')?.level).toBe('low')
  expect(gone.operations.map(({ action }) => action)).not.toContain('DetachUserPolicy')
  const offline = fileOf()
  expect(
    planFor(offline, assumeAccount(offline, now)).findings.find(({ code }) => code === 'adopted-policy-gone')
      ?.message,
  ).toContain('Offline no policies are known')
})

test('a policy that a grants file owns cannot be adopted', () => {
  const owned = account({ policies: { '/mlflow-iam/other/viewer': wide } })
  expect(() => planFor(fileOf({ adopt: ['viewer'] }), owned)).toThrow('no hand-made policy')
})

test('a permission set that the file lists gives up its reference and is provisioned once', () => {
  const set = {
    ...{ arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', instanceArn: 'arn:aws:sso:::instance/ssoins-1' },
    ...{ name: 'MLScientist', managedPolicies: [], accounts: ['123456789012'] },
    customerManaged: [{ name: 'MLflowDataScientists', path: '/' }],
  }
  const reserved = 'AWSReservedSSO_MLScientist_0123456789abcdef'
  const snapshot = account({ roles: { [reserved]: { attached: [old] } }, rest: { permissionSets: [set] } })
  const file = fileOf({
    grants: [
      grant(
        0,
        [{ kind: 'permission-set', name: 'MLScientist', text: 'permission-set/MLScientist' }],
        ['viewer'],
        ['ml-dev'],
      ),
    ],
  })
  const plan = planFor(file, snapshot)
  expect(plan.operations.map(({ action }) => action)).toEqual([
    'CreatePolicy',
    'AttachCustomerManagedPolicyReferenceToPermissionSet',
    'DetachCustomerManagedPolicyReferenceFromPermissionSet',
    'ProvisionPermissionSet',
  ])
  expect(plan.findings.find(({ code }) => code === 'adopt-loses')?.message).toContain('MLScientist gives up')
  const after = projectPlan(snapshot, plan.operations)
  expect(after.roles.find(({ name }) => name === reserved)?.attached).not.toContain(old)
  expect(planFor(file, after).operations).toEqual([])
})

test('a profile that is split does not get the adopted policy along with its copy', () => {
  const snapshot = studioAccount({
    policies: { MLflowDataScientists: wide },
    roles: { 'eve-only': { attached: [old] } },
  })
  const file = fileOf({
    grants: [grant(0, [profileRef('eve')], ['viewer'], ['ml-dev'])],
    split: [{ profile: 'profile/d-abc123/eve' }],
  })
  const plan = planFor(file, snapshot)
  const after = projectPlan(snapshot, plan.operations)
  const roles = new Map(after.roles.map((role) => [role.name, role.attached]))
  expect([...roles].filter(([, attached]) => attached.includes(old)).map(([name]) => name)).toEqual([
    'eve-only',
  ])
  expect(plan.findings.find(({ code }) => code === 'adopt-loses')?.message).toContain(
    'profile d-abc123/eve gives up',
  )
  expect(planFor(file, after).operations).toEqual([])
})
