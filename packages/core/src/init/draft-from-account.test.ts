import fc from 'fast-check'
import { expect, test } from 'vitest'
import { account, grant, grantsFile, server, user } from '../../test/grants-fixture.ts'
import { mlflowActions } from '../catalog/actions.ts'
import type { Grant } from '../grants/grants-file.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { draftFromAccount } from './draft-from-account.ts'

const now = new Date('2026-11-24T12:00:00Z')
const keys = ['ml-dev', 'ml-prod']
const everyone = grantsFile({
  servers: keys.map((key) => server(key)),
  grants: [grant(0, [user('ana'), user('ben')], ['viewer'], keys)],
})

/** The account as it was read: SageMaker knows where artifacts lie. */
function readAccount(): Snapshot {
  const { assumed: _, ...base } = assumeAccount(everyone, now)
  return {
    ...base,
    servers: base.servers.map((item) => ({ ...item, artifacts: `s3://${item.name}-mlflow/artifacts` })),
  }
}

test('a persona with an exception is recognised, and planning with the file changes nothing', () => {
  const start = readAccount()
  const file = {
    ...everyone,
    grants: [
      grant(0, [user('ana')], ['viewer'], ['ml-dev'], { add: ['SetTag'], until: '2027-04-01T00:00:00Z' }),
    ],
  }
  const made = projectPlan(start, buildPlan({ file, snapshot: start, prune: false, now }).operations)
  const draft = draftFromAccount(made, now)
  expect(draft.file.name).toBe('ml-platform')
  expect(draft.file.grants).toMatchObject([
    {
      to: [{ text: 'user/ana' }],
      personas: ['viewer'],
      on: ['ml-dev'],
      add: ['SetTag'],
      until: '2027-04-01T00:00:00Z',
    },
  ])
  expect(buildPlan({ file: draft.file, snapshot: made, prune: true, now }).operations).toEqual([])
})

test('access from elsewhere is noted and not granted', () => {
  const start = readAccount()
  const document = JSON.stringify({
    Statement: { Effect: 'Allow', Action: 'sagemaker-mlflow:GetRun', Resource: '*' },
  })
  const held = {
    ...start,
    users: start.users.map((item) => ({ ...item, inline: [{ name: 'old', document }] })),
  }
  const draft = draftFromAccount(held, now)
  expect(draft.file.grants).toEqual([])
  expect(draft.notes).toContain('user/ana has GetRun on ml-dev, ml-prod from elsewhere, through inline:old.')
})

test('two grants files in one account ask which one is meant', () => {
  const policy = (name: string) => ({
    arn: `arn:aws:iam::${account}:policy/mlflow-iam/${name}/p`,
    name: 'p',
    path: `/mlflow-iam/${name}/`,
    id: '',
    defaultVersion: 'v1',
    versions: [],
  })
  expect(() => draftFromAccount({ ...readAccount(), policies: [policy('a'), policy('b')] }, now)).toThrow(
    '2 grants files: a, b',
  )
})

const anyGrant = fc
  .record({
    who: fc.subarray(['ana', 'ben'], { minLength: 1 }),
    personas: fc.subarray(
      builtInPersonas.map((persona) => persona.name),
      { minLength: 0, maxLength: 2 },
    ),
    on: fc.subarray(keys, { minLength: 1 }),
    add: fc.subarray(
      mlflowActions.map((action) => action.bare),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(
    ({ who, personas, on, add }): Omit<Grant, 'index'> => ({
      to: who.map(user),
      personas,
      on,
      add,
      remove: [],
    }),
  )

test('whatever the file was, the draft of its account plans nothing, with and without prune', () => {
  fc.assert(
    fc.property(fc.array(anyGrant, { maxLength: 3 }), (grants) => {
      const start = readAccount()
      const file = {
        ...everyone,
        servers: keys.map((key) => ({ kind: 'name' as const, key, kms: [], planned: false })),
        grants: grants.map((item, index) => ({ index, ...item })),
      }
      const made = projectPlan(start, buildPlan({ file, snapshot: start, prune: false, now }).operations)
      const draft = draftFromAccount(made, now)
      expect(buildPlan({ file: draft.file, snapshot: made, prune: false, now }).operations).toEqual([])
      if (draft.notes.length === 0)
        expect(buildPlan({ file: draft.file, snapshot: made, prune: true, now }).operations).toEqual([])
    }),
    { numRuns: 40 },
  )
})

test.each(['narrow', 'documented'] as const)('the %s service roles are read back', (policy) => {
  const start = readAccount()
  const trust = { sourceAccount: policy === 'narrow' }
  const narrow = policy === 'narrow'
  const file = {
    ...everyone,
    grants: [],
    roles: {
      'tracking-server': {
        name: 'server',
        policy,
        buckets: narrow ? ['ml-prod-mlflow'] : [],
        kms: [],
        registry: narrow,
        existing: false,
        trust,
      },
      sagemaker: { name: 'client', policy, passes: narrow ? ['server'] : [], existing: false, trust },
    },
  }
  const plain = {
    ...file,
    servers: keys.map((key) => ({ kind: 'name' as const, key, kms: [], planned: false })),
  }
  const made = projectPlan(start, buildPlan({ file: plain, snapshot: start, prune: false, now }).operations)
  const draft = draftFromAccount(made, now)
  expect(draft.file.roles).toEqual(file.roles)
  expect(buildPlan({ file: draft.file, snapshot: made, prune: true, now }).operations).toEqual([])
})
