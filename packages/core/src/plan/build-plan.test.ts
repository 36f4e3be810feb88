import fc from 'fast-check'
import { expect, test } from 'vitest'
import { account, grant, grantsFile, role, server, user } from '../../test/grants-fixture.ts'
import { mlflowActions } from '../catalog/actions.ts'
import type { Grant, GrantsFile } from '../grants/grants-file.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { policySize } from '../policy/measure.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { agreementOf } from './agreement.ts'
import { buildPlan, planId } from './build-plan.ts'
import { findStaleness } from './fingerprint.ts'
import type { Plan } from './plan.ts'
import { projectPlan } from './project-plan.ts'

const now = new Date('2026-11-24T12:00:00Z')

function planFor(file: GrantsFile, snapshot: Snapshot = assumeAccount(file, now), prune = false): Plan {
  return buildPlan({ file, snapshot, prune, now })
}

function after(plan: Plan, snapshot: Snapshot): Snapshot {
  return projectPlan(snapshot, plan.operations)
}

const team = grantsFile({
  servers: [server('ml-dev'), server('ml-prod')],
  grants: [
    grant(0, [user('ana'), user('ben')], ['data-scientist'], ['ml-dev']),
    grant(1, [role('ci')], ['viewer'], ['ml-prod']),
  ],
})

test('people with equal access share one policy', () => {
  const plan = planFor(team)
  expect(plan.operations.map((operation) => operation.action)).toEqual([
    'CreatePolicy',
    'CreatePolicy',
    'AttachRolePolicy',
    'AttachUserPolicy',
    'AttachUserPolicy',
  ])
  expect(plan.totals).toEqual({ adds: 5, changes: 0, removes: 0, deletes: 0 })
})

test('a policy is named after its persona and what it is for, under the path of its file', () => {
  const [policy] = planFor(team).target.policies
  expect(policy?.arn).toMatch(
    /^arn:aws:iam::123456789012:policy\/mlflow-iam\/ml-platform\/mlflow-iam-data-scientist-[0-9a-f]{8}$/u,
  )
})

test('the same file and account give the same plan, byte for byte, whenever it is made', () => {
  const first = planFor(team)
  const later = buildPlan({
    file: team,
    snapshot: assumeAccount(team, now),
    prune: false,
    now: new Date('2026-11-25T08:00:00Z'),
  })
  expect(later.id).toBe(first.id)
  expect(planId(JSON.parse(JSON.stringify(first)))).toBe(first.id)
})

test('AccessUI and the list of servers stand in a statement of their own on "*"', () => {
  const document = planFor(team).target.policies[1]?.document
  const wide = [document?.Statement].flat().filter((statement) => statement?.Resource?.includes('*'))
  expect(wide).toEqual([
    {
      Sid: 'AccountWide',
      Effect: 'Allow',
      Action: ['sagemaker-mlflow:AccessUI', 'sagemaker:ListMlflowTrackingServers'],
      Resource: ['*'],
    },
  ])
})

test('a persona that changes becomes a new version of the same policy', () => {
  const labeller = (add: readonly string[]): GrantsFile =>
    grantsFile({
      servers: [server('ml-dev')],
      personas: [{ name: 'labeller', extends: ['viewer'], add, remove: [] }],
      grants: [grant(0, [user('ana')], ['labeller'], ['ml-dev'])],
    })
  const start = assumeAccount(team, now)
  const before = after(planFor(labeller(['SetTag']), start), start)
  const wider = planFor(labeller(['SetTag', 'DeleteTag']), before)
  expect(wider.operations.map((operation) => operation.action)).toEqual(['CreatePolicyVersion'])
  expect(agreementOf(wider).confirm).toBe(false)
  const narrower = planFor(labeller([]), before)
  expect(narrower.findings.map((item) => item.code)).toContain('access-lost')
  expect(agreementOf(narrower).confirm).toBe(true)
})

