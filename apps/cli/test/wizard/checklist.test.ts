import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Problem } from '@mlflow-iam/core/problem'
import { expect, onTestFinished, test } from 'vitest'
import { type Driver, drive, driveToPeople, keys } from './drive.ts'
import { atAccess, press } from './fixture.ts'

const { enter, down, tab, space, esc } = keys

async function toPeople(options = {}): Promise<Driver> {
  const wizard = await driveToPeople(options)
  return wizard
}

const lastLine = (wizard: Driver) => wizard.lines().at(-1) ?? ''

test('every sheet leads with ?, which shows the keys and comes back to the sheet', async () => {
  const wizard = await toPeople()
  for (const [open, what] of [
    ['o', 'Who this is about'],
    ['q', 'Leave the wizard?'],
  ] as const) {
    wizard.press(open)
    expect(wizard.screen()).toContain(what)
    expect(lastLine(wizard)).toMatch(/^ \? help {2}/)
    wizard.press('?')
    expect(wizard.screen()).toContain('Keys on People')
    wizard.press(esc)
    expect(wizard.screen()).toContain(what)
    wizard.press(esc)
    expect(wizard.model().overlay).toBeUndefined()
  }
  wizard.press('+', '?')
  expect(wizard.screen()).toContain('> ?_')
})

test('the line above Apply names account, region and who is signed in, at 80 and 120 columns', async () => {
  const wizard = await toPeople()
  wizard.press(space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', '>')
  await wizard.see('create policy')
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
  ] as const) {
    wizard.resize(columns, rows)
    const lines = wizard.lines()
    const apply = lines.findIndex((line) => line.includes('A apply here'))
    expect(lines[apply - 1]).toMatch(/ml-sandbox 123456789012 · eu-west-1 · as (assumed-role\/)?Admin\/ana/)
  }
})

test('P in a window that is too small opens plain mode with the draft, and every other key waits', () => {
  const small = { ...atAccess(), columns: 52, rows: 14 }
  expect(press(small, 'q', '2', enter)).toEqual(small)
  const run = { state: 'running' as const, tasks: [], seconds: 0 }
  expect(press({ ...small, run }, 'P').exit).toBeUndefined()
  for (const model of [small, atAccess()])
    expect(press(model, 'P').exit).toEqual({ code: 0, keepDraft: true, plain: true })
})

test('ticks survive filters: three of two filters are counted, and o lists them', async () => {
  const wizard = await toPeople()
  wizard.press('/', 'el', enter, space)
  wizard.press('/', '\u0015', 'ben', enter, space, down, space)
  wizard.press(esc)
  expect(wizard.screen()).toContain('Ticked: 3 users')
  wizard.press('o')
  expect(wizard.screen()).toContain('Ticked, 3:')
  for (const name of ['user/elif', 'user/ben', 'user/ben.legacy']) expect(wizard.screen()).toContain(name)
})

test('a ticks only what the filter shows, and u takes all of it back in one press', async () => {
  const wizard = await toPeople()
  wizard.press(space, '/', 'ben', enter, 'a')
  expect(wizard.model().edit.members.map(({ refs }) => refs[0])).toEqual([
    'user/ana',
    'user/ben',
    'user/ben.legacy',
  ])
  wizard.press('u')
  expect(wizard.model().edit.members.map(({ refs }) => refs[0])).toEqual(['user/ana'])
})

test('who shares a role is one row that says how many; Risk repeats it and o names all of them', async () => {
  const wizard = await toPeople()
  wizard.press(tab, tab, tab, down, down, space)
  expect(wizard.screen()).toContain('all 73 people who use it change with')
  wizard.press(enter)
  await wizard.see('1 row · 73 people')
  await wizard.see('0 → 0 actions')
  wizard.press('2', 'o')
  const { overlay } = wizard.model()
  const named = overlay?.kind === 'list' ? overlay.lines.filter((line) => /^ {2}\S/.test(line)) : []
  expect(named).toHaveLength(73)
  wizard.press(esc, '>')
  await wizard.see('create policy')
  wizard.press('5')
  expect(wizard.screen()).toContain('is used by 73')
  wizard.press(enter)
  expect(wizard.screen()).toContain('[2 Diff]')
  expect(wizard.lines().find((line) => line.startsWith(' ❯'))).toContain('role, 73 people')
})

test('a digit on twelve ticked rows changes twelve cells, says so, and is undone at once', async () => {
  const wizard = await toPeople()
  wizard.press('a', enter)
  await wizard.see('12 rows · 12 people')
  wizard.press('a', '2')
  expect(wizard.screen()).toContain('12 rows, 12 people, are now Data scientist on ml-dev. u undoes.')
  const cells = () =>
    Object.values(wizard.model().edit.cells).filter(
      (row) => row['ml-dev']?.[0]?.personas[0] === 'data-scientist',
    )
  expect(cells()).toHaveLength(12)
  wizard.press('u')
  expect(cells()).toHaveLength(0)
})

test('the JSON tab holds the bytes that are sent', async () => {
  const wizard = await toPeople()
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', down, '1', '>')
  await wizard.see('create policy')
  wizard.press('4', 'Y')
  await wizard.see('Copied')
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  const sent = wizard.sandbox.state.policies
    .filter(({ path }) => path.startsWith('/mlflow-iam/'))
    .map(({ versions }) => versions[0]?.document ?? '')
  expect(sent.length).toBeGreaterThan(1)
  const shown = wizard.copied[0] ?? ''
  for (const document of sent) expect(shown).toContain(document)
})

test('where the alias is asked, a wrong one says so, and esc applies nothing', async () => {
  const wizard = await toPeople()
  wizard.press(space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('5', '>')
  await wizard.see('create policy')
  wizard.press('A')
  await wizard.see('Type the account alias to apply')
  const calls = wizard.sandbox.calls.length
  wizard.press('ml-prod', enter)
  expect(wizard.screen()).toContain('Not matched yet. Enter does nothing until it reads ml-sandbox.')
  wizard.press(esc)
  expect(wizard.model().screen).toBe('preview')
  expect(wizard.model().run.state).toBe('idle')
  wizard.press('A')
  expect(wizard.screen()).not.toContain('ml-prod_')
  expect(wizard.sandbox.calls).toHaveLength(calls)
})

test('L runs the sign-in of this account and waits for it; r then goes on in place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-sign-in-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const token = join(folder, 'token')
  let command = ['sh', '-c', 'exit 3']
  const wizard = await drive({
    run: async ([program = '', ...args]) => {
      try {
        execFileSync(program, args)
        return 0
      } catch (error) {
        return (error as { status: number }).status
      }
    },
    wrap: (account) => ({
      ...account,
      signInCommand: () => command,
      async identity() {
        if (existsSync(token)) return account.identity()
        throw new Problem('SIGN_IN_EXPIRED', 'Your AWS sign-in has expired.', { why: '', fix: [], exit: 5 })
      },
    }),
  })
  wizard.press(enter)
  await wizard.see('Your AWS sign-in has expired.')
  wizard.press('L')
  await wizard.see('sh -c exit 3 ended with 3.')
  command = ['touch', token]
  wizard.press('L')
  await wizard.see('Signed in. r goes on here.')
  wizard.press('r')
  await wizard.see('change IAM')
  expect(wizard.model().screen).toBe('account')
})
