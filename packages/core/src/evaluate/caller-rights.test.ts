import fc from 'fast-check'
import { expect, test } from 'vitest'
import { policyArn, roleArn, smallAccount, userArn } from '../../test/accounts/small-account.ts'
import { everyAction } from '../../test/plans/every-action.ts'
import { planArbitrary } from '../../test/plans/generate-plan.ts'
import { makePlan } from '../../test/plans/make-plan.ts'
import { runnerPolicy } from '../export/runner-policy.ts'
import type { Plan } from '../plan/plan.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { callerMay } from './caller-may.ts'
import { callerRights } from './caller-rights.ts'

const session = 'arn:aws:sts::123456789012:assumed-role/runner/night'
const everything = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource, ...more }],
})

/** The account as the session of a role with these documents sees it. */
function seenBy(...documents: readonly object[]): Snapshot {
  const inline = Object.fromEntries(documents.map((document, index) => [`p${index}`, document]))
  return smallAccount({ roles: { runner: { inline } }, rest: { caller: session } })
}

function statesOf(plan: Plan, snapshot: Snapshot): readonly string[] {
  return [...new Set(callerRights(plan, snapshot).rights.map(({ state }) => state))].sort()
}

const create = { action: 'iam:CreatePolicy', resource: policyArn('/mlflow-iam/team/viewer') } as const

test('who holds the least policy of a plan may send every request of it, whatever the plan', () => {
  fc.assert(
    fc.property(planArbitrary, (plan) => {
      expect(statesOf(plan, seenBy(runnerPolicy(plan))).filter((state) => state !== 'allowed')).toEqual([])
    }),
    { numRuns: 50 },
  )
})

test('every action that is taken out of that policy is the one that is missing', () => {
  const policy = runnerPolicy(everyAction)
  const needed = new Set(callerRights(everyAction, seenBy(policy)).rights.map(({ action }) => action))
  expect(needed).toContain('iam:PassRole')
  expect(needed).toContain('iam:TagPolicy')
  for (const action of needed) {
    const less = JSON.parse(JSON.stringify(policy), (_, value) => (value === action ? 'iam:GetUser' : value))
    const denied = callerRights(everyAction, seenBy(less)).rights.filter(({ state }) => state === 'denied')
    expect([...new Set(denied.map((right) => right.action))]).toEqual([action])
    expect(denied[0]).toMatchObject({ why: 'no policy of role runner allows it' })
  }
})

test('each action and resource stands once, with the worst that any request meets there', () => {
  const { rights, requests, caller } = callerRights(everyAction, seenBy(everything))
  const keys = rights.map(({ action, resource }) => `${action} ${resource}`)
  expect(new Set(keys).size).toBe(keys.length)
  expect({ requests, caller }).toEqual({ requests: everyAction.operations.length, caller: session })
  expect(callerRights(makePlan([]), seenBy())).toEqual({ caller: session, requests: 0, rights: [] })
})

