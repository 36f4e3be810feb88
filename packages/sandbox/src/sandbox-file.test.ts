import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AttachUserPolicyCommand, CreateUserCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import { Problem } from '@mlflow-iam/core/problem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clientsOf, refusalOf } from '../test/clients.ts'
import { openSandboxFile } from './sandbox-file.ts'
import { seedTeam } from './seed/seed-team.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  path = join(folder, 'state', 'sandbox.json')
})
afterEach(() => rm(folder, { recursive: true }))

test('what was answered is on disk, for the owner alone, and nothing else is left beside it', async () => {
  const sandbox = await openSandboxFile(path)
  await clientsOf(sandbox).iam.send(new CreateUserCommand({ UserName: 'zoe' }))
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700)
  expect(await readdir(join(folder, 'state'))).toEqual(['sandbox.json'])
  const later = await openSandboxFile(path)
  expect(later.state).toEqual(sandbox.state)
  expect(later.state.users.map((user) => user.name)).toContain('zoe')
})

test('reading alone writes nothing until it is told to save', async () => {
  const sandbox = await openSandboxFile(path)
  await refusalOf(
    clientsOf(sandbox).iam.send(new AttachUserPolicyCommand({ UserName: 'nobody', PolicyArn: 'x' })),
  )
  await rm(path, { force: true })
  const reader = await openSandboxFile(path)
  expect(await readdir(join(folder, 'state'))).toEqual([])
  await reader.save()
  expect(await readdir(join(folder, 'state'))).toEqual(['sandbox.json'])
})

test('two who read and write at the same time lose nothing of each other', async () => {
  const [one, two] = [await openSandboxFile(path), await openSandboxFile(path)]
  const make = (sandbox: typeof one, name: string) =>
    clientsOf(sandbox).iam.send(new CreateUserCommand({ UserName: name }))
  const look = (sandbox: typeof one) => clientsOf(sandbox).iam.send(new ListUsersCommand({}))
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => [
      make(index % 2 === 0 ? one : two, `person-${index}`),
      look(index % 3 === 0 ? one : two),
    ]).flat(),
  )
  for (const each of [one, two]) expect((await look(each)).Users).toHaveLength(12 + 20)
  const third = await openSandboxFile(path)
  expect(third.state.users).toHaveLength(12 + 20)
  expect(await refusalOf(make(third, 'PERSON-3'))).toMatch(/^EntityAlreadyExists/)
})

test('the lock of a process that is gone holds nobody up', async () => {
  const sandbox = await openSandboxFile(path)
  await sandbox.save()
  await writeFile(`${path}.lock`, '4194304')
  await clientsOf(sandbox).iam.send(new CreateUserCommand({ UserName: 'zoe' }))
  expect(await readdir(join(folder, 'state'))).toEqual(['sandbox.json'])
})

function withRow(table: string, row: unknown): string {
  return JSON.stringify({ ...seedTeam(), [table]: [row] })
}

test.each([
  '',
  'no JSON',
  '[]',
  '{"version":2}',
  '{"version":1,"account":"1"}',
  withRow('users', 7),
  withRow('roles', {}),
])('a file that holds %.60j is refused and kept', async (text) => {
  const file = join(folder, 'broken.json')
  await writeFile(file, text)
  const error = await openSandboxFile(file).catch((problem) => problem)
  expect(error).toBeInstanceOf(Problem)
  expect(error).toMatchObject({ code: 'INVALID_SANDBOX_FILE', exit: 3 })
  expect(await readFile(file, 'utf8')).toBe(text)
})

test('a place that cannot be written to is said before anything else happens', async () => {
  await writeFile(join(folder, 'state'), 'a file where the folder should be')
  const error = await openSandboxFile(path)
    .then((sandbox) => sandbox.save())
    .catch((problem) => problem)
  expect(error).toBeInstanceOf(Problem)
})
