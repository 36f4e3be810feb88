import fc from 'fast-check'
import { expect, test } from 'vitest'
import { account, grant, grantsFile, role, server, user } from '../../test/grants-fixture.ts'
import { mlflowActions } from '../catalog/actions.ts'
import type { Grant, GrantsFile } from '../grants/grants-file.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { draftFromAccount } from './draft-from-account.ts'
import { renderDraft } from './render-draft.ts'

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

function has(name: string, actions: readonly string[]): boolean {
  const persona = builtInPersonas.find((each) => each.name === name)
  return actions.some((action) => persona?.actions.includes(action))
}

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
      // Adding what a persona has already leaves no trace but the hash in the name.
      if (!grants.some(({ personas, add }) => personas.some((name) => has(name, add))))
        expect(draft.unsaid).toEqual([])
      if (draft.unsaid.length === 0)
        expect(buildPlan({ file: draft.file, snapshot: made, prune: true, now }).operations).toEqual([])
    }),
    { numRuns: 60 },
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

const plainServers: GrantsFile['servers'] = keys.map((key) => ({
  kind: 'name',
  key,
  kms: [],
  planned: false,
}))
const app = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/app-ABC123`

/** As `readAccount`, with tagged servers, an App, and a role that SageMaker may use. */
function richAccount(): Snapshot {
  const base = readAccount()
  const holder = { id: '', createDate: '', path: '/', inline: [], attached: [], tags: [] }
  return {
    ...base,
    servers: base.servers.map((item) => ({
      ...item,
      tags: [{ Key: 'env', Value: item.name.slice(3) }],
    })),
    apps: [{ arn: app, name: 'genai', region: 'eu-west-1', tags: [], artifacts: 's3://genai-mlflow' }],
    roles: [
      {
        ...holder,
        name: 'there',
        arn: `arn:aws:iam::${account}:role/there`,
        trust: '{"Statement":{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"}}}',
      },
    ],
  }
}

/** What an account has after a file was applied, and what is drawn from it. */
function applied(parts: Partial<GrantsFile>) {
  const start = richAccount()
  const file = { ...everyone, servers: plainServers, grants: [], ...parts }
  const made = projectPlan(start, buildPlan({ file, snapshot: start, prune: false, now }).operations)
  const draft = draftFromAccount(made, now)
  const operations = (prune: boolean) =>
    buildPlan({ file: draft.file, snapshot: made, prune, now }).operations
  return { draft, operations }
}

const trust = { sourceAccount: false }
const narrowClient = { name: 'client', policy: 'narrow', passes: [], existing: false, trust } as const
const ana = [user('ana')]
test.each<[string, Partial<GrantsFile>, object]>([
  [
    'a persona of the file, with the persona',
    {
      personas: [{ name: 'labeller', extends: ['viewer'], add: ['SetTag'], remove: ['AccessUI'] }],
      grants: [
        grant(0, ana, ['labeller'], keys, { add: ['DeleteRun'] }),
        grant(1, [user('ben')], ['labeller'], ['ml-dev']),
      ],
    },
    {
      personas: [{ name: 'labeller', extends: ['viewer'], add: ['SetTag'], remove: ['AccessUI'] }],
      grants: [{ personas: ['labeller'] }, { personas: ['labeller'] }],
    },
  ],
  [
    'several personas with an action beside them',
    { grants: [grant(0, ana, ['viewer', 'model-approver'], keys, { add: ['DeleteRun'] })] },
    { grants: [{ personas: ['model-approver', 'viewer'], add: ['DeleteRun'], remove: [] }] },
  ],
  [
    'servers by tag and all servers',
    {
      servers: [
        { kind: 'tag', key: 'dev', tags: { env: 'dev' }, kms: [] },
        { kind: 'all', key: 'any', kms: [] },
      ],
      grants: [
        grant(0, ana, ['viewer'], ['dev'], { until: '2027-04-01T00:00:00Z' }),
        grant(1, ana, ['auditor'], ['any']),
        grant(2, [user('ben')], ['manage-mlflow-tracking-servers'], ['dev']),
      ],
    },
    {
      servers: [
        { key: 'ml-dev' },
        { key: 'ml-prod' },
        { kind: 'all', key: 'every-server' },
        { kind: 'tag', key: 'env-dev', tags: { env: 'dev' } },
      ],
    },
  ],
  [
    'an App that a grant names',
    {
      servers: [{ kind: 'app', key: 'x', app, access: 'full', compatible: false, kms: [] }],
      grants: [grant(0, ana, ['model-approver'], ['x'])],
    },
    { grants: [{ personas: ['model-approver'], on: ['genai'] }] },
  ],
  [
    'the one persona that says everything by a star',
    { grants: [grant(0, ana, ['use-mlflow'], ['ml-dev'])] },
    { grants: [{ personas: ['use-mlflow'] }] },
  ],
  [
    'a server that is not made yet, or gone',
    {
      servers: [{ kind: 'name', key: 'next', kms: [], planned: true }],
      grants: [grant(0, ana, ['viewer'], ['next'])],
    },
    { grants: [{ personas: ['viewer'], on: ['next'] }] },
  ],
  [
    'a service role that is for fewer servers than there are',
    { servers: plainServers.slice(0, 1), roles: { sagemaker: narrowClient } },
    { servers: [{ key: 'ml-dev' }], roles: { sagemaker: { name: 'client', policy: 'narrow' } } },
  ],
  [
    'a role that was there before, in use as a service role',
    {
      roles: { sagemaker: { ...narrowClient, name: 'there', existing: true } },
      grants: [grant(0, [role('there')], ['viewer'], ['ml-dev'])],
    },
    { roles: { sagemaker: { name: 'there', existing: true } }, grants: [{ to: [{ text: 'role/there' }] }] },
  ],
])('%s is read back, and nothing is planned, with and without prune', (_, parts, expected) => {
  const { draft, operations } = applied(parts)
  expect(draft.file).toMatchObject(expected)
  expect(draft.unsaid).toEqual([])
  expect([operations(false), operations(true)]).toEqual([[], []])
})

test('an App that no grant names stays out, and the note says how to list it', () => {
  const { draft } = applied({})
  expect(draft.file.servers.map(({ key }) => key)).toEqual(keys)
  expect(draft.notes.join()).toContain(`App genai`)
  expect(draft.apps).toEqual([`genai: { app: ${app}, access: full }`])
})

test('what no grant says is told with its holders, stays out of the file, and is only taken away by prune', () => {
  const start = richAccount()
  const file = { ...everyone, servers: plainServers, grants: [grant(0, ana, ['viewer'], keys)] }
  const made = projectPlan(start, buildPlan({ file, snapshot: start, prune: false, now }).operations)
  const odd = {
    ...made,
    policies: made.policies.map((policy) => ({
      ...policy,
      versions: policy.versions.map((version) => ({
        ...version,
        document: version.document.replace('sagemaker-mlflow:GetRun', 'sagemaker-mlflow:Get*'),
      })),
    })),
  }
  const draft = draftFromAccount(odd, now)
  expect(draft.file.grants).toEqual([])
  expect(draft.unsaid).toHaveLength(1)
  expect(draft.unsaid[0]).toContain('says what no single grant says: user/ana, who has it, is left out')
  const text = renderDraft(draft)
  expect(text).toContain('unless it prunes: see below')
  expect(text).toContain('# Made for this file, but not in it; plan --prune would take it away:')
  const operations = (prune: boolean) =>
    buildPlan({ file: draft.file, snapshot: odd, prune, now }).operations.map(({ action }) => action)
  expect(operations(false)).toEqual([])
  expect(operations(true)).toEqual(['DetachUserPolicy', 'DeletePolicy'])
})
