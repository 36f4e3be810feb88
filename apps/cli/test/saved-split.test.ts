import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grantsText, openPlace } from './run-program.ts'

const profile = 'profile/d-abc123/yusuf-demir'
const split = grantsText(
  `  - { to: ${profile}, persona: viewer, on: ml-dev }\n`,
  `split: { ${profile}: { role: yusuf-own } }\n`,
)

test('a saved plan that splits a role is applied; once somebody moved the profile it is stale', async () => {
  const place = openPlace()
  writeFileSync(join(place.folder, 'grants.yaml'), split)
  const from = ['-f', 'grants.yaml', '--sandbox'] as const
  expect(await place.run('plan', ...from, '-o', 'plan.json')).toMatchObject({ exit: 0 })
  const applied = await place.run('apply', 'plan.json', '--sandbox', '--confirm', 'ml-sandbox')
  expect(applied).toMatchObject({ exit: 0 })
  expect(await place.run('verify', 'plan.json', '--sandbox')).toMatchObject({ exit: 0 })
  expect(await place.run('plan', ...from, '--detailed-exitcode')).toMatchObject({ exit: 0 })

  const state = join(place.folder, 'state', 'mlflow-iam', 'sandbox.json')
  await place.run('sandbox', 'reset')
  const account = JSON.parse(readFileSync(state, 'utf8'))
  account.profiles.find(({ name }: { name: string }) => name === 'yusuf-demir').role =
    'arn:aws:iam::123456789012:role/gpu-jobs'
  writeFileSync(state, JSON.stringify(account))
  const stale = await place.run('apply', 'plan.json', '--sandbox', '--confirm', 'ml-sandbox')
  expect(stale.exit).toBe(7)
  expect(stale.err).toContain('yusuf-demir')
  expect(stale.err).not.toContain('was deleted')
})

test('a saved plan that deletes a role is stale once something has come to use that role', async () => {
  const place = openPlace()
  const roles = 'roles: { tracking-server: { name: mlflow-tracking-server, buckets: [ml-prod-mlflow] } }\n'
  const from = ['-f', 'grants.yaml', '--sandbox', '--prune'] as const
  writeFileSync(join(place.folder, 'grants.yaml'), grantsText('  []\n', roles))
  expect(await place.run('apply', ...from, '--yes')).toMatchObject({ exit: 0 })
  writeFileSync(join(place.folder, 'grants.yaml'), grantsText('  []\n'))
  expect(await place.run('plan', ...from, '-o', 'plan.json')).toMatchObject({ exit: 0 })
  const state = join(place.folder, 'state', 'mlflow-iam', 'sandbox.json')
  const account = JSON.parse(readFileSync(state, 'utf8'))
  account.servers.find(({ name }: { name: string }) => name === 'ml-staging').role =
    'arn:aws:iam::123456789012:role/mlflow-tracking-server'
  writeFileSync(state, JSON.stringify(account))
  const agreed = ['--sandbox', '--confirm', 'ml-sandbox', '--allow-delete', '2'] as const
  const stale = await place.run('apply', 'plan.json', ...agreed)
  expect(stale.exit).toBe(7)
  expect(stale.err).toContain('role mlflow-tracking-server: ml-staging uses it by now.')
})
