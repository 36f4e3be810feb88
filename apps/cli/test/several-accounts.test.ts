import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSandbox, serveSandbox } from '@mlflow-iam/sandbox'
import { embeddedAccounts } from '@mlflow-iam/sandbox/accounts'
import { routeAccounts } from '@mlflow-iam/sandbox/route-accounts'
import { expect, test } from 'vitest'
import { openPlace, type Place } from './run-program.ts'

const accounts = ['123456789012', '210987654321'] as const
const [dev, prod] = accounts
const listed = `accounts:
  "${dev}": { profile: dev }
  "${prod}": { profile: prod }
`
const grants = `  - { to: role/ci-trainer, persona: ci-cd, on: ml-prod }
  - { to: group/ml-reviewers, persona: viewer, on: ml-prod }
`

/** A folder with a grants file for both accounts of the sandbox, or for what `head` says. */
function openTeam(head = listed, rows = grants): Place {
  const place = openPlace()
  writeGrants(place, head, rows)
  return place
}

function writeGrants(place: Place, head: string, rows: string): void {
  const text = `version: 1\nname: ml-platform\nregion: eu-west-1\n${head}servers: { ml-prod: {} }\ngrants:\n${rows}`
  writeFileSync(join(place.folder, 'grants.yaml'), text)
}

function stateFile(place: Place, account: string): string {
  const name = account === dev ? 'sandbox.json' : `sandbox.${account}.json`
  return join(place.folder, 'state', 'mlflow-iam', name)
}

function stateOf(place: Place, account: string) {
  return JSON.parse(readFileSync(stateFile(place, account), 'utf8'))
}

/** Changes an account behind the program's back. */
async function change(place: Place, profile: string, account: string, parts: object): Promise<void> {
  await place.run('sandbox', 'reset', '--profile', profile)
  writeFileSync(stateFile(place, account), JSON.stringify({ ...stateOf(place, account), ...parts }))
}

const from = ['-f', 'grants.yaml', '--sandbox'] as const

test.concurrent('plan: a line for each account, the same from the file and from flags', async () => {
  const place = openTeam()
  const { exit, out, err } = await place.run('plan', ...from)
  const next = '\nCarry it out: mlflow-iam apply -f grants.yaml --sandbox\n'
  expect({ exit, err }).toEqual({ exit: 0, err: next })
  expect(out).toMatch(/^ACCOUNT +ALIAS +PROFILE +\+ +~ +- +PLAN +FINDINGS\n/)
  expect(out).toMatch(/^123456789012 +ml-sandbox +dev +4 +0 +0 +[0-9a-f]{12} +none$/m)
  expect(out).toMatch(/^210987654321 +ml-sandbox-prod +prod +4 +0 +0 +[0-9a-f]{12} +none$/m)
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect(out.trimEnd().split('\n')).toHaveLength(3)
  writeGrants(place, '', grants)
  const flags = ['--profile', 'dev', '--profile', 'prod']
  expect((await place.run('plan', ...from, ...flags)).out).toBe(out)
  const shown = await place.run('plan', ...from, ...flags, '--show', 'commands')
  expect(shown.out).toContain('\nml-sandbox-prod (210987654321), profile prod\n')
  expect(shown.out.split(/^aws iam create-policy/m)).toHaveLength(5)
})

test.concurrent('plan --json: the plans that each account alone would give', async () => {
  const place = openTeam()
  const { out } = await place.run('plan', ...from, '--json')
  const together = JSON.parse(out)
  expect(Object.keys(together)).toEqual(['version', 'accounts'])
  for (const [index, profile] of ['dev', 'prod'].entries()) {
    const alone = JSON.parse((await place.run('plan', ...from, '--profile', profile, '--json')).out)
    expect(together.accounts[index]).toMatchObject({ account: accounts[index], profile })
    expect(together.accounts[index].plan.id).toBe(alone.id)
  }
  const written = await place.run('plan', ...from, '-o', 'plans')
  expect(written.exit).toBe(0)
  expect(readdirSync(join(place.folder, 'plans'))).toEqual(accounts.map((id) => `${id}.plan.json`))
  expect(await place.run('plan', ...from, '-o', 'plans')).toMatchObject({ exit: 11 })
  const applied = await place.run(
    'apply',
    `plans/${prod}.plan.json`,
    '--sandbox',
    '--profile',
    'prod',
    '--yes',
  )
  expect(applied).toMatchObject({ exit: 0, out: '4 of 4 done.\n' })
  const file = await place.run('plan', ...from, '-o', 'plan.json')
  expect(file).toMatchObject({ exit: 3, out: '' })
  expect(file.err).toContain('-o plan.json names a file, and there are several accounts.')
  expect(file.err).toContain('\n  fix  Give a folder')
})

