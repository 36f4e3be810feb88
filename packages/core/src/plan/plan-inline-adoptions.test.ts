import { expect, test } from 'vitest'
import {
  groupArn,
  policyArn,
  roleArn,
  type SmallAccount,
  smallAccount,
  userArn,
} from '../../test/accounts/small-account.ts'
import { profileRef, studioAccount } from '../../test/accounts/studio-account.ts'
import { grant, grantsFile, server, user } from '../../test/grants-fixture.ts'
import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import type { GrantsFile, PrincipalRef } from '../grants/grants-file.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { agreementOf } from './agreement.ts'
import { buildPlan } from './build-plan.ts'
import type { Plan } from './plan.ts'
import { projectPlan } from './project-plan.ts'

const now = new Date('2026-11-24T12:00:00Z')
/** As a hand wrote it: one line ends in spaces, the order is nobody's, and a letter is beyond ASCII. */
const byHand = `{ "Statement": [ { "Effect": "Allow",   \n\t"Action": ["sagemaker-mlflow:*", "s3:GetObject"], "Resource": "*", "Sid": "Equipe" } ],\n  "Version": "2012-10-17", "Id": "équipe" }`

function account(parts: SmallAccount = {}): Snapshot {
  return smallAccount({
    users: { ana: { inline: { 'mlflow-access': byHand, 'other-jobs': byHand } }, cleo: { groups: ['team'] } },
    groups: { team: { inline: { 'mlflow-access': byHand } } },
    roles: { 'ds-shared': { inline: { 'mlflow-access': byHand }, path: '/teams/' } },
    policies: { 'mlflow-access': byHand },
    ...parts,
  })
}

const group = (name: string): PrincipalRef => ({ kind: 'group', name, text: `group/${name}` })
const role = (name: string): PrincipalRef => ({ kind: 'role', name, text: `role/${name}` })

function fileOf(adopt: readonly string[], to: readonly PrincipalRef[] = [user('ana')]): GrantsFile {
  return grantsFile({
    servers: [server('ml-dev'), server('ml-prod')],
    grants: [grant(0, to, ['viewer'], ['ml-dev'])],
    adopt,
  })
}

function planFor(file: GrantsFile, snapshot: Snapshot = account(), prune = false): Plan {
  return buildPlan({ file, snapshot, prune, now })
}

const messages = (plan: Plan, code: string) =>
  plan.findings.filter((each) => each.code === code).map(({ message }) => message)

test.each([
  ['user', user('ana'), userArn('ana'), 'ana'],
  ['group', group('team'), groupArn('team'), 'team'],
  ['role', role('ds-shared'), 'arn:aws:iam::123456789012:role/teams/ds-shared', 'ds-shared'],
] as const)(
  'a %s gets the grants first and then loses the inline policy, which comes back to the byte',
  (kind, ref, arn, name) => {
    const before = account()
    const plan = planFor(fileOf([`inline:mlflow-access@${ref.text}`], [ref]), before)
    const word = `${kind[0]?.toUpperCase()}${kind.slice(1)}`
    expect(plan.operations.map(({ action, principal }) => [action, principal])).toEqual([
      ['CreatePolicy', undefined],
      [`Attach${word}Policy`, arn],
      [`Delete${word}Policy`, arn],
    ])
    const last = plan.operations.at(-1)
    expect(last).toMatchObject({
      input: { [`${word}Name`]: name, PolicyName: 'mlflow-access' },
      risk: 'removes',
    })
    expect(last?.inverse).toEqual([
      {
        action: `Put${word}Policy`,
        input: { [`${word}Name`]: name, PolicyName: 'mlflow-access', PolicyDocument: byHand },
      },
    ])
    expect(agreementOf(plan).confirm).toBe(true)
    const after = projectPlan(before, plan.operations)
    const inlineOf = (snapshot: Snapshot) =>
      [...snapshot.users, ...snapshot.groups, ...snapshot.roles].map((each) => [each.arn, each.inline])
    // Nothing else of anybody's changes: not the policy of that name on others, not the managed one, not its neighbours.
    const expected = inlineOf(before).map(([holder, inline]) =>
      holder === arn && Array.isArray(inline)
        ? [holder, inline.filter((policy) => policy.name !== 'mlflow-access')]
        : [holder, inline],
    )
    expect(inlineOf(after)).toEqual(expected)
    expect(after.policies.find((each) => each.arn === policyArn('mlflow-access'))).toEqual(before.policies[0])
    expect(inlineOf(projectPlan(after, last?.inverse ?? []))).toEqual(
      inlineOf(before).map(([holder, inline]) => [
        holder,
        holder === arn && Array.isArray(inline) ? [...inline].reverse() : inline,
      ]),
    )
  },
)

test('what the grants do not give is named, and afterwards nothing of the policy is access from elsewhere', () => {
  const file = fileOf(['inline:mlflow-access@user/ana', 'inline:other-jobs@user/ana'])
  const plan = planFor(file)
  const loses = messages(plan, 'adopt-loses')
  expect(loses).toHaveLength(2)
  expect(loses[0]).toMatch(/^ana gives up its inline policy mlflow-access, and .* on ml-dev; .* on ml-prod;/u)
  expect(loses[0]).toContain('s3:GetObject on *')
  expect(loses[0]).toContain('MLflow on every other server that * covers')
  const done = projectPlan(account(), plan.operations)
  const rows = evaluateAccess(done, { principals: [userArn('ana')], name: 'ml-platform', now })
  expect(rows.flatMap(({ elsewhere }) => elsewhere)).toEqual([])
  expect(planFor(file, done).operations).toEqual([])
  expect(messages(planFor(file, done), 'adopted-policy-gone')).toHaveLength(2)
})

