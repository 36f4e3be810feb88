import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { grantsText } from '../../src/wizard/grants-text.ts'
import { drive, driveToPeople, keys } from './drive.ts'

const { enter, down, right, tab, space, esc } = keys

test('keys alone lead from the first question to access that is applied and verified', async () => {
  const wizard = await drive()
  await wizard.see('What would you like to do?')
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter)
  await wizard.see('Two service roles')
  wizard.press(enter)
  await wizard.see('3 servers, 1 App shown, 3 ticked')
  wizard.press(enter)
  await wizard.see('Who gets access?')
  wizard.press(space, down, space, enter)
  await wizard.see('2 rows')
  await wizard.see('0 → 0 actions')
  wizard.press('2', right, '1')
  await wizard.see(/ana\s+user\s+\+DS\s+\[\+VW\]/)
  wizard.press('>')
  await wizard.see('[1 Summary]')
  await wizard.see('create policy')
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  wizard.press(enter)
  await wizard.see('Does AWS agree?')
  await wizard.see('2 as planned · 0 more than planned · 0 different')
  const ana = wizard.sandbox.state.users.find((user) => user.name === 'ana')
  expect(JSON.stringify(ana)).toContain('mlflow-iam-data-scientist-')
  wizard.press('q')
  expect(wizard.model().exit).toEqual({ code: 0, keepDraft: true })
  await wizard.settled()
  const [draft] = (await readdir(join(wizard.folder, 'drafts'))).filter((name) => name.endsWith('.yaml'))
  const path = join(wizard.folder, 'drafts', draft ?? '')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readFile(path, 'utf8')).toContain('to: user/ana')
})

test('the check counts everyone, also while only problems are shown', async () => {
  const wizard = await driveToPeople()
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('1', '>')
  await wizard.see('create policy')
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  wizard.press(enter)
  await wizard.see('2 as planned')
  wizard.press('f')
  expect(wizard.screen()).toContain('nobody differs; f shows everyone')
  expect(wizard.screen()).toContain('2 as planned · 0 more than planned · 0 different')
  expect(wizard.screen()).toContain('2 rows done')
  wizard.press('f', 'H')
  await wizard.see('Wrote access-review.html')
})

test('a draft opens again at the same step, with the same cells and cursor', async () => {
  const first = await toAccess()
  first.press('2', right, '1', down, right, '4')
  await first.settled()
  const before = first.lines().slice(3)
  const second = await drive({ sandbox: first.sandbox, folder: first.folder })
  await second.see('Continue draft "ml-platform"')
  second.press(enter)
  await second.see('2 rows')
  await second.see('ben on')
  await second.see('→ 27 actions')
  const shown = second.lines().slice(3)
  // The message of the last key is not part of a draft.
  const told = before.findIndex((line) => line.includes('u undoes'))
  expect(shown.filter((_, index) => index !== told)).toEqual(before.filter((_, index) => index !== told))
  // What was done before can still be undone, step by step, and done again.
  const edits = [
    first.model().edit,
    ...first
      .model()
      .past.map(({ edit }) => edit)
      .reverse(),
  ]
  for (const edit of edits.slice(1)) {
    second.press('u')
    expect(second.screen()).toContain('Undid: ')
    expect(grantsText(second.model().edit)).toBe(grantsText(edit))
  }
  second.press('u')
  expect(second.screen()).toContain('Nothing to undo.')
  second.press(...edits.slice(1).map(() => keys.ctrlR))
  expect(grantsText(second.model().edit)).toBe(grantsText(first.model().edit))
})

test('Enter in the preview opens what a line is about: a kind its first call, a finding its risk, a risk its person', async () => {
  const wizard = await drive()
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter, enter, 'jjj', space, enter, enter)
  await wizard.see('Who gets access?')
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', down, right, right, right, '2', '>')
  await wizard.see('create policy')
  const cursor = () => wizard.lines().find((line) => line.startsWith(' ❯')) ?? ''
  const goTo = (words: string) => {
    wizard.press('1')
    for (let steps = 0; steps < 30 && !cursor().includes(words); steps += 1) wizard.press('j')
  }
  goTo('attach policy')
  wizard.press(enter)
  expect(cursor()).toMatch(/aws iam attach-/)
  goTo('ben may do everything on genai')
  wizard.press(enter)
  expect(wizard.screen()).toContain('[5 Risk]')
  expect(cursor()).toContain('ben may do everything on genai')
  wizard.press(enter)
  expect(wizard.screen()).toContain('[2 Diff]')
  expect(cursor()).toMatch(/▾ ben .*0 → 1 on genai/)
})

test('u in the preview takes the last choice back and plans anew; after applying it says what does that', async () => {
  const wizard = await driveToPeople()
  wizard.press(space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', right, '1', '>')
  await wizard.see('create policy')
  const first = wizard.model().plan
  wizard.press('u')
  await wizard.see(/Undid: ana is now Viewer on ml-prod/)
  await wizard.see('create policy')
  expect(wizard.model().plan).not.toEqual(first)
  wizard.press('\u0012')
  await wizard.see('create policy')
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  const applied = wizard.model().plan
  wizard.press('u')
  expect(wizard.screen()).toContain('U rolls that back.')
  expect(wizard.model().plan).toBe(applied)
})

test('a removal is applied only when the alias is typed exactly, and nothing else does anything', async () => {
  const wizard = await toAccess()
  wizard.press('2')
  await applied(wizard)
  wizard.press(esc, esc)
  await wizard.see('2 rows')
  await wizard.see('44 → 44 actions')
  wizard.press('0')
  await wizard.see('44 → 0 actions')
  wizard.press('>')
  await wizard.see('detach policy')
  wizard.press('A')
  await wizard.see('This plan takes access away')
  const writes = wizard.sandbox.calls.length
  wizard.press(enter, 'y', space, enter, 'yes\r', '\u001b[200~ml-sandbox-not\u001b[201~', enter)
  await wizard.see('Not matched yet')
  expect(wizard.model().run.state).not.toBe('running')
  expect(wizard.sandbox.calls.length).toBe(writes)
  wizard.press('\u0015', 'ml-sandbo', enter)
  await wizard.see('Not matched yet')
  wizard.press('x')
  await wizard.see('It matches')
  wizard.press(enter)
  await wizard.see('enter checks that AWS agrees')
  wizard.press(enter)
  await wizard.see('2 as planned')
  const ana = wizard.sandbox.state.users.find((user) => user.name === 'ana')
  expect(JSON.stringify(ana)).not.toContain('mlflow-iam-data-scientist-')
})

async function toAccess() {
  const wizard = await driveToPeople()
  wizard.press(space, down, space, enter)
  await wizard.see('2 rows')
  await wizard.see('0 → 0 actions')
  return wizard
}

async function applied(wizard: Awaited<ReturnType<typeof drive>>) {
  wizard.press('>')
  await wizard.see('create policy')
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
}
