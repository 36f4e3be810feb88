import { expect, test, vi } from 'vitest'
import type { AccountChoice, WizardAccount } from '../../src/wizard/account.ts'
import { type Driver, drive, keys } from './drive.ts'
import { plain } from './plain-drive.ts'

const { enter, space, esc } = keys

const choice = (name: string, more: Partial<AccountChoice> = {}): AccountChoice => ({
  name,
  profile: name,
  signIn: 'SSO',
  session: 'not known',
  expired: false,
  ...more,
})

/** An account with several profiles; `chosen` are the names of those that were tried. */
function profiles(choices: readonly AccountChoice[]) {
  const chosen: string[] = []
  const wrap = (account: WizardAccount): WizardAccount => ({
    ...account,
    choices: async () => choices,
    choose: async ({ name }) => void chosen.push(name),
    async identity() {
      const identity = await account.identity()
      return chosen.at(-1) === 'lab' ? { ...identity, account: '210987654321' } : identity
    },
    async observe() {
      const snapshot = await account.observe()
      return chosen.at(-1) === 'lab' ? { ...snapshot, account: '210987654321' } : snapshot
    },
  })
  return { wrap, chosen }
}

/** A draft on Access that was made with profile `team`, and the folder it is in. */
async function drafted(): Promise<Driver> {
  const wizard = await drive({ wrap: profiles([choice('team')]).wrap })
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter, enter, enter)
  await wizard.see('Who gets access?')
  wizard.press(space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2')
  await wizard.settled()
  return wizard
}

test('a draft opens with the profile it was made with, unless the command line names another', async () => {
  const { sandbox, folder } = await drafted()
  const kept = profiles([choice('default'), choice('lab'), choice('team')])
  const second = await drive({ sandbox, folder, wrap: kept.wrap })
  await second.see('Continue draft')
  second.press(enter)
  await second.see('[+DS]')
  expect(kept.chosen).toEqual(['team'])
  const spoken = await plain(['', 'quit'], sandbox, folder, { resume: 'ml-platform', wrap: kept.wrap })
  expect(spoken.said).toContain('Profile (default 3)')
  const asked = profiles([choice('default'), choice('other', { asked: true }), choice('team')])
  const third = await drive({ sandbox, folder, wrap: asked.wrap })
  await third.see('Continue draft')
  third.press(enter)
  await third.see('[+DS]')
  expect(asked.chosen).toEqual(['other'])
})

test('signed in to another account, a draft stays on Account until the right one is chosen', async () => {
  const { sandbox, folder } = await drafted()
  const wrong = profiles([choice('lab', { asked: true }), choice('team')])
  const second = await drive({ sandbox, folder, wrap: wrong.wrap })
  await second.see('Continue draft')
  second.press(enter)
  await second.see('read 3 servers')
  expect(second.model().screen).toBe('account')
  second.press(enter)
  expect(second.screen()).toContain(
    'This draft is for account 123456789012; you are signed in to 210987654321.',
  )
  second.press('j', enter)
  await second.see('[+DS]')
  expect(second.model().screen).toBe('access')
})

test('a draft that is opened after another account was looked at is read anew, and a reading later moves nobody', async () => {
  const { sandbox, folder } = await drafted()
  const both = profiles([choice('lab'), choice('team')])
  const second = await drive({ sandbox, folder, wrap: both.wrap })
  await second.see('Continue draft')
  second.press('j', enter)
  await second.see('read 3 servers')
  expect(both.chosen).toEqual(['lab'])
  second.press(esc)
  await second.see('What would you like to do?')
  second.press('g', 'k')
  await second.see('Continue draft "ml-platform"')
  while (!second.lines().some((line) => line.startsWith(' ❯ Continue draft "ml-platform"'))) second.press('j')
  second.press(enter)
  await second.see('[+DS]')
  expect(both.chosen.at(-1)).toBe('team')
  const { snapshot } = second.model()
  second.press(esc, 'r')
  await vi.waitFor(() => expect(second.model().snapshot).not.toBe(snapshot), 20_000)
  expect(second.model().screen).toBe('people')
})
