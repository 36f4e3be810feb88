import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPlace, type Place } from './run-program.ts'

const minutes = 300_000
const there = '210987654321'
const theirs = `arn:aws:sagemaker:eu-west-1:${there}:mlflow-tracking-server/theirs`
const file = `version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers:
  ml-prod: { artifacts: s3://ml-prod-mlflow }
  theirs:
    arn: ${theirs}
    via: arn:aws:iam::${there}:role/mlflow-access
    artifacts: s3://theirs-mlflow/runs
permission-sets:
  MLScientist: { policy: inline }
grants:
  - { to: user/ana, persona: data-scientist, on: [ml-prod, theirs] }
  - { to: permission-set/MLScientist, persona: viewer, on: ml-prod }
`

async function applied(): Promise<Place> {
  const place = openPlace()
  writeFileSync(join(place.folder, 'grants.yaml'), file)
  const ran = await place.run('apply', '-f', 'grants.yaml', '--sandbox', '--confirm', 'ml-sandbox')
  expect(ran).toMatchObject({ exit: 0 })
  return place
}

test(
  'a server of another account: planned, applied, verified, shown and explained, and its side handed out',
  async () => {
    const place = await applied()
    const on = ['-f', 'grants.yaml', '--sandbox'] as const
    const planned = await place.run('plan', ...on, '--detailed-exitcode')
    expect(planned.exit).toBe(0)
    expect(planned.out).toContain(`For account ${there} to do`)
    const { target } = JSON.parse((await place.run('plan', ...on, '--json')).out) as {
      target: { elsewhere: readonly { account: string; roles: readonly object[] }[] }
    }
    expect(target.elsewhere).toMatchObject([{ account: there, roles: [{ role: expect.any(String) }] }])

    const ana = 'arn:aws:iam::123456789012:user/ana'
    const row = { principal: ana, server: theirs, allowed: [], denied: [], elsewhere: [], decidedIn: there }
    for (const method of ['read', 'simulate']) {
      const verified = await place.run('verify', ...on, '--method', method, '--json')
      expect(verified.exit).toBe(0)
      expect(JSON.parse(verified.out)).toMatchObject({ ok: true, access: expect.arrayContaining([row]) })
    }
    expect((await place.run('verify', ...on)).out).toContain(`decided in account ${there}`)
    expect((await place.run('verify', ...on, '--format', 'junit')).out).toContain('<skipped')
    expect((await place.run('verify', ...on, '--format', 'csv')).out).toContain(`decided in account ${there}`)
    expect((await place.run('verify', ...on, '--format', 'html')).out).toContain(
      `decided in account ${there}`,
    )

    const shown = await place.run('show', ...on, '--principal', 'user/ana', '--server', 'theirs', '--json')
    expect(JSON.parse(shown.out)).toEqual({ version: 1, access: [row] })
    const secret = await place.run('show', ...on, '--redact', '--json')
    expect(secret.out).not.toMatch(/210987654321|theirs/)
    const explained = await place.run(
      'explain',
      'LogMetric',
      ...on,
      '--principal',
      'user/ana',
      '--server',
      'theirs',
      '--json',
    )
    expect(JSON.parse(explained.out)).toMatchObject({
      holders: [{ principal: ana, server: theirs, decision: 'decided-elsewhere', account: there }],
    })

    expect(await place.run('export', ...on, '--format', 'shell', '-o', 'out')).toMatchObject({ exit: 0 })
    expect(readdirSync(join(place.folder, 'out', 'other-accounts', there)).sort()).toEqual([
      'mlflow-access.permissions.json',
      'mlflow-access.trust.json',
      'theirs-mlflow.bucket-policy.json',
    ])
    expect(readFileSync(join(place.folder, 'out', 'README.md'), 'utf8')).toContain(
      'aws iam update-assume-role-policy',
    )
  },
  minutes,
)

test(
  'what a hand takes out of our half is a difference, and what a hand writes into a plan is refused',
  async () => {
    const place = await applied()
    writeFileSync(join(place.folder, 'grants.yaml'), file.replace('role/mlflow-access', 'role/another'))
    const verified = await place.run('verify', '-f', 'grants.yaml', '--sandbox', '--json')
    expect(verified.exit).toBe(9)
    expect(verified.out).toContain('sts:AssumeRole')

    const plan = await place.run('plan', '-f', 'grants.yaml', '--sandbox', '-o', 'plan.json')
    expect(plan.exit).toBe(0)
    const text = readFileSync(join(place.folder, 'plan.json'), 'utf8')
    for (const [from, to, said] of [
      ['"buckets": [', '"buckets": [7,', 'target.elsewhere[0].buckets[0]'],
      ['"inline": [', '"inline": [{},', 'target.inline[0].principal'],
    ] as const) {
      writeFileSync(join(place.folder, 'edited.json'), text.replace(from, to))
      const refused = await place.run('export', 'edited.json', '--sandbox', '--format', 'shell', '-o', 'bad')
      expect(refused).toMatchObject({ exit: 3, err: expect.stringContaining(said) })
    }
  },
  minutes,
)
