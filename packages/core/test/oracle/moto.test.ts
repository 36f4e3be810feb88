import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect } from 'vitest'
import { decide } from '../../src/evaluate/decide.ts'
import { assumeAccount } from '../../src/snapshot/assume-account.ts'
import { grant, grantsFile, server, user } from '../grants-fixture.ts'
import { testWith } from '../tools/require-tool.ts'

const now = new Date('2026-11-24T12:00:00Z')
const serverArn = (name: string): string =>
  `arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/${name}`
const actions = [
  'sagemaker-mlflow:GetRun',
  'sagemaker-mlflow:LogMetric',
  'sagemaker:StopMlflowTrackingServer',
]

/** What moto handles: condition-free Allow and Deny, Action and NotAction, `*` in patterns. */
const anyStatement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    element: fc.constantFrom('Action', 'Action', 'NotAction'),
    actions: fc.subarray([...actions, 'sagemaker-mlflow:*', 'sagemaker-mlflow:Log*', '*'], {
      minLength: 1,
      maxLength: 3,
    }),
    Resource: fc.subarray([serverArn('ml-dev'), serverArn('*'), serverArn('*-prod'), '*'], {
      minLength: 1,
      maxLength: 2,
    }),
  })
  .map(({ Effect, element, actions: names, Resource }) => ({ Effect, [element]: names, Resource }))
const anyCase = fc.record({
  document: fc
    .array(anyStatement, { minLength: 1, maxLength: 4 })
    .map((Statement) => JSON.stringify({ Version: '2012-10-17', Statement })),
  action: fc.constantFrom(...actions),
  resource: fc.constantFrom(serverArn('ml-dev'), serverArn('ml-prod')),
})

testWith('moto')('moto judges condition-free policies as the evaluator does', () => {
  const cases = fc.sample(anyCase, 2000)
  const python = spawnSync('python3', [new URL('moto-verdicts.py', import.meta.url).pathname], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
  })
  expect(python.stderr).toBe('')
  const verdicts = JSON.parse(python.stdout) as readonly string[]
  const base = assumeAccount(
    grantsFile({ servers: [server('ml-dev')], grants: [grant(0, [user('ana')], ['viewer'], ['ml-dev'])] }),
    now,
  )
  const words = {
    allowed: 'PERMITTED',
    'explicit-deny': 'DENIED',
    'implicit-deny': 'NEUTRAL',
    depends: 'DEPENDS',
  }
  const found = cases.map(({ document, action, resource }) => {
    const snapshot = {
      ...base,
      users: base.users.map((item) => ({ ...item, inline: [{ name: 'p', document }] })),
    }
    return words[decide(snapshot, { principal: snapshot.users[0]?.arn ?? '', action, resource, now }).outcome]
  })
  expect(found).toEqual(verdicts)
  expect(new Set(verdicts)).toEqual(new Set(['PERMITTED', 'DENIED', 'NEUTRAL']))
})
