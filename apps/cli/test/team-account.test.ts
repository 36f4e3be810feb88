import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtInPersonas } from '@mlflow-iam/core/personas/built-in'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { expect, test } from 'vitest'
import { openPlace, type Place } from './run-program.ts'
import { chosenProfiles, expectPersona, timeless } from './team-account.ts'

const sandbox = ['-f', 'grants.yaml', '--sandbox', '-q'] as const
const agreed = ['--confirm', 'ml-sandbox', '--allow-delete', '1'] as const

async function run(place: Place, exit: number, ...args: readonly string[]): Promise<string> {
  const ran = await place.run(...args)
  expect({ args, exit: ran.exit, err: ran.exit === exit ? '' : ran.err }).toEqual({ args, exit, err: '' })
  return ran.out
}

async function read(place: Place, name: string): Promise<Snapshot> {
  await run(place, 0, 'snapshot', '-o', name, '--sandbox', '-q')
  return JSON.parse(readFileSync(join(place.folder, name), 'utf8'))
}

function edit(place: Place, change: (text: string) => string): void {
  const path = join(place.folder, 'grants.yaml')
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}

const head = `version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
`
let before: Promise<Snapshot> | undefined
/** The account as every fresh sandbox has it. */
const seeded = () => {
  before ??= read(openPlace(), 'before.json')
  return before
}

const actionsOf = (name: string) => builtInPersonas.find((persona) => persona.name === name)?.actions ?? []
const grants = (persona: string) =>
  `\ngrants:\n  - persona: ${persona}\n    to:\n${chosenProfiles.map((to) => `      - ${to}\n`).join('')}\n`

test('a seeded account goes from init to an empty plan; a persona changes for 38 profiles at once, and goes back', async () => {
  const place = openPlace()
  const before = await read(place, 'before.json')
  expect(
    [before.servers, before.profiles, before.permissionSets, before.users].map((all) => all.length),
  ).toEqual([3, 131, 27, 12])
  const roles = new Set(before.profiles.map(({ role }) => role ?? 'the default'))
  expect(roles.size).toBe(40)

  await run(place, 0, 'init', '-o', 'grants.yaml', '--sandbox', '-q')
  await run(place, 0, 'plan', ...sandbox, '--prune', '--detailed-exitcode')

  edit(place, (text) => `${text.slice(0, text.indexOf('\n# Not'))}${grants('data-scientist')}`)
  await run(place, 0, 'apply', ...sandbox, '--yes', '--journal', 'first.jsonl')
  const first = await read(place, 'first.json')
  const scientists = expectPersona(before, first, actionsOf('data-scientist'))
  expect(scientists.found).toEqual(scientists.wanted)

  edit(place, (text) => text.replace('persona: data-scientist', 'persona: viewer'))
  const plan = JSON.parse(await run(place, 0, 'plan', ...sandbox, '--json'))
  expect(plan.totals).toEqual({ adds: 20, changes: 0, removes: 19, deletes: 0 })
  const told = plan.findings.map(({ message }: { message: string }) => message).join('\n')
  expect(told).toContain('Role ds-shared is used by 14 SageMaker profiles, all of whom get viewer')
  expect(plan.findings.filter(({ code }: { code: string }) => code === 'access-lost')).toHaveLength(19)
  await run(place, 0, 'apply', ...sandbox, '--confirm', 'ml-sandbox', '--journal', 'second.jsonl')
  await run(place, 0, 'verify', ...sandbox)
  await run(place, 0, 'plan', ...sandbox, '--detailed-exitcode')
  const viewers = expectPersona(before, await read(place, 'second.json'), actionsOf('viewer'))
  expect(viewers.found).toEqual(viewers.wanted)

  await run(place, 0, 'rollback', 'second.jsonl', '--sandbox', ...agreed)
  await run(place, 0, 'rollback', 'first.jsonl', '--sandbox', ...agreed)
  expect(timeless(await read(place, 'after.json'))).toEqual(timeless(before))
  expect(readdirSync(place.folder).filter((name) => name.endsWith('.jsonl'))).toHaveLength(4)
})

test('a persona of the file changes for its 38 profiles in one call, also in a file that was lost', async () => {
  const place = openPlace()
  const before = await seeded()
  const personas = '\npersonas:\n  researcher: { extends: data-scientist, remove: [LogModel] }\n'
  const file = `${head}servers: { ml-dev: {}, ml-prod: {}, ml-staging: {} }\n${personas}${grants('researcher')}`
  writeFileSync(join(place.folder, 'grants.yaml'), file)
  await run(place, 0, 'apply', ...sandbox, '--yes')

  await run(place, 0, 'init', '-o', 'grants.yaml', '--force', '--sandbox', '-q')
  await run(place, 0, 'plan', ...sandbox, '--prune', '--detailed-exitcode')
  edit(place, (text) => text.replace('remove: [LogModel]', 'remove: [DeleteTag, LogModel]'))
  const plan = JSON.parse(await run(place, 0, 'plan', ...sandbox, '--json'))
  expect(plan.operations.map(({ action }: { action: string }) => action)).toEqual(['CreatePolicyVersion'])
  await run(place, 0, 'apply', ...sandbox, '--confirm', 'ml-sandbox', '--journal', 'change.jsonl')
  const wanted = actionsOf('data-scientist').filter((name) => !['LogModel', 'DeleteTag'].includes(name))
  const researchers = expectPersona(before, await read(place, 'after.json'), wanted)
  expect(researchers.found).toEqual(researchers.wanted)
})

test('users, permission sets, a domain, tags, all servers and an App stay as they are after init', async () => {
  const place = openPlace()
  const users = 'ana ben chen dara elif farid greta hana ivan rosa ben.legacy root-admin'.split(' ')
  const file = `${head}servers:
  ml-dev: {}
  ml-prod: {}
  staging: { tag: { env: staging } }
  any: { all: true }
  genai: { app: "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-ABC123", access: full }
roles:
  tracking-server: { name: mlflow-tracking-server, buckets: [ml-prod-mlflow], registry: true }
  sagemaker: { name: mlflow-sagemaker }
grants:
  - { to: [${users.map((name) => `user/${name}`).join(', ')}], persona: viewer, on: [ml-dev, ml-prod] }
  - { to: profile/d-abc123/ana-silva, persona: [viewer, model-consumer], on: ml-dev, until: 2027-03-31 }
  - { to: domain/d-abc123, persona: auditor, on: any }
  - { to: [permission-set/MLScientist, permission-set/MLEngineer], persona: data-scientist, on: staging }
  - { to: group/ml-reviewers, persona: model-approver, on: genai }
  - { to: user/ana, add: [DeleteRun], on: ml-dev, when: { mfa: true, ip: [203.0.113.0/24] } }
  - { to: role/lab-notebooks, persona: use-mlflow, on: ml-dev, policy-name: EverythingInMlDev }
`
  writeFileSync(join(place.folder, 'grants.yaml'), file)
  await run(place, 0, 'apply', ...sandbox, '--confirm', 'ml-sandbox')
  const drawn = await run(place, 0, 'init', '-o', 'grants.yaml', '--force', '--sandbox', '--json')
  expect(drawn).not.toContain('is ours')
  await run(place, 0, 'plan', ...sandbox, '--prune', '--detailed-exitcode')
  await run(place, 0, 'verify', ...sandbox)
})
