import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { drive, driveToPeople, keys, sandboxAccount } from './drive.ts'

const { enter, down, tab, space, esc } = keys

async function planned() {
  const wizard = await driveToPeople()
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', down, '1', '>')
  await wizard.see('create policy')
  return wizard
}

test('what was applied is taken back exactly, after its own question', async () => {
  const wizard = await planned()
  const iam = () =>
    JSON.stringify([
      wizard.sandbox.state.users,
      wizard.sandbox.state.roles,
      wizard.sandbox.state.policies.map((policy) => policy.name),
    ])
  const before = iam()
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  // Two people and the new service role, which is none.
  await wizard.see('It adds access for 2 people and 1 role.')
  await wizard.see(/ana +0 → 44 on ml-dev, 0 → 1 on ml-prod and ml-staging \(UI\)$/m)
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  expect(iam()).not.toBe(before)
  wizard.press('U')
  await wizard.see('Take back what was done in account ml-sandbox')
  wizard.press(enter, 'ml-sandbox')
  await wizard.see('It matches')
  wizard.press(enter)
  await wizard.see('taken back in')
  expect(iam()).toBe(before)
  wizard.press(enter)
  await wizard.see('create policy')
})

test('s writes the commands as bash reads them, and each policy as it is sent', async () => {
  const wizard = await planned()
  wizard.press('s')
  await wizard.see('commands.sh and')
  const [folder] = readdirSync(wizard.folder).filter((name) => name.startsWith('mlflow-iam-'))
  const script = join(wizard.folder, folder ?? '', 'commands.sh')
  execFileSync('bash', ['-n', script])
  expect(readFileSync(script, 'utf8')).toContain('aws iam attach-user-policy')
  expect(readdirSync(join(wizard.folder, folder ?? '', 'policies')).length).toBeGreaterThan(0)
})

test('W saves the grants file, keeps the comments of one of the same name, and refuses any other', async () => {
  const wizard = await planned()
  wizard.press(esc)
  await wizard.see('2 rows')
  wizard.press('W', enter)
  await wizard.see('Saved grants.yaml')
  const path = join(wizard.folder, 'grants.yaml')
  writeFileSync(path, `# who is who: see the wiki\n${readFileSync(path, 'utf8')}`)
  wizard.press('4', 'W', enter)
  await wizard.see('Saved grants.yaml')
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('# who is who: see the wiki')
  expect(text).toContain('model-approver')
  writeFileSync(path, 'name: of someone else\n')
  wizard.press('W', enter)
  await wizard.see('is not a grants file')
  expect(readFileSync(path, 'utf8')).toBe('name: of someone else\n')
})

test('a saved grants file opens as the same screens', async () => {
  const first = await planned()
  first.press(esc)
  await first.see('2 rows')
  first.press('W', enter)
  await first.see('Saved grants.yaml')
  first.press('k')
  const grid = first.lines().filter((line) => /user {2,}/.test(line))
  const second = await drive({ sandbox: first.sandbox, folder: first.folder })
  await second.see('Open a grants file')
  const place = second
    .lines()
    .filter((line) => /^ [ ❯] (Continue|Start|Open)/.test(line))
    .findIndex((line) => line.includes('Open'))
  second.press(...Array(place).fill(down), enter)
  await second.see('Open which grants file?')
  second.press(enter)
  await second.see('change IAM')
  second.press(enter, enter, enter, enter)
  await second.see('2 rows')
  await second.see('0 → 44 actions')
  expect(second.lines().filter((line) => /user {2,}/.test(line))).toEqual(grid)
})

test('the hand-over writes what its preview shows', async () => {
  const wizard = await planned()
  wizard.press('E')
  await wizard.see('KB')
  wizard.press(enter)
  await wizard.see('Wrote')
  const [folder] = readdirSync(wizard.folder).filter((name) => name.startsWith('mlflow-iam-'))
  const { files } = wizard.model().exporting
  expect(files?.length).toBeGreaterThan(0)
  for (const file of files ?? []) {
    expect(readFileSync(join(wizard.folder, folder ?? '', file.path))).toHaveLength(file.bytes)
  }
})

test('what a lost file gave, by its own persona and by tag, is filled in whole: nobody loses it', async () => {
  const first = await drive()
  const account = sandboxAccount(first.sandbox, first.folder)
  const { plan } = await account.plan(`version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers: { ml-dev: {}, staging: { tag: { env: staging } } }
personas:
  labeller: { extends: viewer, add: [SetTag] }
grants:
  - { to: user/ana, persona: labeller, on: ml-dev }
  - { to: [user/ben, profile/d-abc123/chen-wei], persona: viewer, on: staging }
`)
  const { signal } = new AbortController()
  for await (const _ of account.apply(plan, { onError: 'stop', signal })) void _
  const wizard = await drive({ sandbox: first.sandbox, folder: first.folder })
  wizard.press(enter)
  await wizard.see('3 rows have access that this tool gave before; it is filled in.')
  expect(wizard.model().edit.servers.map(({ key }) => key)).toEqual([
    'ml-dev',
    'ml-prod',
    'ml-staging',
    'env-staging',
  ])
  wizard.press('>', '>', '>', '>', '>')
  await wizard.see(/= already right +3/)
  await wizard.see('nobody loses')
  const { plan: next } = wizard.model()
  const touched =
    next.state === 'ready' ? next.value.plan.operations.map(({ principal }) => principal) : ['?']
  expect(touched.filter((principal) => /user\/|chen-exec/.test(principal ?? ''))).toEqual([])
})
