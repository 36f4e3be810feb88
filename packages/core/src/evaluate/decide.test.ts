import { expect, test } from 'vitest'
import {
  groupArn,
  now,
  roleArn,
  serverArn,
  smallAccount,
  userArn,
} from '../../test/accounts/small-account.ts'
import type { Outcome, RequestContext } from './access.ts'
import conditionCases from './cases/conditions.json' with { type: 'json' }
import elementCases from './cases/elements.json' with { type: 'json' }
import principalCases from './cases/principals.json' with { type: 'json' }
import { decide } from './decide.ts'

interface Case {
  readonly name: string
  readonly source: string
  readonly outcome: Outcome
  readonly action?: string
  readonly statement?: string
  readonly keys?: readonly string[]
  readonly statements?: readonly object[]
  readonly boundary?: readonly object[]
  readonly group?: readonly object[]
  readonly condition?: object
  readonly version?: string
  readonly context?: RequestContext
  readonly principalTags?: Readonly<Record<string, string>>
  readonly principal?: 'user' | 'role' | 'group'
  readonly tagSession?: boolean
  readonly serverTags?: Readonly<Record<string, string>>
}

const boundaryArn = 'arn:aws:iam::123456789012:policy/boundary'

function answer(one: Case) {
  const document = (statements: readonly object[]) => ({
    Version: one.version ?? '2012-10-17',
    Statement: statements,
  })
  const conditional = { Effect: 'Allow', Action: '*', Resource: '*', Condition: one.condition }
  const own = document(one.statements ?? [conditional])
  const tags = one.principalTags ?? {}
  const boundary = one.boundary ? { boundary: boundaryArn } : {}
  const trust = { Action: one.tagSession ? ['sts:AssumeRole', 'sts:TagSession'] : 'sts:AssumeRole' }
  const snapshot = smallAccount({
    users: { ana: { inline: { own }, groups: one.group ? ['team'] : [], tags, ...boundary } },
    groups: { team: { inline: { team: document(one.group ?? []) } }, members: { inline: { own } } },
    roles: { ds: { inline: { own }, tags, trust, path: '/teams/', ...boundary } },
    policies: one.boundary ? { boundary: document(one.boundary) } : {},
    servers: { 'ml-prod': one.serverTags ?? {} },
  })
  const principals = { user: userArn('ana'), role: roleArn('teams/ds'), group: groupArn('members') }
  return decide(snapshot, {
    principal: principals[one.principal ?? 'user'],
    action: one.action ?? 'GetRun',
    resource: serverArn('ml-prod'),
    now,
    context: one.context ?? {},
  })
}

test.each(elementCases as readonly Case[])('$name ($source)', (one) => {
  const decision = answer(one)
  expect(decision.outcome).toBe(one.outcome)
  if (one.statement) expect(decision.statement).toBe(one.statement)
})

test.each(principalCases as readonly Case[])('$name ($source)', (one) => {
  const decision = answer(one)
  expect(decision.outcome).toBe(one.outcome)
  if (one.statement) expect(decision.statement).toBe(one.statement)
  if (one.keys) expect(decision.keys).toEqual(one.keys)
})

test.each(conditionCases as readonly Case[])('$name ($source)', (one) => {
  const decision = answer(one)
  expect(decision.outcome).toBe(one.outcome)
  if (one.keys) expect(decision.keys).toEqual(one.keys)
})

test('a decision names the managed policy, or the inline policy and its holder', () => {
  const allow = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
  const snapshot = smallAccount({
    users: { ana: { inline: { own: allow } }, ben: { attached: ['arn:aws:iam::123456789012:policy/all'] } },
    policies: { all: allow },
  })
  const ask = (name: string) =>
    decide(snapshot, { principal: userArn(name), action: 'GetRun', resource: serverArn('ml-dev'), now })
  expect(ask('ana')).toEqual({
    outcome: 'allowed',
    policy: `inline:own@${userArn('ana')}`,
    statement: '#1',
    keys: [],
  })
  expect(ask('ben').policy).toBe('arn:aws:iam::123456789012:policy/all')
})

test('a session of a role is judged as the role', () => {
  const allow = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
  const snapshot = smallAccount({ roles: { ds: { inline: { own: allow }, path: '/teams/' } } })
  const principal = 'arn:aws:sts::123456789012:assumed-role/ds/SageMaker'
  expect(decide(snapshot, { principal, action: 'GetRun', resource: serverArn('ml-dev'), now }).outcome).toBe(
    'allowed',
  )
})

test('a boundary that could not be read makes every allow depend on it', () => {
  const allow = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
  const snapshot = smallAccount({ users: { ana: { inline: { own: allow }, boundary: boundaryArn } } })
  const decision = decide(snapshot, {
    principal: userArn('ana'),
    action: 'GetRun',
    resource: serverArn('ml-dev'),
    now,
  })
  expect(decision).toMatchObject({ outcome: 'depends', keys: [boundaryArn] })
})

test('a server that the snapshot does not hold has unknown tags', () => {
  const condition = { StringEquals: { 'aws:ResourceTag/env': 'prod' } }
  const allow = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition },
  }
  const snapshot = smallAccount({ users: { ana: { inline: { own: allow } } } })
  const decision = decide(snapshot, {
    principal: userArn('ana'),
    action: 'GetRun',
    resource: serverArn('other'),
    now,
  })
  expect(decision).toMatchObject({ outcome: 'depends', keys: ['aws:ResourceTag/env'] })
})

test('tags that could not be read are not known, rather than absent', () => {
  const condition = { StringNotEquals: { 'aws:ResourceTag/env': 'prod' } }
  const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition }
  const users = { ana: { inline: { own: { Version: '2012-10-17', Statement: statement } } } }
  const part = { part: 'server-tags', action: 'sagemaker:ListTags', why: 'denied' }
  const ask = (unknown: (typeof part)[]) =>
    decide(smallAccount({ users, rest: { unknown } }), {
      principal: userArn('ana'),
      action: 'GetRun',
      resource: serverArn('ml-dev'),
      now,
    })
  expect(ask([]).outcome).toBe('allowed')
  expect(ask([part])).toMatchObject({ outcome: 'depends', keys: ['aws:ResourceTag/env'] })
})