const cases: readonly [string, Snapshot, string, string?][] = [
  ['a session of an administrator', seenBy(everything), 'allowed'],
  ['the root user', smallAccount({ rest: { caller: 'arn:aws:iam::123456789012:root' } }), 'allowed'],
  [
    'a user',
    smallAccount({ users: { ana: { inline: { a: everything } } }, rest: { caller: userArn('ana') } }),
    'allowed',
  ],
  [
    'a user by its group',
    smallAccount({
      users: { ana: { groups: ['admins'] } },
      groups: { admins: { inline: { a: everything } } },
      rest: { caller: userArn('ana') },
    }),
    'allowed',
  ],
  ['a role with nothing', seenBy(), 'denied', 'no policy of role runner allows it'],
  [
    'an explicit deny',
    seenBy(everything, { Statement: { Sid: 'No', Effect: 'Deny', Action: 'iam:*', Resource: '*' } }),
    'denied',
    `inline:p1@${roleArn('runner')} denies it to role runner (statement No)`,
  ],
  [
    'a boundary that leaves it out',
    smallAccount({
      roles: { runner: { inline: { a: everything }, boundary: policyArn('limit') } },
      policies: { limit: allow('s3:*', '*') },
      rest: { caller: session },
    }),
    'denied',
    `the permissions boundary ${policyArn('limit')} of role runner does not allow it`,
  ],
  [
    'a boundary that was not read',
    smallAccount({
      roles: { runner: { inline: { a: everything }, boundary: policyArn('gone') } },
      rest: { caller: session },
    }),
    'unknown',
    `it hangs on ${policyArn('gone')}`,
  ],
  [
    'a policy that was not read',
    smallAccount({ roles: { runner: { attached: [policyArn('gone')] } }, rest: { caller: session } }),
    'unknown',
    `${policyArn('gone')} was not read`,
  ],
  [
    'a policy that was not read, beside one that allows',
    smallAccount({
      roles: { runner: { inline: { a: everything }, attached: [policyArn('gone')] } },
      rest: { caller: session },
    }),
    'unknown',
    `${policyArn('gone')} was not read`,
  ],
  [
    'a group that was not read',
    smallAccount({ users: { ana: { groups: ['admins'] } }, rest: { caller: userArn('ana') } }),
    'unknown',
    'group admins was not read',
  ],
  [
    'a document that is none',
    smallAccount({ roles: { runner: { inline: { odd: 'no JSON' } } }, rest: { caller: session } }),
    'unknown',
    `inline:odd@${roleArn('runner')} cannot be read: it is not JSON`,
  ],
  [
    'a condition that hangs on where the call comes from',
    seenBy(allow('*', '*', { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } })),
    'unknown',
    'it hangs on aws:SourceIp',
  ],
  [
    'a federated user',
    smallAccount({ rest: { caller: 'arn:aws:sts::123456789012:federated-user/ana' } }),
    'unknown',
    'the policies of federated-user/ana are not among what was read',
  ],
  [
    'a role that is gone',
    smallAccount({ rest: { caller: session } }),
    'unknown',
    'the policies of assumed-role/runner/night are not among what was read',
  ],
  ['nobody', smallAccount({}), 'unknown', 'nobody is known to have read the account'],
]
test.each(cases)('%s', (_title, snapshot, state, why) => {
  expect(callerMay(snapshot)(create)).toMatchObject(why === undefined ? { state } : { state, why })
})

test('the role of a permission set is a role as any other', () => {
  const role = 'AWSReservedSSO_Admin_0123456789abcdef'
  const path = '/aws-reserved/sso.amazonaws.com/'
  const caller = `arn:aws:sts::123456789012:assumed-role/${role}/ana`
  const snapshot = smallAccount({ roles: { [role]: { path, inline: { a: everything } } }, rest: { caller } })
  expect(callerMay(snapshot)(create)).toEqual({ state: 'allowed' })
})

test('conditions on the request are known: the policy that is attached, its tags, the boundary, the Region of IAM', () => {
  const plan = everyAction
  const denied = (Condition: object, effect = 'Allow') => {
    const statement = { Effect: effect, Action: 'iam:*', Resource: '*', Condition }
    const document = { Version: '2012-10-17', Statement: [statement] }
    const { rights } = callerRights(
      plan,
      seenBy(...(effect === 'Deny' ? [everything, document] : [document])),
    )
    return new Set(rights.flatMap(({ action, state }) => (state === 'denied' ? [action] : [])))
  }
  expect(denied({ ArnEquals: { 'iam:PolicyARN': policyArn('other') } })).toContain('iam:AttachUserPolicy')
  expect(denied({ StringEquals: { 'aws:RequestTag/managed-by': 'somebody' } })).toContain('iam:CreatePolicy')
  expect(denied({ StringEquals: { 'iam:PermissionsBoundary': policyArn('limit') } })).toContain(
    'iam:CreateRole',
  )
  const elsewhere = { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } }
  expect(denied(elsewhere, 'Deny')).toContain('iam:CreatePolicy')
})

test('a permission set whose accounts were not read leaves it open which ones count', () => {
  const { rights } = callerRights(everyAction, seenBy(everything))
  const account = rights.find(({ resource }) => resource.includes(':sso:::account/'))
  expect(account).toEqual({
    action: 'sso:ProvisionPermissionSet',
    resource: 'arn:aws:sso:::account/*',
    state: 'unknown',
    why: 'which accounts it reaches was not read',
  })
})
