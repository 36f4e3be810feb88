import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appArn, now, roleArn, serverArn, smallAccount, userArn } from '../../test/accounts/small-account.ts'
import { mlflowActions } from '../catalog/actions.ts'
import { mlflowFunctions } from '../catalog/functions.ts'
import { parseGrants } from '../grants/parse-grants.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import { Problem } from '../problem.ts'
import denials from './cases/denials.json' with { type: 'json' }
import { decide } from './decide.ts'
import { describeAccess } from './describe-access.ts'
import { evaluateAccess } from './evaluate-access.ts'
import { explain } from './explain.ts'
import { readDenial } from './read-denial.ts'

const ask = (query: string) => explain(query, undefined, { now })

test('an action is answered from the reference data alone', () => {
  expect(ask('LogMetric')).toEqual({
    query: 'LogMetric',
    kind: 'action',
    needs: { actions: ['LogMetric'], s3: [] },
    holders: [],
    grant: 'grants:\n  - to: user/NAME\n    add: [LogMetric]\n    on: SERVER\n',
  })
  expect(ask('sagemaker-mlflow:logmodel').needs).toEqual({ actions: ['LogModel'], s3: ['write'] })
  expect(ask('sagemaker:DescribeMlflowTrackingServer').grant).toContain('add: [AccessUI]')
  expect(ask('sagemaker:CreateMlflowTrackingServer').grant).toContain('persona: server-operator')
})

test('a function needs the union over client versions and call forms', () => {
  const { kind, needs } = ask('mlflow.log_model')
  expect(kind).toBe('function')
  expect(needs.actions).toEqual(
    expect.arrayContaining(['LogModel', 'FinalizeLoggedModel', 'LogOutputs', 'GetLoggedModel']),
  )
  expect(needs.s3).toContain('write')
})

test('a person gets a persona with the UI, a role the smallest', () => {
  const persona = (query: string, principal?: string) =>
    /persona: (.*)/.exec(
      explain(query, undefined, { now, principals: principal ? [principal] : [] }).grant,
    )?.[1]
  const put = 'An error occurred (AccessDenied) when calling the PutObject operation: Access Denied'
  const get = put.replace('Put', 'Get')
  for (const person of [undefined, userArn('ana')]) {
    expect(persona('mlflow.log_model', person)).toBe('data-scientist')
    expect(persona(put, person)).toBe('data-scientist')
    expect(persona(get, person)).toBe('viewer')
  }
  expect(persona('mlflow.log_model', roleArn('ds'))).toBe('training-job')
  expect(persona(put, roleArn('ds'))).toBe('trace-writer')
  expect(persona(get, roleArn('ds'))).toBe('model-consumer')
  // What no persona with the UI holds is not refused for that.
  expect(persona('sagemaker:CreateMlflowTrackingServer', userArn('ana'))).toBe('server-operator')
})

test('a function that needs nothing gets no grant, and what is on record about it', () => {
  expect(ask('mlflow.models.set_model')).toMatchObject({
    grant: '',
    note: expect.stringContaining('no remote call'),
  })
  expect(ask('mlflow.log_feedback').note).toContain('Not available with the MLflow versions')
  expect(ask('mlflow.log_metric')).not.toHaveProperty('note')
})

test('what is none of the three is refused with the nearest name', () => {
  expect(() => ask('mlflow.log_metrik')).toThrow(Problem)
  expect(() => ask('mlflow.log_metrik')).toThrow(/is not known/)
})

test.each(denials)('$name', ({ text, expected }) => {
  expect(readDenial(text)).toEqual(expected)
})

test('text that is no denial is not taken for one, and hostile text ends quickly', () => {
  for (const text of ['', 'LogMetric', 'PERMISSION_DENIED', 'not authorized to perform: ', '\\u00'])
    expect(readDenial(text)).toBeUndefined()
  fc.assert(fc.property(fc.string(), (text) => void readDenial(`not authorized to perform: ${text}`)))
  readDenial('not authorized to perform:'.repeat(200_000))
  readDenial(`User: arn:${':'.repeat(1_000_000)}`)
  readDenial(' '.repeat(1_000_000))
})

const message = (reason: string) =>
  `User: ${'arn:aws:sts::123456789012:assumed-role/ds/SageMaker'} is not authorized to perform: sagemaker-mlflow:LogMetric on resource: ${serverArn('ml-prod')} ${reason}`

