import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seedTeam } from '@mlflow-iam/sandbox/seed/seed-team'
import { expect, test } from 'vitest'
import { grantsText, openPlace, type Place } from './run-program.ts'

const reads = ['iam:Get*', 'iam:List*', 'sagemaker:List*', 'sagemaker:Describe*']

/** A sandbox that is entered as a session of `trainer`, which may do this and no more. */
function enteredWith(actions: readonly string[], more: object = {}): Place {
  const place = openPlace()
  const state = structuredClone(seedTeam())
  const roles = withRights(state.roles, [{ Effect: 'Allow', Action: actions, Resource: '*', ...more }])
  const caller = { arn: 'arn:aws:sts::123456789012:assumed-role/trainer/night', userId: 'AROA:night' }
  const file = stateFile(place)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, JSON.stringify({ ...state, roles, caller, authorization: 'policies' }))
  writeFileSync(
    join(place.folder, 'grants.yaml'),
    grantsText('  - { to: user/ana, persona: viewer, on: ml-prod }\n'),
  )
  return place
}

function withRights<T extends { readonly name: string }>(roles: readonly T[], Statement: readonly object[]) {
  const document = JSON.stringify({ Version: '2012-10-17', Statement })
  return roles.map((role) =>
    role.name === 'trainer' ? { ...role, inline: [{ name: 'rights', document }] } : role,
  )
}

/** From here on `trainer` may do this and no more. */
function allow(place: Place, ...actions: readonly string[]): void {
  const state = JSON.parse(readFileSync(stateFile(place), 'utf8')) as ReturnType<typeof seedTeam>
  const roles = withRights(state.roles, [{ Effect: 'Allow', Action: actions, Resource: '*' }])
  writeFileSync(stateFile(place), JSON.stringify({ ...state, roles }))
}

const journalIn = (place: Place) =>
  readdirSync(place.folder).find((name) => name.endsWith('.journal.jsonl')) ?? 'no journal'

function stateFile(place: Place): string {
  return join(place.folder, 'state', 'mlflow-iam', 'sandbox.json')
}

const from = ['-f', 'grants.yaml', '--sandbox'] as const

test.concurrent('who may send every request is told so by plan, and apply goes through', async () => {
  const place = enteredWith([...reads, 'iam:*'])
  const plan = await place.run('plan', ...from)
  expect(plan.err).toContain('\nYou may make all 2 requests.\n')
  expect(plan.out).not.toContain('You may')
  expect(await place.run('apply', ...from, '--yes')).toMatchObject({ exit: 0, out: '2 of 2 done.\n' })
})

test.concurrent('a request that is certainly refused stops apply with exit 6 before anything is sent', async () => {
  const place = enteredWith([...reads, 'iam:CreatePolicy', 'iam:TagPolicy'])
  const before = readFileSync(stateFile(place), 'utf8')
  const plan = await place.run('plan', ...from, '-o', 'plan.json')
  expect(plan.exit).toBe(0)
  expect(plan.err).toContain('You lack iam:AttachUserPolicy on arn:aws:iam::123456789012:user/ana.')
  expect(plan.err).not.toContain('Carry it out')
  expect(plan.err).toContain('mlflow-iam export plan.json --sandbox --format shell -o handover')
  for (const words of [
    ['apply', ...from, '--yes'],
    ['apply', 'plan.json', '--sandbox', '--yes'],
    ['apply', ...from, '--dry-run'],
  ]) {
    const { exit, out, err } = await place.run(...words)
    expect({ words, exit, out }).toEqual({ words, exit: 6, out: '' })
    expect(err).toContain('You lack 1 permission that the plan needs, so nothing was sent.')
    expect(err).toContain('You are arn:aws:sts::123456789012:assumed-role/trainer/night.')
    expect(err).toContain('No policy of role trainer allows it.')
    expect(err).toContain('iam:AttachUserPolicy on arn:aws:iam::123456789012:user/ana')
    expect(err).toMatch(
      /\n {2}fix {2}Ask for the least policy of this plan, in the README of: mlflow-iam export /,
    )
  }
  expect(await place.run('apply', ...from)).toMatchObject({ exit: 4 })
  const json = JSON.parse((await place.run('apply', ...from, '--yes', '--json')).out)
  expect(json.error).toMatchObject({ code: 'ACCESS_DENIED', exit: 6 })
  expect(readFileSync(stateFile(place), 'utf8')).toBe(before)
  const several = await place.run(
    'apply',
    ...from.slice(0, 3),
    '--profile',
    'dev',
    '--profile',
    'prod',
    '--yes',
  )
  expect(several).toMatchObject({ exit: 3 })
})