test('a policy that the grants replace whole is given up without a loss; one that cannot be read is a loss', () => {
  const narrow = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 'sagemaker-mlflow:GetRun',
      Resource: 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-dev',
    },
  }
  const snapshot = account({ users: { ana: { inline: { narrow, odd: 'not JSON' } } } })
  expect(messages(planFor(fileOf(['inline:narrow@user/ana']), snapshot), 'adopt-loses-nothing')).toEqual([
    'ana gives up its inline policy narrow, and the grants give all that it allowed.',
  ])
  expect(messages(planFor(fileOf(['inline:odd@user/ana']), snapshot), 'adopt-loses')).toEqual([
    expect.stringContaining('what it says, which cannot be read'),
  ])
})

test('whoever the file does not list keeps it, with prune too, and a finding says so', () => {
  for (const prune of [false, true]) {
    const plan = planFor(fileOf(['inline:mlflow-access@role/teams/ds-shared']), account(), prune)
    expect(plan.operations.map(({ action }) => action)).toEqual(['CreatePolicy', 'AttachUserPolicy'])
    expect(messages(plan, 'adopted-still-held')).toEqual([
      'The inline policy mlflow-access stays with role ds-shared, which the file does not list.',
    ])
  }
})

test.each([
  ['inline:mlflow-acces@user/ana', 'Did you mean inline:mlflow-access@user/ana?'],
  ['inline:mlflow-access@user/anna', 'Did you mean user/ana?'],
  ['inline:mlflow-access@role/other/ds-shared', 'Say inline:mlflow-access@role/ds-shared.'],
  [
    'inline:mlflow-access@arn:aws:iam::123456789012:role/ds-shared',
    'Say inline:mlflow-access@role/ds-shared.',
  ],
])('%s is a slip, with a suggestion', (text, fix) => {
  expect(() => planFor(fileOf([text]))).toThrow(
    expect.objectContaining({ exit: 3, fix: [expect.stringContaining(fix)] }),
  )
})

test('a name alone means a managed policy; where only inline ones have it, it is asked whose', () => {
  const plan = planFor(fileOf(['mlflow-access']))
  expect(plan.target.adopted).toEqual([policyArn('mlflow-access')])
  expect(plan.operations.map(({ action }) => action)).not.toContain('DeleteUserPolicy')
  expect(() => planFor(fileOf(['mlflow-access']), account({ policies: {} }))).toThrow(
    expect.objectContaining({
      exit: 3,
      fix: ['Say whose it is: inline:mlflow-access@user/ana, and a line for each other.'],
    }),
  )
})

test('a policy or holder that is gone is a remark, and so is everything offline', () => {
  for (const text of ['inline:long-ago@user/ana', 'inline:mlflow-access@role/of-long-ago']) {
    const plan = planFor(fileOf([text]))
    expect(messages(plan, 'adopted-policy-gone')).toEqual([
      `There is no policy ${text} any more. It is adopted already, or was never there; the line can go.`,
    ])
  }
  const offline = fileOf(['inline:mlflow-access@user/anna'])
  expect(messages(planFor(offline, assumeAccount(offline, now)), 'adopted-policy-gone')).toEqual([
    expect.stringContaining('Offline no policies are known'),
  ])
})

test('a profile that is split does not get the adopted inline policy carried over, whatever its size', () => {
  const large = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${'b'.repeat(7000)}/*` }],
  })
  const snapshot = studioAccount({ roles: { 'eve-only': { inline: { large, kept: byHand } } } })
  const file = (adopt: readonly string[], to: readonly PrincipalRef[] = [profileRef('eve')]) =>
    grantsFile({
      servers: [server('ml-dev')],
      grants: [grant(0, to, ['viewer'], ['ml-dev'])],
      split: [{ profile: 'profile/d-abc123/eve' }],
      adopt,
    })
  expect(() => planFor(file([]), snapshot)).toThrow('large of role eve-only cannot be carried over')
  const plan = planFor(file(['inline:large@role/eve-only']), snapshot)
  expect(plan.target.policies.filter(({ name }) => name.includes('carried'))).toHaveLength(1)
  expect(plan.operations.map(({ action }) => action)).not.toContain('DeleteRolePolicy')
  expect(messages(plan, 'adopt-loses')).toEqual([
    expect.stringMatching(
      /^profile d-abc123\/eve gives up the inline policy large of eve-only, .*s3:PutObject/u,
    ),
  ])
  // Listed as well, the shared role loses it too, and only after the profile has moved.
  const both = planFor(file(['inline:large@role/eve-only'], [profileRef('eve'), role('eve-only')]), snapshot)
  const actions = both.operations.map(({ action }) => action)
  expect(actions.indexOf('DeleteRolePolicy')).toBeGreaterThan(actions.indexOf('UpdateUserProfile'))
  expect(both.operations.at(-1)?.principal).toBe(roleArn('eve-only'))
  expect(planFor(file([]), projectPlan(snapshot, plan.operations)).operations).toEqual([])
})
