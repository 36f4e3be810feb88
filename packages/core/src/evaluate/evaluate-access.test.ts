import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  appArn,
  groupArn,
  now,
  policyArn,
  roleArn,
  serverArn,
  smallAccount,
  userArn,
} from '../../test/accounts/small-account.ts'
import { mlflowActions } from '../catalog/actions.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { decide } from './decide.ts'
import { evaluateAccess } from './evaluate-access.ts'

const allow = (
  actions: string | readonly string[],
  resource: string | readonly string[] = '*',
  more: object = {},
) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: resource, ...more }],
})

function rowOf(snapshot: Snapshot, principal: string, server = serverArn('ml-prod'), name?: string) {
  const rows = evaluateAccess(snapshot, {
    principals: [principal],
    servers: [server],
    now,
    ...(name ? { name } : {}),
  })
  return rows[0]
}

test('there is a row for every user, group and role on every server and App', () => {
  const snapshot = smallAccount({
    users: { ana: {} },
    groups: { team: {} },
    roles: { ds: {} },
    apps: ['app-1'],
  })
  const rows = evaluateAccess(snapshot, { now })
  expect(rows.map((row) => `${row.principal} ${row.server}`)).toEqual(
    [userArn('ana'), groupArn('team'), roleArn('ds')].flatMap((principal) =>
      [serverArn('ml-dev'), serverArn('ml-prod'), appArn('app-1')].map((server) => `${principal} ${server}`),
    ),
  )
  expect(rows[0]).toMatchObject({ allowed: [], denied: [], depends: [], elsewhere: [] })
})

test('AccessUI is listed on each server for whoever holds it in the account, and on no App', () => {
  const ui = allow('sagemaker-mlflow:AccessUI')
  const snapshot = smallAccount({ users: { ana: { inline: { ui } } }, apps: ['app-1'] })
  expect(rowOf(snapshot, userArn('ana'), serverArn('ml-dev'))?.allowed).toEqual(['AccessUI'])
  expect(rowOf(snapshot, userArn('ana'))?.allowed).toEqual(['AccessUI'])
  expect(rowOf(snapshot, userArn('ana'), appArn('app-1'))?.allowed).toEqual([])
})

test('an App has one action', () => {
  const snapshot = smallAccount({
    roles: { ds: { inline: { full: allow('sagemaker:*') } } },
    apps: ['app-1'],
  })
  expect(rowOf(snapshot, roleArn('ds'), appArn('app-1'))?.allowed).toEqual(['CallMlflowAppApi'])
  expect(rowOf(snapshot, roleArn('ds'))?.allowed).toEqual([])
})

test('what foreign policies give is told apart, with the holder of an inline policy', () => {
  const own = policyArn('/mlflow-iam/team/mlflow-iam-viewer-1')
  const snapshot = smallAccount({
    users: { ana: { attached: [own, policyArn('legacy')], groups: ['lab'] } },
    groups: { lab: { inline: { extra: allow('sagemaker-mlflow:LogParam') } } },
    policies: {
      '/mlflow-iam/team/mlflow-iam-viewer-1': allow('sagemaker-mlflow:GetRun'),
      legacy: allow(['sagemaker-mlflow:LogMetric', 'sagemaker-mlflow:GetRun']),
    },
  })
  const row = rowOf(snapshot, userArn('ana'), serverArn('ml-prod'), 'team')
  expect(row?.allowed).toEqual(['GetRun', 'LogMetric', 'LogParam'])
  expect(row?.elsewhere).toEqual([
    { policy: policyArn('legacy'), actions: ['GetRun', 'LogMetric'] },
    { policy: `inline:extra@${groupArn('lab')}`, actions: ['LogParam'] },
  ])
  const others = rowOf(snapshot, userArn('ana'), serverArn('ml-prod'), 'other-team')?.elsewhere
  expect(others?.map((one) => one.policy)).toContain(own)
  expect(rowOf(snapshot, userArn('ana'))?.elsewhere.map((one) => one.policy)).not.toContain(own)
})