test.concurrent('the plan is the same whoever makes it', async () => {
  const idOf = async (place: Place) => JSON.parse((await place.run('plan', ...from, '--json')).out).id
  expect(await idOf(enteredWith(reads))).toBe(await idOf(enteredWith([...reads, 'iam:*'])))
})

test.concurrent('what hangs on an unknown condition is said, and tried', async () => {
  const condition = { Condition: { IpAddressIfExists: { 'aws:SourceIp': '203.0.113.0/24' } } }
  const place = enteredWith(['*'], condition)
  expect((await place.run('plan', ...from)).err).toContain(
    'Whether you may make all 2 requests is not known: it hangs on aws:SourceIp.',
  )
  expect(await place.run('apply', ...from, '--yes')).toMatchObject({ exit: 0, out: '2 of 2 done.\n' })
})

test.concurrent('in several accounts, what is refused in one is sent in none', async () => {
  const place = enteredWith(reads)
  writeFileSync(
    join(place.folder, 'grants.yaml'),
    grantsText('  - { to: user/ana, persona: viewer, on: ml-prod }\n')
      .replace('account: "123456789012"\n', '')
      .replace(/ {2}ml-dev.*\n/, ''),
  )
  const both = ['--profile', 'dev', '--profile', 'prod'] as const
  const plan = await place.run('plan', ...from, ...both)
  expect(plan).toMatchObject({ exit: 0 })
  expect(plan.err).toMatch(/^dev: You lack iam:CreatePolicy on /m)
  expect(plan.err).not.toContain('prod:')
  const { exit, out, err } = await place.run('apply', ...from, ...both, '--yes')
  expect({ exit, out }).toEqual({ exit: 6, out: '' })
  expect(err).toMatch(/profile dev\nYou lack 3 permissions that the plan needs/)
  expect(err).toContain('Nothing was sent in any account.')
})

/** What is refused stops with exit 6 before anything is sent, in every way of asking for it. */
async function expectRefused(
  place: Place,
  words: readonly string[],
  lacks: readonly string[],
): Promise<void> {
  const before = readFileSync(stateFile(place), 'utf8')
  for (const more of [['--confirm', 'ml-sandbox', '--allow-delete', '1'], ['--dry-run']]) {
    const { exit, out, err } = await place.run(...words, '--sandbox', ...more)
    expect({ more, exit, out }).toEqual({ more, exit: 6, out: '' })
    expect(err).toMatch(/^You lack \d permissions? that this needs, so it sends nothing\.$/mu)
    for (const right of lacks) expect(err).toContain(right)
    expect(err).toContain('let someone who has them run it with this journal')
  }
  // Without a terminal a missing flag is said first.
  expect(await place.run(...words, '--sandbox')).toMatchObject({ exit: 4 })
  expect(readFileSync(stateFile(place), 'utf8')).toBe(before)
}

test.concurrent('a rollback that is certainly refused is not begun; whoever may do it, does', async () => {
  const place = enteredWith([...reads, 'iam:*'])
  expect(await place.run('apply', ...from, '--yes')).toMatchObject({ exit: 0 })
  const words = ['rollback', journalIn(place)]
  allow(place, ...reads, 'iam:DetachUserPolicy')
  await expectRefused(place, words, ['iam:DeletePolicy on arn:aws:iam::123456789012:policy/mlflow-iam/'])
  allow(place, ...reads, 'iam:DetachUserPolicy', 'iam:DeletePolicy')
  const done = await place.run(...words, '--sandbox', '--confirm', 'ml-sandbox', '--allow-delete', '1')
  expect(done).toMatchObject({ exit: 0, out: '2 of 2 done.\n' })
})

test.concurrent('a run is not gone on with where what is left is certainly refused; what is done is not asked for', async () => {
  const somewhere = { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }
  const place = enteredWith([...reads, 'iam:CreatePolicy', 'iam:TagPolicy'])
  const state = JSON.parse(readFileSync(stateFile(place), 'utf8')) as ReturnType<typeof seedTeam>
  const statements = [
    { Effect: 'Allow', Action: [...reads, 'iam:CreatePolicy', 'iam:TagPolicy'], Resource: '*' },
    { Effect: 'Allow', Action: 'iam:AttachUserPolicy', Resource: '*', ...somewhere },
  ]
  const roles = withRights(state.roles, statements)
  writeFileSync(stateFile(place), JSON.stringify({ ...state, roles }))
  expect(await place.run('apply', ...from, '--yes')).toMatchObject({ exit: 8 })
  const words = ['apply', '--resume', journalIn(place)]
  allow(place, ...reads)
  await expectRefused(place, words, ['iam:AttachUserPolicy on arn:aws:iam::123456789012:user/ana'])
  allow(place, ...reads, 'iam:AttachUserPolicy')
  expect(await place.run(...words, '--sandbox', '--yes')).toMatchObject({ exit: 0, out: '2 of 2 done.\n' })
})
