import { expect, test } from 'vitest'
import { account, grant, grantsFile, role, server, user } from '../../test/grants-fixture.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import { findUnused } from './find-unused.ts'
import { narrowGrants } from './narrow-grants.ts'
import type { TrailUsage } from './read-cloudtrail.ts'

const now = new Date('2026-11-24T12:00:00Z')
const dev = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/ml-dev`
const prod = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/ml-prod`
const trainer = `arn:aws:iam::${account}:role/trainer`
const ana = `arn:aws:iam::${account}:user/ana`

function usage(
  uses: readonly (readonly [principal: string, server: string, actions: string, last?: string])[],
): TrailUsage {
  return {
    rows: uses.map(([principal, place, actions, last = '2026-11-01T00:00:00Z']) => ({
      principal,
      server: place,
      used: actions.split(' ').map((action) => ({ action, count: 1, last })),
      denied: [],
    })),
    records: uses.length,
    events: uses.length,
    broken: 0,
    unknownActions: [],
  }
}

const access = (principals: readonly string[], actions: string, servers: readonly string[] = [dev]) => ({
  access: [{ principals, servers, actions: actions.split(' ').sort() }],
})
const nobody = { users: [] }

test('what nobody used is unused; what was used is not', () => {
  const [row] = findUnused(
    access([trainer], 'CreateRun DeleteRun LogMetric'),
    usage([[trainer, dev, 'CreateRun']]),
    nobody,
  )
  expect(row).toMatchObject({
    principal: trainer,
    server: dev,
    unused: ['DeleteRun', 'LogMetric'],
    unseen: [],
  })
  expect(row?.used.map((use) => use.action)).toEqual(['CreateRun'])
})

test('use before the date does not count', () => {
  const target = access([trainer], 'CreateRun DeleteRun')
  const used = usage([[trainer, dev, 'CreateRun', '2026-01-01T00:00:00Z']])
  expect(findUnused(target, used, nobody, '2026-06-01T00:00:00Z')[0]?.unused).toEqual([
    'CreateRun',
    'DeleteRun',
  ])
  expect(findUnused(target, used, nobody)[0]?.unused).toEqual(['DeleteRun'])
})

test('the UI, traces and Apps are never called unused, nor what the UI reads', () => {
  const target = access([trainer], 'AccessUI EndTrace SearchRuns SearchTraces StartTrace DeleteRun')
  const [row] = findUnused(target, usage([[trainer, dev, 'CreateRun']]), nobody)
  expect(row?.unused).toEqual(['DeleteRun'])
  expect(row?.unseen).toEqual(['AccessUI', 'EndTrace', 'SearchRuns', 'SearchTraces', 'StartTrace'])
  expect(
    findUnused(access([trainer], 'CallMlflowAppApi'), usage([[ana, dev, 'GetRun']]), nobody)[0]?.unused,
  ).toEqual([])
})

test('a server without any event says nothing', () => {
  const [row] = findUnused(access([trainer], 'DeleteRun', [prod]), usage([[trainer, dev, 'GetRun']]), nobody)
  expect(row).toMatchObject({ unused: [], silent: expect.stringMatching(/data events may be off/) })
})

test('a group used what its members used', () => {
  const group = `arn:aws:iam::${account}:group/ml/science`
  const users = [
    {
      arn: ana,
      name: 'ana',
      path: '/',
      id: 'AIDA1',
      inline: [],
      attached: [],
      groups: ['science'],
      tags: [],
    },
  ]
  const [row] = findUnused(access([group], 'DeleteRun GetRun'), usage([[ana, dev, 'GetRun']]), { users })
  expect(row?.unused).toEqual(['DeleteRun'])
})

test('a session is its role, whether or not the record tells the role’s path', () => {
  const long = `arn:aws:iam::${account}:role/teams/ml/trainer`
  expect(findUnused(access([long], 'GetRun'), usage([[trainer, dev, 'GetRun']]), nobody)[0]?.unused).toEqual(
    [],
  )
})

test('a grant is narrowed to what its principals used, and to what that needs', () => {
  const file = grantsFile({
    servers: [server('ml-dev')],
    grants: [grant(0, [role('trainer')], ['training-job'], ['ml-dev'], { add: ['DeleteRun', 'SearchRuns'] })],
  })
  const used = usage([[trainer, dev, 'GetExperimentByName CreateRun UpdateRun GetRun LogMetric SearchRuns']])
  expect(narrowGrants(file, used, assumeAccount(file, now), now)).toEqual([
    {
      index: 0,
      dropFromAdd: ['DeleteRun'],
      addToRemove: [
        'CreateExperiment',
        'CreateModelVersion',
        'CreateRegisteredModel',
        'FinalizeLoggedModel',
        'GetExperiment',
        'GetLoggedModel',
        'GetMetricHistory',
        'LogBatch',
        'LogInputs',
        'LogLoggedModelParams',
        'LogModel',
        'LogOutputs',
        'LogParam',
        'SearchLoggedModels',
        'SetLoggedModelTags',
        'SetTag',
      ],
    },
  ])
})

test('narrowing leaves no gap: what a used action needs stays', () => {
  const file = grantsFile({
    servers: [server('ml-dev')],
    grants: [grant(0, [role('trainer')], ['training-job'], ['ml-dev'])],
  })
  const [narrowed] = narrowGrants(file, usage([[trainer, dev, 'LogModel']]), assumeAccount(file, now), now)
  expect(narrowed?.addToRemove).not.toContain('GetMetricHistory')
  expect(narrowed?.addToRemove).toContain('LogParam')
})

test('a grant that one of its principals uses in full, or of which nothing is recorded, stays', () => {
  const file = grantsFile({
    servers: [server('ml-dev'), server('ml-prod')],
    grants: [
      grant(0, [role('trainer'), user('ana')], ['trace-writer'], ['ml-dev'], { add: ['DeleteRun'] }),
      grant(1, [user('ana')], ['ml-engineer'], ['ml-prod']),
    ],
  })
  const used = usage([[ana, dev, 'DeleteRun GetExperiment GetExperimentByName']])
  expect(narrowGrants(file, used, assumeAccount(file, now), now)).toEqual([])
})