test('denied lists what is allowed and then taken away, by a deny or by the boundary', () => {
  const limited = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['sagemaker-mlflow:GetRun', 'sagemaker-mlflow:DeleteRun'], Resource: '*' },
      { Effect: 'Deny', Action: ['sagemaker-mlflow:DeleteRun', 'sagemaker-mlflow:DeleteTag'], Resource: '*' },
    ],
  }
  const boundary = policyArn('limit')
  const snapshot = smallAccount({
    users: { ana: { inline: { limited } }, ben: { inline: { limited }, boundary } },
    policies: { limit: allow('s3:*') },
  })
  expect(rowOf(snapshot, userArn('ana'))).toMatchObject({ allowed: ['GetRun'], denied: ['DeleteRun'] })
  expect(rowOf(snapshot, userArn('ben'))).toMatchObject({ allowed: [], denied: ['DeleteRun', 'GetRun'] })
})

test('what hangs on an unknown key is neither allowed nor denied', () => {
  const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
  const snapshot = smallAccount({
    users: { ana: { inline: { mfa: allow('sagemaker-mlflow:GetRun', '*', mfa) } } },
  })
  const keys = ['aws:MultiFactorAuthPresent']
  expect(rowOf(snapshot, userArn('ana'))).toMatchObject({
    allowed: [],
    denied: [],
    depends: [{ action: 'GetRun', keys }],
  })
  const context = { 'aws:MultiFactorAuthPresent': ['true'] }
  const [row] = evaluateAccess(snapshot, { principals: [userArn('ana')], now, context })
  expect(row?.allowed).toEqual(['GetRun'])
})

test('an unknown key in a Deny makes an allow uncertain', () => {
  const document = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sagemaker-mlflow:Get*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 'sagemaker-mlflow:GetRun',
        Resource: '*',
        Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      },
    ],
  }
  const row = rowOf(smallAccount({ users: { ana: { inline: { document } } } }), userArn('ana'))
  expect(row?.depends).toEqual([{ action: 'GetRun', keys: ['aws:SourceIp'] }])
  expect(row?.allowed).toContain('GetExperiment')
})

test('principals that share a policy with variables still get their own answers', () => {
  const own = allow(
    'sagemaker-mlflow:GetRun',
    `arn:aws:sagemaker:*:*:mlflow-tracking-server/\${aws:username}`,
  )
  const snapshot = smallAccount({
    users: { ana: { attached: [policyArn('own')] }, ben: { attached: [policyArn('own')] } },
    policies: { own },
    servers: { ana: {}, ben: {} },
  })
  const rows = evaluateAccess(snapshot, { now }).filter((row) => row.allowed.length > 0)
  expect(rows.map((row) => [row.principal, row.server])).toEqual([
    [userArn('ana'), serverArn('ana')],
    [userArn('ben'), serverArn('ben')],
  ])
})

test('a user and a role that share a policy about sessions still get their own answers', () => {
  const since = { Condition: { DateGreaterThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } } }
  const snapshot = smallAccount({
    users: { ana: { attached: [policyArn('sessions')] } },
    roles: { ds: { attached: [policyArn('sessions')] } },
    policies: { sessions: allow('sagemaker-mlflow:GetRun', '*', since) },
  })
  const rows = evaluateAccess(snapshot, { servers: [serverArn('ml-prod')], now })
  expect(rows.map((row) => row.allowed)).toEqual([[], ['GetRun']])
})

test('a permission set is answered from its own policies when it is named', () => {
  const arn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
  const set = {
    arn,
    instanceArn: 'arn:aws:sso:::instance/ssoins-1',
    name: 'MLScientist',
    inlinePolicy: JSON.stringify(allow('sagemaker-mlflow:GetRun')),
    managedPolicies: [],
    customerManaged: [{ name: 'more', path: '/' }],
    accounts: ['123456789012'],
  }
  const snapshot = smallAccount({
    policies: { more: allow('sagemaker-mlflow:LogParam') },
    rest: { permissionSets: [set] },
  })
  expect(rowOf(snapshot, arn)?.allowed).toEqual(['GetRun', 'LogParam'])
})

const actionPattern = fc.oneof(
  fc.constantFrom(
    '*',
    'sagemaker-mlflow:*',
    'sagemaker-mlflow:Get*',
    'SAGEMAKER-MLFLOW:Log*',
    'sagemaker-mlflow:?elete*',
  ),
  fc.constantFrom(...mlflowActions.map((action) => action.name)),
)
const resourcePattern = fc.constantFrom(
  '*',
  serverArn('ml-dev'),
  serverArn('ml-*'),
  `arn:aws:sagemaker:*:*:mlflow-tracking-server/\${aws:username}`,
)
const condition = fc.constantFrom(
  undefined,
  { StringEquals: { 'aws:username': 'ana' } },
  { StringNotEquals: { 'aws:ResourceTag/env': 'prod' } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { StringEqualsIfExists: { 'aws:PrincipalTag/team': 'vision' } },
  { DateGreaterThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } },
)
const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    negative: fc.boolean(),
    actions: fc.array(actionPattern, { minLength: 1, maxLength: 4 }),
    Resource: resourcePattern,
    Condition: condition,
  })
  .map(({ negative, actions, Condition, ...rest }) => ({
    ...rest,
    [negative ? 'NotAction' : 'Action']: actions,
    ...(Condition ? { Condition } : {}),
  }))