test('a grant that is gone is detached after everything new is attached, and needs a confirmation', () => {
  const start = assumeAccount(team, now)
  const before = after(planFor(team, start), start)
  const changed = {
    ...team,
    grants: [
      grant(0, [user('ana')], ['viewer'], ['ml-dev']),
      grant(1, [user('ben')], ['data-scientist'], ['ml-dev']),
    ],
  }
  const plan = planFor(changed, before)
  expect(plan.operations.map((operation) => operation.action)).toEqual([
    'CreatePolicy',
    'AttachUserPolicy',
    'DetachUserPolicy',
  ])
  expect(plan.findings.find((item) => item.code === 'access-lost')?.message).toMatch(
    /^ana loses 24 actions on ml-dev/u,
  )
  expect(agreementOf(plan)).toMatchObject({ changes: true, confirm: true, deletes: 0 })
})

test('principals that the file does not list keep what they have, unless pruned', () => {
  const start = assumeAccount(team, now)
  const before = after(planFor(team, start), start)
  const onlyCi = { ...team, grants: [grant(0, [role('ci')], ['viewer'], ['ml-prod'])] }
  expect(planFor(onlyCi, before).operations).toEqual([])
  const pruned = planFor(onlyCi, before, true)
  expect(pruned.operations.map((operation) => operation.action)).toEqual([
    'DetachUserPolicy',
    'DetachUserPolicy',
    'DeletePolicy',
  ])
  expect(pruned.totals.deletes).toBe(1)
  expect(planFor(onlyCi, after(pruned, before), true).operations).toEqual([])
})

test('foreign policies and attachments are never in a plan', () => {
  const foreign = `arn:aws:iam::${account}:policy/mlflow-iam/other-team/mlflow-iam-viewer-00000000`
  const start = assumeAccount(team, now)
  const shared: Snapshot = { ...start, users: start.users.map((item) => ({ ...item, attached: [foreign] })) }
  const text = JSON.stringify(planFor(team, shared, true).operations)
  expect(text).not.toContain('other-team')
})

test('each policy name that something foreign has is refused at its place, before anything is sent', () => {
  const named = {
    ...team,
    grants: [
      grant(0, [user('ana')], ['viewer'], ['ml-dev'], { policyName: 'MLflowPolicy' }),
      grant(1, [user('ben')], ['auditor'], ['ml-dev'], { policyName: 'Reading' }),
    ],
  }
  const start = assumeAccount(named, now)
  const taken = ['mlflowpolicy', 'Reading'].map((name) => ({
    ...{ arn: `arn:aws:iam::${account}:policy/${name}`, name, path: '/', id: 'A' },
    ...{ defaultVersion: 'v1', versions: [{ id: 'v1', document: '{}' }] },
  }))
  expect(() => planFor(named, { ...start, policies: taken })).toThrow(
    expect.objectContaining({
      exit: 3,
      errors: [
        expect.objectContaining({
          path: 'grants.0.policy-name',
          what: `The policy name MLflowPolicy is taken by arn:aws:iam::${account}:policy/mlflowpolicy.`,
        }),
        expect.objectContaining({ path: 'grants.1.policy-name' }),
      ],
    }),
  )
})

test('a policy name that differs from our own only in case says which one to write', () => {
  const named = (policyName: string) =>
    grantsFile({
      servers: [server('ml-dev')],
      grants: [grant(0, [user('ana')], ['viewer'], ['ml-dev'], { policyName })],
    })
  const start = assumeAccount(named('Reading'), now)
  const applied = after(planFor(named('Reading'), start), start)
  expect(() => planFor(named('reading'), applied)).toThrow(
    expect.objectContaining({ exit: 3, fix: ['Write Reading.'] }),
  )
})