test.concurrent('one account that fails hides no other, and decides the exit code', async () => {
  const place = openTeam()
  await change(place, 'prod', prod, { signIn: 'expired' })
  const { exit, out, err } = await place.run('plan', ...from, '--detailed-exitcode')
  expect(exit).toBe(5)
  expect(out).toMatch(/^123456789012 +ml-sandbox +dev +4 /m)
  expect(out).toMatch(/^210987654321 +- +prod +- +- +- +- +Your AWS sign-in has/m)
  expect(err).toMatch(/^210987654321, profile prod\nYour AWS sign-in has expired\.$/m)
  const json = JSON.parse((await place.run('plan', ...from, '--json')).out)
  expect(json.accounts[1]).toMatchObject({ account: prod, profile: 'prod', error: { exit: 5 } })
  expect(await place.run('apply', ...from, '--yes')).toMatchObject({ exit: 5, out: '' })
  expect(existsSync(stateFile(place, dev)) && stateOf(place, dev).policies).not.toContainEqual(
    expect.objectContaining({ path: '/mlflow-iam/ml-platform/' }),
  )
})

test.concurrent('a profile that signs in to another account than its key is refused, naming both', async () => {
  const place = openTeam(listed.replace('profile: prod', 'profile: default'))
  const { exit, out, err } = await place.run('plan', ...from)
  expect(exit).toBe(3)
  expect(out).toMatch(/^123456789012 +ml-sandbox +dev +4 /m)
  expect(err).toContain('Profile default signs in to account 123456789012, not 210987654321.')
  const twice = await place.run('plan', ...from, '--profile', 'dev', '--profile', 'default')
  expect(twice).toMatchObject({ exit: 3, out: '' })
  expect(twice.err).toContain('Profiles dev and default are the same account, 123456789012.')
})

test.concurrent('flags take a part of the list, with its Region, and nothing beside it', async () => {
  const place = openTeam(
    `accounts: { "${dev}": { profile: x, region: us-east-1 }, "999999999999": { profile: y } }\n`,
  )
  const part = await place.run('plan', ...from, '--profile', 'dev')
  expect(part.exit).toBe(3)
  expect(part.err).toContain('ml-prod')
  expect(part.err).toContain('us-east-1')
  const other = await place.run('plan', ...from, '--profile', 'prod')
  expect(other).toMatchObject({ exit: 3, out: '' })
  expect(other.err).toContain('This is account 210987654321, which the grants file does not list.')
  expect(other.err).toContain('123456789012 (x), 999999999999 (y)')
})

test.concurrent('apply: agreed to in all before anything is sent in any', async () => {
  const place = openTeam()
  for (const [flags, exit, says] of [
    [[], 4, 'The plans make 8 changes in 2 accounts, and nobody agreed to them.'],
    [['--confirm', 'ml-sandbox', '--confirm', 'nobody'], 4, '--confirm "nobody" is none of these accounts.'],
    [['--yes', '--journal', 'a'], 3, '--journal names one file'],
    [['--dry-run'], 0, 'Nothing was sent.'],
  ] as const) {
    const ran = await place.run('apply', ...from, ...flags)
    expect(ran.exit, says).toBe(exit)
    expect(ran.err).toContain(says)
  }
  expect(readdirSync(place.folder).filter((name) => name.endsWith('.jsonl'))).toEqual([])
  const { exit, out, err } = await place.run('apply', ...from, '--yes')
  expect({ exit, out }).toEqual({ exit: 0, out: 'ml-sandbox: 4 of 4 done.\nml-sandbox-prod: 4 of 4 done.\n' })
  expect(err.indexOf('ml-sandbox (123456789012), profile dev')).toBeGreaterThan(err.indexOf('ACCOUNT'))
  expect(readdirSync(place.folder).filter((name) => name.endsWith('.jsonl'))).toHaveLength(2)

  writeGrants(place, listed, grants.split('\n').slice(0, 1).join('\n'))
  const prune = ['apply', ...from, '--prune', '--allow-delete', '2'] as const
  const half = await place.run(...prune, '--confirm', 'ml-sandbox')
  expect(half).toMatchObject({ exit: 4, out: '' })
  expect(half.err).toContain('The plans need --confirm ml-sandbox-prod.')
  const few = await place.run('apply', ...from, '--prune', '--confirm', 'ml-sandbox', '--confirm', prod)
  expect(few).toMatchObject({ exit: 4, out: '' })
  expect(few.err).toContain('2 policies and roles')
  const lines = (await place.run(...prune, '--confirm', 'ml-sandbox', '--confirm', prod, '--json')).out
  const events = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events.slice(0, -1).every(({ account }) => accounts.includes(account))).toBe(true)
  expect(events.at(-1)).toMatchObject({
    ...{ version: 1, event: 'finished', ok: true, done: 4, failed: 0, journal: null },
    accounts: [
      { account: dev, profile: 'dev', ok: true, done: 2 },
      { account: prod, profile: 'prod', ok: true, done: 2 },
    ],
  })
})

