import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { expect, test } from 'vitest'
import { cellFacts } from '../../src/wizard/cells.ts'
import { grantsText } from '../../src/wizard/grants-text.ts'
import type { Model } from '../../src/wizard/model.ts'
import { planFacts } from '../../src/wizard/plan-facts.ts'
import { keys } from './drive.ts'
import { press, signedIn, snapshotOf, user } from './fixture.ts'
import { draftText, plain } from './plain-drive.ts'

const { enter, tab, space } = keys
const account = '123456789012'
const arn = (what: string) => `arn:aws:iam::${account}:${what}`
const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['sagemaker-mlflow:GetRun', 'sagemaker-mlflow:LogMetric', 's3:GetObject'],
      Resource: '*',
    },
    { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
  ],
})
const inline = [{ name: 'by-hand', document }]

/** ana has an inline policy, chen gets one through a group, and the role that profiles share has one of the same name. */
function team(): Snapshot {
  const base = snapshotOf([{ ...user('ana'), inline }, user('ben'), user('chen', { groups: ['labs'] })])
  const labs = { arn: arn('group/labs'), name: 'labs', path: '/', id: 'AGPALABS', attached: [], inline }
  const domain = {
    ...{ id: 'd-abc', arn: `arn:aws:sagemaker:eu-west-1:${account}:domain/d-abc`, name: 'lab' },
    region: 'eu-west-1',
  }
  return {
    ...base,
    domains: [domain],
    groups: [labs],
    roles: base.roles.map((role) => ({ ...role, inline })),
  }
}

const people = (source: number) => press(signedIn(team()), '\r\r\r', tab.repeat(source))
const lines = (model: Model) => (model.overlay?.kind === 'ask' ? model.overlay.question.lines : [])
const adopt = (model: Model) => /^adopt:.*$/mu.exec(grantsText(model.edit))?.[0]
const first = (model: Model) => {
  const [server] = model.edit.servers
  if (!server) throw new Error('no server')
  return server
}
const planOf = (model: Model) =>
  buildPlan({
    file: parseGrants(grantsText(model.edit), 'grants.yaml'),
    snapshot: team(),
    ...{ prune: false, now: new Date('2026-11-24T12:00:00Z') },
  })

test('an inline policy is taken over after the sheet said that it is deleted, and what is lost by that', () => {
  const access = press(people(0), space, '>')
  const asked = press(access, 't')
  expect(asked.overlay?.kind === 'ask' && asked.overlay.question.title).toBe(
    'Take inline policy by-hand over?',
  )
  expect(lines(asked)).toEqual([
    expect.stringContaining('The grants give the same'),
    '  + ana on ml-dev: +2, for its 2 actions',
    '  + ana on ml-prod: +2, for its 2 actions',
    '  - inline policy by-hand is deleted from ana, once that is attached',
    '! It also allows s3:GetObject: no grant gives that, so it is lost.',
    '! Inline policy by-hand also denies something; that no longer holds.',
    'An inline policy is of nobody else: a rollback writes it again, byte for byte.',
  ])
  const taken = press(asked, enter)
  expect(adopt(taken)).toBe('adopt: inline:by-hand@user/ana')
  const facts = cellFacts(taken, arn('user/ana'), first(taken))
  expect([facts.mark, facts.elsewhere, facts.adopted.map(({ policy }) => policy)]).toEqual([
    '',
    [],
    [`inline:by-hand@${arn('user/ana')}`],
  ])
  const plan = planOf(taken)
  expect(plan.operations.map(({ action }) => action)).toContain('DeleteUserPolicy')
  expect(planFacts({ plan, snapshot: team() }).kinds.map(({ words }) => words)).toContain(
    'delete inline policy',
  )
  const left = press(taken, 't')
  expect(lines(left)[0]).toContain('Inline policy by-hand is to be deleted')
  expect(adopt(press(left, enter))).toBeUndefined()
  expect(press(taken, 'u').edit).toBe(access.edit)
})

test('one that comes through a group is taken over on the row of the group', () => {
  const chen = press(people(0), '/', 'chen', enter, space, '>')
  expect(press(chen, 't').said?.text).toContain('inline policy by-hand comes through group labs')
  const labs = press(people(1), space, '>', 't', enter)
  expect(adopt(labs)).toBe('adopt: inline:by-hand@group/labs')
})

test('a profile that gets a role of its own does not get the policy along, and the shared role keeps it', () => {
  const access = press(people(3), '/', 'dara', enter, 's', enter, '>')
  const asked = press(access, 't')
  expect(lines(asked)).toContainEqual(
    expect.stringMatching(
      /^ {2}- inline policy by-hand is not carried over to mlflow-iam-dara-[0-9a-f]{8}$/u,
    ),
  )
  const taken = press(asked, enter)
  expect(adopt(taken)).toBe('adopt: inline:by-hand@role/ds-shared')
  const plan = planOf(taken)
  expect(plan.operations.map(({ action }) => action)).not.toContain('DeleteRolePolicy')
  expect(plan.target.policies.filter(({ name }) => name.includes('carried'))).toEqual([])
})

test('plain mode asks the same, and writes the same line', async () => {
  const answers = [
    '1',
    '',
    '',
    '',
    'ml-prod',
    '',
    'source users',
    'ben.legacy',
    'done',
    'adopt ben.legacy',
    '',
  ]
  const declined = await plain([...answers, 'quit'])
  expect(declined.said).toContain('inline policy old-notebook is deleted from ben.legacy')
  expect(await draftText(declined.folder)).not.toContain('adopt')
  const agreed = await plain([...answers.slice(0, -1), 'yes', 'show ben.legacy', 'quit'])
  expect(agreed.left).toEqual([])
  expect(agreed.said).toContain('inline policy old-notebook is taken over, and deleted.')
  expect(await draftText(agreed.folder)).toContain('adopt: inline:old-notebook@user/ben.legacy')
})
