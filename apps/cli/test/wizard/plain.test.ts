import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '@mlflow-iam/core/problem'
import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, onTestFinished, test } from 'vitest'
import type { WizardAccount } from '../../src/wizard/account.ts'
import { drive, driveToPeople, keys } from './drive.ts'
import { draftText, plain } from './plain-drive.ts'

const { enter, down, right, tab, space } = keys

test('the same answers give the same grants file and the same plan, byte for byte, in both modes', async () => {
  const sandbox = createSandbox()
  const wizard = await drive({ sandbox })
  await wizard.see('What would you like to do?')
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter, enter, enter)
  await wizard.see('Who gets access?')
  wizard.press(space, down, space, tab, tab, tab, space, enter)
  await wizard.see('3 rows')
  await wizard.see('0 → 0 actions')
  // Rows: aaron-blum, ana, ben.
  wizard.press('2', down, '2', right, '1', down, right, '4')
  wizard.press('/', 'aaron', enter, enter, '/', 'LogMetric', enter, down, space, '\u001b', '\u001b', '\u001b')
  wizard.press('>')
  await wizard.see('create policy')
  await wizard.settled()
  const { plan } = wizard.model()
  const answers = [
    '',
    '',
    '',
    '',
    '',
    '',
    'user/ana user/ben',
    'source profiles',
    '/aaron-blum',
    '1',
    'done',
    'set data-scientist on ml-dev for aaron-exec',
    'set 2 on ml-dev for ana',
    'set viewer on ml-prod for ana',
    'set 4 on ml-staging for ben',
    'remove LogMetric for aaron-exec on ml-staging',
    'add LogMetric for aaron-exec on ml-staging',
    'done',
    'quit',
  ]
  const other = await plain(answers, sandbox)
  expect(other.left).toEqual([])
  expect(await draftText(other.folder)).toBe(await draftText(wizard.folder))
  expect(plan.state === 'ready' && other.said.includes(`Plan ${plan.value.plan.id} `)).toBe(true)
})

test('plain mode leads from the first question to access that is applied and verified', async () => {
  const done = await plain([
    '1',
    '',
    '',
    '',
    'ml-dev',
    '',
    '/ana',
    '1',
    'done',
    'set viewer on all for all',
    'done',
    'diff',
    'risk',
    'apply',
    'yes',
  ])
  expect(done.said).toContain(
    'Step 8 of 8, Verify. 1 checked. 1 as planned. 0 more than planned. 0 different.',
  )
  expect(done.code).toBe(0)
  expect(JSON.stringify(done.sandbox.state.users.find((user) => user.name === 'ana'))).toContain(
    'mlflow-iam-viewer-',
  )
})

test('back, quit and the end of the input keep the draft and change nothing in AWS', async () => {
  const sandbox = createSandbox()
  const before = JSON.stringify(sandbox.state.policies)
  const left = await plain(['', '', '', '', '', '', '1', 'done', 'back', 'show', 'quit'], sandbox)
  expect(left.code).toBe(0)
  expect(left.said).toContain('user/ana')
  expect(left.said).toContain('Continue: mlflow-iam --resume ml-platform')
  const ended = await plain(['1', '', ''], sandbox, left.folder)
  expect(ended.code).toBe(4)
  expect(JSON.stringify(sandbox.state.policies)).toBe(before)
})

test('a wrong answer to the last question applies nothing', async () => {
  const sandbox = createSandbox()
  const run = await plain(
    ['1', '', '', '', 'ml-dev', '', '1', 'done', 'set viewer on all for all', 'done', 'apply', 'y', 'quit'],
    sandbox,
  )
  expect(run.said).toContain('Not matched, so nothing was applied.')
  expect(sandbox.calls.some((call) => call.action === 'CreatePolicy')).toBe(false)
})

const applying = ['1', '', '', '', 'ml-dev', '', '/ana', '1', 'done', 'set viewer on all for all', 'done']

test('plain mode takes the last apply back as the wizard does: shown first, with its own question, and no draft', async () => {
  const done = await plain([...applying, 'apply', 'yes'])
  const { sandbox, folder } = done
  const drafts = await readdir(join(folder, 'drafts'))
  const looking = ['roll back', '1', 'diff', 'apply', 'ml-dev', 'quit']
  const looked = await plain(looking, sandbox, folder)
  expect(looked.said).toContain('Removes access from 1 person and 1 role.')
  expect(looked.said).toContain('ana, user, nobody else, on ml-dev: 20 to 0 actions.')
  expect(looked.said).toContain('Not matched, so nothing was taken back.')
  expect(JSON.stringify(sandbox.state.policies)).toContain('mlflow-iam-viewer')
  const back = await plain(['roll back', '1', 'apply', 'ml-sandbox'], sandbox, folder)
  expect(back.said).toMatch(/Taken back: (\d+) of \1 in/)
  expect(back.said).not.toContain('Undo:')
  expect(back.code).toBe(0)
  expect(JSON.stringify(sandbox.state.policies)).not.toContain('mlflow-iam-viewer')
  expect(await readdir(join(folder, 'drafts'))).toEqual(drafts)
  expect((await plain(['quit'], sandbox, folder)).said).not.toContain('can be taken back')
})

