import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { beforeAll, expect, test } from 'vitest'
import { openPlace } from './run-program.ts'

const grants = `version: 1
name: team
account: "123456789012"
region: eu-west-1
servers: { ml-dev: {} }
grants:
  - { to: role/Admin, persona: viewer, on: ml-dev }
`
const place = openPlace()
const root = ['--principal', 'user/root-admin', '--server', 'ml-dev']

/** The account of the sandbox with the grants applied, as it is read by someone who may not read AWS's policies. */
beforeAll(async () => {
  writeFileSync(join(place.folder, 'grants.yaml'), grants)
  const applied = await place.run('apply', '-f', 'grants.yaml', '--sandbox', '--confirm', 'ml-sandbox')
  expect(applied.exit, applied.err).toBe(0)
  expect((await place.run('snapshot', '-o', 'all.json', '--sandbox')).exit).toBe(0)
  const all = JSON.parse(readFileSync(join(place.folder, 'all.json'), 'utf8')) as Snapshot
  const refused = { part: 'managed-policies', action: 'iam:GetPolicy', why: 'AccessDenied' }
  const policies = all.policies.filter(({ arn }) => !arn.includes(':iam::aws:'))
  expect(policies.length).toBeLessThan(all.policies.length)
  const some = { ...all, policies, unknown: [...all.unknown, refused] }
  writeFileSync(join(place.folder, 'some.json'), JSON.stringify(some))
})

const run = (...words: readonly string[]) =>
  place.runWith({ env: { COLUMNS: '200' } }, ...words, '--snapshot', 'some.json')

test('show says unknown of whoever holds a policy that was not read, in every form', async () => {
  const one = await run('show', ...root)
  expect(one.out).toContain('ml-dev: unknown')
  expect(one.out).toMatch(/ {2}LogMetric +unknown/u)
  expect(one.out).not.toContain('none')
  const server = await run('show', '--server', 'ml-dev')
  expect(server.out).toMatch(/root-admin +unknown +\? +\?/u)
  expect(server.out).toMatch(/role\/Admin +viewer +all +3\/8\? /u)
  const list = await place.runWith(
    { env: { COLUMNS: '90' } },
    'show',
    '--server',
    'ml-dev',
    '--snapshot',
    'some.json',
  )
  expect(list.out.replace(/\s+/gu, ' ')).toContain('AdministratorAccess not read')
  const all = await run('show')
  expect(all.out).toMatch(/root-admin/u)
  expect(all.out).toContain('could not be read')
  expect((await run('show', ...root, '--format', 'csv')).out).toContain(',LogMetric,depends,')
})

test('explain names the policy that was not read, and not nobody', async () => {
  const { out } = await run('explain', 'LogMetric', '--server', 'ml-dev')
  expect(out).toMatch(/root-admin\s+ml-dev +unknown +AdministratorAccess \(not read\)/u)
})

test('verify claims no match that it cannot know, and says so by its exit code', async () => {
  const plain = await run('verify', '-f', 'grants.yaml')
  expect([plain.exit, plain.out]).toEqual([0, expect.stringContaining('As described')])
  const strict = await run('verify', '-f', 'grants.yaml', '--strict')
  expect(strict.exit).toBe(6)
  expect(strict.out).toContain('What AdministratorAccess says could not be read.')
  expect(strict.out).toContain('is not known.')
  expect(strict.out).not.toContain('As described')
  const { exit, out } = await run('verify', '-f', 'grants.yaml', '--strict', '--json')
  expect({ exit, ...JSON.parse(out) }).toMatchObject({ exit: 6, ok: false, differences: [], unknown: [{}] })
  const junit = await run('verify', '-f', 'grants.yaml', '--strict', '--format', 'junit')
  expect(junit.out).toContain('failures="0" errors="1"')
  // With everything read, the same account has more than the file says.
  const known = await place.run('verify', '-f', 'grants.yaml', '--strict', '--snapshot', 'all.json')
  expect(known.exit).toBe(9)
})