const statements = fc.array(statement, { minLength: 1, maxLength: 5 })

function accountWith(own: readonly object[], boundary?: readonly object[]): Snapshot {
  const document = (Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
  return smallAccount({
    users: { ana: { inline: { own: document(own) }, ...(boundary ? { boundary: policyArn('limit') } : {}) } },
    policies: boundary ? { limit: document(boundary) } : {},
    servers: { 'ml-dev': { env: 'dev' }, ana: { env: 'prod' } },
  })
}

const rowsOf = (snapshot: Snapshot) => evaluateAccess(snapshot, { principals: [userArn('ana')], now })

test('rows of bits say what deciding one action at a time says', () => {
  fc.assert(
    fc.property(statements, fc.option(statements, { nil: undefined }), (own, boundary) => {
      const snapshot = accountWith(own, boundary)
      for (const row of rowsOf(snapshot)) {
        for (const { bare } of mlflowActions) {
          const decision = decide(snapshot, {
            principal: userArn('ana'),
            action: bare,
            resource: row.server,
            now,
          })
          expect(row.allowed.includes(bare), bare).toBe(decision.outcome === 'allowed')
          const depends = row.depends.find((one) => one.action === bare)
          expect(depends !== undefined, bare).toBe(decision.outcome === 'depends')
          if (depends) expect([...depends.keys].sort()).toEqual([...decision.keys].sort())
        }
      }
    }),
    { numRuns: 60 },
  )
})

test('principals that are asked about together are answered as when asked alone', () => {
  fc.assert(
    fc.property(statements, fc.option(statements, { nil: undefined }), (own, boundary) => {
      const document = (Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
      const holds = { attached: [policyArn('own')], ...(boundary ? { boundary: policyArn('limit') } : {}) }
      const parts = {
        users: { ana: holds, ben: { ...holds, tags: { team: 'vision' } } },
        groups: { team: { attached: [policyArn('own')] } },
        roles: { ana: holds, ds: { ...holds, tags: { team: 'vision' } } },
        policies: { own: document(own), limit: document(boundary ?? []) },
        servers: { 'ml-dev': { env: 'dev' }, ana: { env: 'prod' } },
      }
      const together = evaluateAccess(smallAccount(parts), { now })
      const alone = [...new Set(together.map((row) => row.principal))].flatMap((principal) =>
        evaluateAccess(smallAccount(parts), { principals: [principal], now }),
      )
      expect(together).toEqual(alone)
    }),
    { numRuns: 100 },
  )
})

test('a further Deny never allows more, and a further Allow never allows less', () => {
  fc.assert(
    fc.property(statements, statement, (own, more) => {
      const before = rowsOf(accountWith(own))
      const after = rowsOf(accountWith([...own, more]))
      for (const [index, row] of after.entries()) {
        const [less, most] = more.Effect === 'Deny' ? [row, before[index]] : [before[index], row]
        expect(most?.allowed).toEqual(expect.arrayContaining([...(less?.allowed ?? [])]))
      }
    }),
    { numRuns: 100 },
  )
})

test('the order of statements does not matter', () => {
  fc.assert(
    fc.property(statements, (own) => {
      const plain = (rows: ReturnType<typeof rowsOf>) =>
        rows.map(({ allowed, denied, depends }) => ({
          allowed,
          denied,
          depends: depends.map((one) => one.action),
        }))
      expect(plain(rowsOf(accountWith([...own].reverse())))).toEqual(plain(rowsOf(accountWith(own))))
    }),
    { numRuns: 100 },
  )
})

test('a boundary never allows more', () => {
  fc.assert(
    fc.property(statements, statements, (own, boundary) => {
      const free = rowsOf(accountWith(own))
      for (const [index, row] of rowsOf(accountWith(own, boundary)).entries()) {
        expect(free[index]?.allowed).toEqual(expect.arrayContaining([...row.allowed]))
      }
    }),
    { numRuns: 100 },
  )
})