test('a denial names the role behind a session, and the grant that would help it', () => {
  const answer = ask(message('because no identity-based policy allows the sagemaker-mlflow:LogMetric action'))
  expect(answer.denial).toMatchObject({ principal: roleArn('ds'), reason: 'no-identity-policy' })
  expect(answer.grant).toBe('grants:\n  - to: role/ds\n    add: [LogMetric]\n    on: ml-prod\n')
})

test('the role of a denied session is found in the account whatever its path', () => {
  const snapshot = smallAccount({ roles: { ds: { path: '/teams/' } } })
  const answer = explain(message('because no identity-based policy allows the action'), snapshot, { now })
  expect(answer.holders.map((one) => one.principal)).toEqual([roleArn('teams/ds')])
  expect(answer.grant).toContain('- to: role/teams/ds')
})

test('no grant is offered against a deny', () => {
  for (const reason of [
    'with an explicit deny in a service control policy',
    'because no permissions boundary allows the action',
    'with an explicit deny in an identity-based policy',
  ]) {
    expect(ask(message(reason)).grant).toBe('')
  }
})

const allow = (Action: unknown, Resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Yes', Effect: 'Allow', Action, Resource }],
})

test('holders are those who have all of it, with the statement; named principals are answered anyway', () => {
  const snapshot = smallAccount({
    users: {
      ana: { inline: { p: allow(['sagemaker-mlflow:*']) } },
      ben: { inline: { p: allow('sagemaker-mlflow:LogBatch', serverArn('ml-dev')) } },
    },
    apps: ['app-1'],
    roles: { ds: { inline: { full: allow('sagemaker:*') } } },
  })
  const { holders } = explain('LogBatch', snapshot, { now })
  expect(holders.map((one) => `${one.principal} ${one.server}`)).toEqual([
    `${userArn('ana')} ${serverArn('ml-dev')}`,
    `${userArn('ana')} ${serverArn('ml-prod')}`,
    `${userArn('ben')} ${serverArn('ml-dev')}`,
    `${roleArn('ds')} ${appArn('app-1')}`,
  ])
  expect(holders[0]).toMatchObject({
    decision: 'allowed',
    policy: `inline:p@${userArn('ana')}`,
    statement: 'Yes',
  })
  const ben = explain('LogBatch', snapshot, {
    now,
    principals: [userArn('ben')],
    servers: [serverArn('ml-prod')],
  })
  expect(ben.holders).toEqual([
    {
      principal: userArn('ben'),
      server: serverArn('ml-prod'),
      decision: 'implicit-deny',
      policy: null,
      statement: null,
    },
  ])
})

