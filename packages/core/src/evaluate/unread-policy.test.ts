import { expect, test } from 'vitest'
import { now, serverArn, smallAccount, userArn } from '../../test/accounts/small-account.ts'
import { parseGrants } from '../grants/parse-grants.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { callerMay } from './caller-may.ts'
import { compareAccess } from './compare-access.ts'
import { decide } from './decide.ts'
import { describeAccess } from './describe-access.ts'
import { evaluateAccess } from './evaluate-access.ts'
import { explain } from './explain.ts'

const admin = 'arn:aws:iam::aws:policy/AdministratorAccess'
const denyAll = 'arn:aws:iam::aws:policy/AWSDenyAll'
const text = `version: 1
name: team
account: "123456789012"
region: eu-west-1
servers: { ml-prod: { artifacts: s3://ml-prod-mlflow/art } }
grants:
  - { to: user/ana, persona: viewer, on: ml-prod }
`
const file = parseGrants(text, 'grants.yaml')
const holding = (...attached: string[]) => smallAccount({ users: { ana: { attached }, ben: {} } })
const planOf = (snapshot: Snapshot) => buildPlan({ file, snapshot, prune: false, now })
const ask = { principal: userArn('ana'), action: 'LogMetric', resource: serverArn('ml-prod'), now }
const options = { name: 'team', now, strict: false }

test('what an unread policy gives is unknown, and is none for whoever has no such policy', () => {
  const snapshot = holding(admin)
  const rows = evaluateAccess(snapshot, { servers: [serverArn('ml-prod')], now })
  expect(rows.map((row) => describeAccess(row))).toEqual(['unknown', 'none'])
  expect(rows[0]?.depends).toContainEqual({ action: 'LogMetric', keys: [admin] })
  expect(decide(snapshot, ask)).toEqual({ outcome: 'depends', policy: admin, keys: [admin] })
  expect(decide(snapshot, { ...ask, principal: userArn('ben') }).outcome).toBe('implicit-deny')
  const { holders } = explain('LogMetric', snapshot, { now, servers: [serverArn('ml-prod')] })
  expect(holders).toEqual([
    {
      principal: userArn('ana'),
      server: serverArn('ml-prod'),
      decision: 'depends',
      policy: admin,
      statement: null,
    },
  ])
})

test('a denial that was read is certain, whatever an unread policy says', () => {
  const deny = { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } }
  const snapshot = smallAccount({ users: { ana: { attached: [admin], inline: { deny } } } })
  expect(decide(snapshot, ask).outcome).toBe('explicit-deny')
  const [row] = evaluateAccess(snapshot, {
    principals: [userArn('ana')],
    servers: [serverArn('ml-prod')],
    now,
  })
  expect(row?.depends).toEqual([])
})

test('verify claims nothing that an unread policy decides: neither a match, nor an absence', () => {
  const plan = planOf(holding(admin))
  const after = projectPlan(holding(admin), plan.operations)
  // Ours gives what is meant, and a policy that gives more cannot take it: that much is known.
  expect(compareAccess(plan.target, after, options)).toMatchObject({ ok: true, differences: [] })
  const strict = compareAccess(plan.target, after, { ...options, strict: true })
  expect(strict).toMatchObject({
    ok: false,
    differences: [],
    unknown: [{ principal: userArn('ana'), because: 'What AdministratorAccess says could not be read.' }],
  })
  expect(strict.unknown?.[0]?.actions).toContain('LogMetric')
  // Where ours is not attached, that is told; whether the access is missing is not known.
  const before = compareAccess(plan.target, holding(admin), options)
  expect(before.differences.flatMap(({ missing }) => missing)).toEqual([])
  expect(before.unknown?.[0]?.actions).toContain('GetRun')
  expect(before.ok).toBe(false)
})

test('an unread policy that is made to deny leaves nothing certain of what ours gives', () => {
  const plan = planOf(holding(denyAll))
  const after = projectPlan(holding(denyAll), plan.operations)
  const compared = compareAccess(plan.target, after, options)
  expect(compared).toMatchObject({ ok: false, differences: [] })
  expect(compared.unknown?.[0]?.actions).toContain('GetRun')
})

test('what whoever is signed in may do is unknown for the policy that was not read', () => {
  const snapshot = { ...holding(admin), caller: userArn('ana') }
  expect(callerMay(snapshot)({ action: 'iam:CreatePolicy', resource: '*' })).toMatchObject({
    state: 'unknown',
    why: `${admin} was not read`,
  })
})