test('a name of our making that something foreign has is refused too', () => {
  const start = assumeAccount(team, now)
  const [ours] = planFor(team, start).target.policies
  const name = ours?.name ?? ''
  const taken = {
    ...{ arn: `arn:aws:iam::${account}:policy/${name}`, name, path: '/', id: 'A' },
    ...{ defaultVersion: 'v1', versions: [{ id: 'v1', document: '{}' }] },
  }
  expect(() => planFor(team, { ...start, policies: [taken] })).toThrow('taken by')
})

test('an unknown principal is an error that suggests the nearest name', () => {
  const typo = { ...team, grants: [grant(0, [user('anna')], ['viewer'], ['ml-dev'])] }
  const snapshot = assumeAccount(team, now)
  expect(() => planFor(typo, snapshot)).toThrow(
    expect.objectContaining({ exit: 3, fix: ['Did you mean ana?'] }),
  )
})

test('a sixth version takes the place of the oldest of our own that is not in use', () => {
  const start = assumeAccount(team, now)
  const before = after(planFor(team, start), start)
  const policies = before.policies.map((policy) => ({
    ...policy,
    defaultVersion: 'v5',
    versions: ['v5', 'v4', 'v3', 'v2', 'v1'].map((id) => ({ id, document: `{"Statement":[],"Id":"${id}"}` })),
  }))
  const plan = planFor(team, { ...before, policies })
  expect(
    plan.operations
      .filter((operation) => operation.action === 'DeletePolicyVersion')
      .map((operation) => operation.input),
  ).toEqual([expect.objectContaining({ VersionId: 'v1' }), expect.objectContaining({ VersionId: 'v1' })])
  expect(planFor(team, after(plan, { ...before, policies })).operations).toEqual([])
})

test('a change to what the plan depends on makes it stale and is named; other changes do not', () => {
  const start = assumeAccount(team, now)
  const plan = planFor(team, start)
  expect(findStaleness(plan, start)).toEqual([])
  const other = {
    ...start,
    users: [
      ...start.users,
      { ...(start.users[0] ?? never()), arn: 'arn:aws:iam::123456789012:user/eve', name: 'eve' },
    ],
  }
  expect(findStaleness(plan, other)).toEqual([])
  const changed = {
    ...start,
    users: start.users.map((item) =>
      item.name === 'ana' ? { ...item, attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] } : item,
    ),
  }
  expect(findStaleness(plan, changed)).toEqual([
    'user ana: attachments changed (+ arn:aws:iam::aws:policy/ReadOnlyAccess).',
  ])
})