test('an S3 denial is looked up where the artifacts of a server lie', () => {
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::ml-prod-mlflow/art/*' }],
  }
  const snapshot = smallAccount({ users: { ana: { inline: { s3: document } } } })
  const servers = snapshot.servers.map((server) => ({
    ...server,
    artifacts: `s3://${server.name}-mlflow/art`,
  }))
  const { needs, holders, grant } = explain(
    'An error occurred (AccessDenied) when calling the PutObject operation: Access Denied',
    { ...snapshot, servers },
    { now },
  )
  expect(needs).toEqual({ actions: [], s3: ['write'] })
  expect(holders.map((one) => one.server)).toEqual([serverArn('ml-prod')])
  expect(grant).toContain('persona: data-scientist')
})

test('the smallest grant of any action or function really gives what it needs', () => {
  const before = smallAccount({ users: { ana: {} } })
  const queries = [
    ...mlflowActions.map((action) => action.name),
    ...new Set(mlflowFunctions().map((entry) => entry.name)),
  ]
  for (const query of queries) {
    const { needs, grant } = explain(query, undefined, {
      now,
      principals: [userArn('ana')],
      servers: [serverArn('ml-prod')],
    })
    if (grant === '') {
      expect(
        needs.actions.filter((action) => !action.includes(':')),
        query,
      ).toEqual([])
      continue
    }
    const header =
      'version: 1\nname: team\naccount: "123456789012"\nregion: eu-west-1\nservers:\n  ml-prod: { artifacts: s3://ml-prod-mlflow/art }\n'
    const file = parseGrants(header + grant, 'grants.yaml')
    const after = projectPlan(before, buildPlan({ file, snapshot: before, prune: false, now }).operations)
    const [row] = evaluateAccess(after, {
      principals: [userArn('ana')],
      servers: [serverArn('ml-prod')],
      now,
    })
    expect(row?.allowed, query).toEqual(
      expect.arrayContaining(needs.actions.filter((action) => !action.includes(':'))),
    )
  }
})

const appActions = [
  'sagemaker:CallMlflowAppApi',
  ...['CreatePresignedMlflowAppUrl', 'DescribeMlflowApp', 'ListMlflowApps'].map(
    (name) => `sagemaker:${name}`,
  ),
]

test.each(appActions)(
  '%s counts on Apps alone, and its grant gives it there, whatever server was named',
  (action) => {
    const account = smallAccount({
      users: { root: { inline: { all: allow('*') } }, ana: {} },
      apps: ['app-1'],
    })
    const { holders } = explain(action, account, { now })
    expect(holders.map(({ principal, server }) => `${principal} ${server}`)).toEqual([
      `${userArn('root')} ${appArn('app-1')}`,
    ])
    const principals = [userArn('root')]
    const wrong = explain(action, account, { now, principals, servers: [serverArn('ml-dev')] })
    expect(wrong.holders).toMatchObject([{ decision: 'implicit-deny', policy: null }])
    for (const servers of [[appArn('app-1')], [serverArn('ml-dev')], undefined]) {
      const { grant } = explain(action, undefined, {
        now,
        principals: [userArn('ana')],
        ...(servers ? { servers } : {}),
      })
      expect(grant).not.toContain('GetRun')
      const text = `version: 1\nname: team\naccount: "123456789012"\nregion: eu-west-1\n${grant.replace('ARN-OF-THE-APP', appArn('app-1'))}`
      const file = parseGrants(text, 'grants.yaml')
      const after = projectPlan(account, buildPlan({ file, snapshot: account, prune: false, now }).operations)
      const asked = { principal: userArn('ana'), action, resource: appArn('app-1'), now }
      expect(decide(after, asked).outcome, grant).toBe('allowed')
    }
  },
)

test('an action of tracking servers counts on those alone', () => {
  const account = smallAccount({ users: { root: { inline: { all: allow('*') } } }, apps: ['app-1'] })
  const { holders } = explain('sagemaker:DescribeMlflowTrackingServer', account, { now })
  expect(holders.map(({ server }) => server)).toEqual([serverArn('ml-dev'), serverArn('ml-prod')])
  const open = allow('sagemaker:CreatePresignedMlflowAppUrl', appArn('app-1'))
  const opener = smallAccount({ users: { ana: { inline: { open } } }, apps: ['app-1'] })
  const either = explain('sagemaker_mlflow.presigned_url.get_presigned_url', opener, { now })
  expect(either.holders).toMatchObject([{ server: appArn('app-1'), decision: 'allowed' }])
  const ofApp = explain('sagemaker:DescribeMlflowTrackingServer', account, {
    now,
    servers: [appArn('app-1')],
  })
  expect(ofApp).toMatchObject({ holders: [], grant: expect.stringContaining('on: SERVER') })
})

test.each([
  [[], 'none'],
  [['CallMlflowAppApi'], 'full access'],
  [['AccessUI'], 'UI alone'],
  [['GetRun'], '1 action'],
  [['GetRun', 'DeleteRun', 'LogParam'], '3 actions'],
] as const)('%j is described as %s', (allowed, words) => {
  expect(describeAccess({ allowed })).toBe(words)
})

test('personas with exceptions are said so, and wider sets are more than a persona', () => {
  const of = (persona: string, add: readonly string[] = [], remove: readonly string[] = []) => {
    const file = `version: 1\nname: t\naccount: "123456789012"\nregion: eu-west-1\nservers: { ml-prod: { artifacts: s3://ml-prod-mlflow/art } }\ngrants:\n  - { to: user/ana, persona: ${persona}, on: ml-prod, add: [${add}], remove: [${remove}] }\n`
    const before = smallAccount({ users: { ana: {} } })
    const plan = buildPlan({ file: parseGrants(file, 'g'), snapshot: before, prune: false, now })
    const [row] = evaluateAccess(projectPlan(before, plan.operations), {
      principals: [userArn('ana')],
      servers: [serverArn('ml-prod')],
      now,
    })
    return describeAccess(row ?? { allowed: [] })
  }
  expect(of('data-scientist')).toBe('data-scientist')
  expect(of('data-scientist', ['DeleteRun'], ['CreateRegisteredModel', 'CreateModelVersion'])).toBe(
    'data-scientist +1 -2',
  )
  expect(of('use-mlflow')).toBe('mlops-admin')
  expect(
    of('viewer', [
      'DeleteRun',
      'DeleteTraces',
      'DeleteExperiment',
      'DeleteModelVersion',
      'DeleteTag',
      'RestoreRun',
    ]),
  ).toBe('more than viewer')
})