test.concurrent('after an account that failed the others are not begun, and the line that goes on is right', async () => {
  const place = openTeam()
  await change(place, 'dev', dev, { denied: ['iam:AttachRolePolicy'] })
  const { exit, out, err } = await place.run('apply', ...from, '--yes')
  expect(exit).toBe(8)
  expect(out).toMatch(/^ml-sandbox: \d of 4 done, 1 failed\.\n$/)
  expect(err).toContain('Not begun: ml-sandbox-prod (210987654321), profile prod.')
  const line = /Go on there: mlflow-iam (.+)/.exec(err)?.[1] ?? ''
  expect(line).toBe('apply -f grants.yaml --sandbox --profile prod')
  expect(await place.run(...line.split(' '), '--yes')).toMatchObject({ exit: 0, out: '4 of 4 done.\n' })
  const other = openTeam()
  await change(other, 'dev', dev, { denied: ['iam:CreatePolicy'] })
  const both = await other.run('apply', ...from, '--yes', '--on-error', 'continue', '--json')
  expect(both.exit).toBe(8)
  expect(JSON.parse(both.out.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    ok: false,
    accounts: [
      { account: dev, ok: false },
      { account: prod, ok: true, done: 4 },
    ],
  })
})

test.concurrent('verify: every format tells the accounts apart, and 9 if any differs', async () => {
  const place = openTeam()
  await place.run('apply', ...from, '--profile', 'dev', '--yes')
  const table = await place.run('verify', ...from)
  expect(table.exit).toBe(9)
  expect(table.out).toMatch(
    /profile dev\n[\s\S]*As described[\s\S]*profile prod\n[\s\S]*Not as described: 2 diff/,
  )
  const json = JSON.parse((await place.run('verify', ...from, '--json')).out)
  expect(json).toMatchObject({ ok: false, method: 'read', accounts: [{ ok: true }, { ok: false }] })
  const csv = await place.run('verify', ...from, '--format', 'csv')
  expect(csv.out).toMatch(/^account,principal,server,action,decision,elsewhere\r\n123456789012,arn:/)
  const junit = (await place.run('verify', ...from, '--format', 'junit')).out
  expect(junit).toMatch(/<testsuites tests="4" failures="2">[\s\S]*profile dev" tests="2" failures="0"/)
  expect(await place.run('verify', ...from, '--format', 'html')).toMatchObject({ exit: 3, out: '' })
  expect(await place.run('verify', ...from, '--format', 'html', '-o', 'reports')).toMatchObject({ exit: 9 })
  expect(readdirSync(join(place.folder, 'reports'))).toEqual(accounts.map((id) => `${id}.html`))
  await change(place, 'prod', prod, { signIn: 'invalid' })
  const broken = await place.run('verify', ...from, '--format', 'junit')
  expect(broken.exit).toBe(5)
  expect(broken.out).toMatch(/<testsuites tests="3" failures="0" errors="1">/)
})

test.concurrent('show, snapshot and export keep a part for each account', async () => {
  const place = openTeam()
  const both = ['--sandbox', '--profile', 'dev', '--profile', 'prod']
  const show = await place.run('show', ...both, '--principal', 'role/ci-trainer')
  expect(show.out).toMatch(/^ml-sandbox \(123456789012\), profile dev\n[\s\S]*^ml-sandbox-prod \(2109/m)
  const json = JSON.parse((await place.run('show', ...both, '--json')).out)
  expect(json.accounts.map((each: { account: string }) => each.account)).toEqual(accounts)
  expect((await place.run('show', ...both, '--format', 'csv')).out).toContain('\r\n210987654321,arn:')
  expect(await place.run('snapshot', ...both, '-o', 'snapshots')).toMatchObject({ exit: 0, out: '' })
  for (const id of accounts) {
    expect(statSync(join(place.folder, 'snapshots', `${id}.json`)).mode & 0o777).toBe(0o600)
    const plan = await place.run('plan', '-f', 'grants.yaml', '--snapshot', `snapshots/${id}.json`, '--json')
    expect(JSON.parse(plan.out)).toMatchObject({ account: id })
  }
  const exported = await place.run('export', ...from, '--format', 'shell', '-o', 'handover')
  expect(exported.exit).toBe(0)
  for (const id of accounts) expect(exported.out).toContain(join('handover', id, 'apply.sh'))
  expect(await place.run('export', ...from, '--format', 'cloudformation', '-o', '-')).toMatchObject({
    exit: 3,
  })
})

test.concurrent('one profile is one account, and what works on one says so', async () => {
  const place = openTeam('', grants)
  const alone = await place.run('show', '--sandbox', '--json')
  expect(await place.run('show', '--sandbox', '--profile', 'dev', '--json')).toEqual(alone)
  expect(await place.run('show', '--sandbox', '--profile', 'dev', '--profile', 'dev', '--json')).toEqual(
    alone,
  )
  const both = ['--sandbox', '--profile', 'dev', '--profile', 'prod']
  for (const words of [['init'], ['rollback', 'x'], ['explain', 'LogMetric'], ['apply', '--resume', 'x']]) {
    const { exit, err } = await place.run(...words, ...both)
    expect([words, exit]).toEqual([words, 3])
    expect(err).toContain('This works on one account at a time.')
  }
  const unknown = await place.run('show', '--sandbox', '--profile', 'staging')
  expect(unknown).toMatchObject({ exit: 3, out: '' })
  expect(unknown.err).toContain('Its accounts are dev (123456789012) and prod (210987654321).')
})

test.concurrent('for five accounts or more it points to StackSets', async () => {
  const ids = [1, 2, 3, 4, 5].map((digit) => `${digit}`.repeat(12))
  const many = (number: number) =>
    `accounts:\n${ids
      .slice(0, number)
      .map((id, index) => `  "${id}": { profile: p${index} }\n`)
      .join('')}`
  const place = openTeam(many(5))
  const five = await place.run('plan', '-f', 'grants.yaml', '--offline')
  expect(five.exit).toBe(0)
  expect(five.err).toContain('5 accounts: CloudFormation StackSets carry one template to all of them.')
  expect(five.out).not.toContain('StackSets')
  writeGrants(place, many(4), grants)
  expect((await place.run('plan', '-f', 'grants.yaml', '--offline')).err).not.toContain('StackSets')
})

test.concurrent('resetting puts both accounts back, or the one that a profile picks', async () => {
  const place = openTeam()
  await place.run('apply', ...from, '--yes')
  const made = async () => {
    const { out } = await place.run('plan', ...from, '--json')
    return JSON.parse(out).accounts.map(
      ({ plan }: { plan: { totals: { adds: number } } }) => plan.totals.adds,
    )
  }
  expect(await made()).toEqual([0, 0])
  await place.run('sandbox', 'reset', '--profile', 'prod')
  expect(await made()).toEqual([0, 4])
  await place.run('sandbox', 'reset')
  expect(await made()).toEqual([4, 4])
})

test.concurrent('profiles of the AWS CLI lead to their accounts, also by way of a role', async () => {
  const open = (embedded: (typeof embeddedAccounts)[number]) => ({
    embedded,
    sandbox: createSandbox({ state: embedded.seed() }),
  })
  const [first, ...others] = embeddedAccounts
  const served = await serveSandbox(routeAccounts([open(first), ...others.map(open)]))
  try {
    const place = openTeam()
    writeFileSync(
      join(place.folder, 'config'),
      `[profile dev]
aws_access_key_id = dev
aws_secret_access_key = x
[profile prod]
role_arn = arn:aws:iam::${prod}:role/Admin
source_profile = dev
`,
    )
    const env = { AWS_CONFIG_FILE: join(place.folder, 'config'), AWS_ENDPOINT_URL: served.url }
    const { exit, out } = await place.runWith({ env }, 'apply', '-f', 'grants.yaml', '--yes')
    expect({ exit, out }).toEqual({
      exit: 0,
      out: 'ml-sandbox: 4 of 4 done.\nml-sandbox-prod: 4 of 4 done.\n',
    })
  } finally {
    await served.close()
  }
})