const names = ['ana', 'ben', 'cleo', 'dara']
const keys = ['ml-dev', 'ml-staging', 'ml-prod']
const personas = builtInPersonas.map((persona) => persona.name)
const anyGrant = fc
  .record({
    who: fc.subarray(names, { minLength: 1 }),
    personas: fc.subarray(personas, { minLength: 0, maxLength: 2 }),
    on: fc.subarray(keys, { minLength: 1 }),
    picked: fc.subarray(mlflowActions.map((action) => action.bare)),
    adds: fc.boolean(),
    until: fc.constantFrom(undefined, '2027-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
  })
  .map(
    ({ who, personas: held, on, picked, adds, until }): Omit<Grant, 'index'> => ({
      to: who.map(user),
      personas: held,
      on,
      add: adds || held.length === 0 ? picked : [],
      remove: adds || held.length === 0 ? [] : picked,
      ...(until ? { until } : {}),
    }),
  )
const anyFile = fc.array(anyGrant, { maxLength: 5 }).map((grants) =>
  grantsFile({
    servers: keys.map((key) => server(key)),
    grants: grants.map((item, index) => ({ index, ...item })),
  }),
)

test('prune leaves a policy that somebody has made a permissions boundary, which IAM would not delete', () => {
  const done = after(planFor(team), assumeAccount(team, now))
  const policy = done.policies.find(({ name }) => name.startsWith('mlflow-iam-viewer-'))
  const bounded = {
    ...done,
    users: done.users.map((one) => (one.name === 'ben' && policy ? { ...one, boundary: policy.arn } : one)),
  }
  const plan = planFor(grantsFile({ servers: team.servers }), bounded, true)
  expect(plan.operations.map(({ action }) => action)).toEqual([
    'DetachUserPolicy',
    'DetachUserPolicy',
    'DetachRolePolicy',
    'DeletePolicy',
  ])
  expect(plan.findings.find(({ code }) => code === 'still-needed')?.message).toBe(
    `${policy?.name} is no longer listed, but stays: it is the permissions boundary of user ben.`,
  )
})

test('a second plan is always empty, with and without prune', () => {
  fc.assert(
    fc.property(anyFile, anyFile, fc.boolean(), (first, second, prune) => {
      const start = assumeAccount(
        grantsFile({ servers: first.servers, grants: [grant(0, names.map(user), ['viewer'], keys)] }),
        now,
      )
      const one = after(planFor(first, start, prune), start)
      expect(planFor(first, one, prune).operations).toEqual([])
      const two = after(planFor(second, one, prune), one)
      expect(planFor(second, two, prune).operations).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('the inverses of a plan, last first, restore the account as it was', () => {
  fc.assert(
    fc.property(anyFile, anyFile, (first, second) => {
      const start = assumeAccount(
        grantsFile({ servers: first.servers, grants: [grant(0, names.map(user), ['viewer'], keys)] }),
        now,
      )
      const one = after(planFor(first, start), start)
      const plan = planFor(second, one)
      const back = projectPlan(
        after(plan, one),
        [...plan.operations].reverse().flatMap((operation) => operation.inverse),
      )
      const shape = (snapshot: Snapshot) => ({
        users: snapshot.users.map((item) => [item.name, [...item.attached].sort()]),
        policies: snapshot.policies
          .map((policy) => [
            policy.arn,
            policy.versions.find((version) => version.id === policy.defaultVersion)?.document,
          ])
          .sort(),
      })
      expect(shape(back)).toEqual(shape(one))
    }),
    { numRuns: 40 },
  )
})

test('every policy fits what IAM allows', () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const start = assumeAccount(
        grantsFile({ servers: file.servers, grants: [grant(0, names.map(user), ['viewer'], keys)] }),
        now,
      )
      for (const policy of planFor(file, start).target.policies)
        expect(policySize(policy.document)).toBeLessThanOrEqual(6144)
    }),
    { numRuns: 40 },
  )
})

function never(): never {
  throw new Error('the fixture has a user')
}

test('a plan is stale once something else has a name that it would create, whatever its path and case', () => {
  const file = { ...team, roles: { 'tracking-server': trackingServer } }
  const start = assumeAccount(file, now)
  const plan = planFor(file, start)
  expect(findStaleness(plan, start)).toEqual([])
  const name = plan.target.policies[0]?.name.toUpperCase() ?? ''
  const policy = {
    ...{ arn: `arn:aws:iam::${account}:policy/${name}`, name, path: '/', id: 'A' },
    ...{ defaultVersion: 'v1', versions: [{ id: 'v1', document: '{}' }] },
  }
  const byHand = {
    ...{ arn: `arn:aws:iam::${account}:role/other/Tracking`, name: 'Tracking', path: '/other/', id: 'B' },
    ...{ trust: '{}', tags: [], attached: [], inline: [] },
  }
  const changed = findStaleness(plan, { ...start, policies: [policy], roles: [...start.roles, byHand] })
  expect(changed).toEqual([
    expect.stringMatching(`: the name is taken by ${policy.arn}\\.$`),
    `role tracking: the name is taken by ${byHand.arn}.`,
  ])
})

const trackingServer = {
  ...{ name: 'tracking', buckets: ['ml-artifacts'], kms: [], registry: false, existing: false },
  ...{ policy: 'narrow' as const, trust: { sourceAccount: false } },
}