test('P goes on in plain mode at the same step with all that was chosen, and undo still knows the steps', async () => {
  const wizard = await driveToPeople()
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', right, '1', 'P')
  const from = wizard.model()
  expect(from.exit).toMatchObject({ plain: true })
  await wizard.settled()
  const calls = wizard.sandbox.calls.length
  const answers = ['show ana', 'undo', 'show ana', 'back', 'show', 'quit']
  const went = await plain(answers, wizard.sandbox, wizard.folder, { from })
  expect(went.left).toEqual([])
  expect(went.said).toMatch(/Going on where you were[\s\S]*Step 5 of 8, Access./)
  expect(went.said).not.toContain('Profile (default')
  expect(went.said).toMatch(
    /ml-prod: Viewer, 20 actions[\s\S]*Undid: ana is now Viewer[\s\S]*ml-prod: no access/,
  )
  expect(went.said).toContain('Step 4 of 8, People.')
  // What was read is not read again.
  expect(wizard.sandbox.calls).toHaveLength(calls)
  const resumed = await plain(['', 'quit'], wizard.sandbox, wizard.folder, { resume: 'ml-platform' })
  expect(resumed.said).toMatch(/Going on where you were[\s\S]*Step 4 of 8, People./)
  expect(resumed.left).toEqual([])
})

test('P on a finished run goes on with the check, and on a plan that is read with its preview', async () => {
  const wizard = await driveToPeople()
  wizard.press(space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('1', '>')
  await wizard.see('create policy')
  const preview = await plain(['quit'], wizard.sandbox, wizard.folder, { from: wizard.model() })
  expect(preview.said).toMatch(/Going on where you were[\s\S]*Step 6 of 8, Preview./)
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  const done = await plain([], wizard.sandbox, wizard.folder, { from: wizard.model() })
  expect(done.said).toContain('1 checked. 1 as planned.')
  expect(done.code).toBe(0)
})

test('where the check cannot be read, plain mode says so, asks again and ends with its exit code', async () => {
  let readings = 0
  const wrap = (account: WizardAccount): WizardAccount => ({
    ...account,
    async verify(plan) {
      readings += 1
      if (readings === 2) return account.verify(plan)
      throw new Problem('SIGN_IN_EXPIRED', 'Your AWS sign-in has expired.', { why: '', fix: [], exit: 5 })
    },
  })
  const steps = [...applying, 'apply', 'yes']
  const checked = await plain([...steps, 'yes'], undefined, undefined, { wrap })
  expect(checked.said).toMatch(/Your AWS sign-in has expired[\s\S]*1 as planned/)
  expect(checked.code).toBe(0)
  readings = 2
  const unread = await plain([...steps, 'no'], undefined, undefined, { wrap })
  expect(unread.said).toContain('What was applied stays applied; only the check is missing.')
  expect(unread.code).toBe(5)
  readings = 2
  expect((await plain(steps, undefined, undefined, { wrap })).code).toBe(5)
})

test('a grants file that is not there is said as such, and one that is there opens', async () => {
  await expect(plain([], undefined, undefined, { file: 'nope.yaml' })).rejects.toMatchObject({
    code: 'CANNOT_READ',
    why: 'There is no such file or folder.',
    exit: 3,
  })
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-iam-open-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'grants.yaml')
  await writeFile(file, 'version: 1\nname: other\nservers: { ml-dev: {} }\n')
  const { said } = await plain(['', '', '', '', 'quit'], undefined, undefined, { file })
  expect(said).toContain('Servers (default ml-dev)')
})

test('what is said in plain mode names words to answer with, never keys', async () => {
  const cells = ['add LogMetric for ana on ml-dev', 'set 4 on ml-dev for ana', 'plain for ana on ml-dev']
  const { said, left } = await plain([...applying.slice(0, -1), ...cells, 'undo', 'redo', 'done', 'quit'])
  expect(left).toEqual([])
  expect(said).toContain('keeps its exceptions; plain drops them. undo takes it back.')
  expect(said).toContain('redo does it again.')
  expect(said).not.toMatch(/\bu undoes|ctrl-|= drops/)
})

test('an answer that names no draft is asked again, and never starts over a draft that is there', async () => {
  const first = await plain(applying)
  const kept = await draftText(first.folder)
  const again = await plain(['7', 'back', 'nobody', 'ml-platform', '1', 'quit'], first.sandbox, first.folder)
  expect(again.said).toContain('There is no draft "7".')
  expect(again.said).toContain('There is no draft "back".')
  expect(again.left).toEqual([])
  expect(await draftText(first.folder)).toBe(kept)
})

test('save keeps a file of someone else, and takes another name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-iam-save-'))
  const [theirs, ours] = [join(folder, 'theirs.yaml'), join(folder, 'ours.yaml')]
  await writeFile(theirs, 'version: 1\nname: other\n')
  const { said } = await plain([...applying, `save ${theirs}`, `save ${ours}`, 'quit'])
  expect(said).toContain('is not a grants file of the name ml-platform.')
  expect(said).toContain(`Saved ${ours}.`)
  expect(await readFile(theirs, 'utf8')).toBe('version: 1\nname: other\n')
  expect(await readFile(ours, 'utf8')).toContain('persona: viewer')
})

test('what cannot be written, and a rule that there is not, are said and asked again', async () => {
  const wrong = ['1', '', '', '', 'ml-dev', 'by name', ...applying.slice(5)]
  const { said, left } = await plain([...wrong, 'export', 'policies', '/dev/null/there', 'quit'])
  expect(said).toContain('Answer arn, tag, all or back.')
  expect(said).toMatch(/Why: .*ENOTDIR/)
  expect(left).toEqual([])
})
