import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { program } from '../run-program.ts'
import { keys } from './drive.ts'
import { openTerminalPlace } from './terminal.ts'

const { enter, tab, space, esc, ctrlU } = keys

if (!existsSync(program)) throw new Error('The program is not built: npm run build')

test('a shared role is split and a hand-made policy taken over, from the first key to what AWS says afterwards', async () => {
  const place = openTerminalPlace()
  const terminal = place.open(['--sandbox'])
  await terminal.see('What would you like to do?')
  terminal.type(enter)
  await terminal.see('change IAM')
  terminal.type(enter)
  await terminal.see('Two service roles')
  terminal.type(enter)
  await terminal.see('3 ticked')
  terminal.type(`jjj${space}`)
  await terminal.see('A viewer on genai can delete')
  terminal.type(esc)
  await terminal.see('3 ticked')
  terminal.type(enter)
  await terminal.see('Who gets access?')
  terminal.type(`${tab}${tab}${tab}/ana-silva${enter}s`)
  await terminal.see('Apps and spaces of ana-silva that run now keep ds-shared')
  terminal.type(enter)
  await terminal.see('ana-silva gets a role of its own')
  terminal.type(`/${ctrlU}chen-wei${enter}${space}`)
  await terminal.see('Ticked: 2 profiles')
  terminal.type('>')
  await terminal.see('2 rows')
  terminal.type(`1/chen${enter}`)
  await terminal.see('1 of 2 rows')
  terminal.type('t')
  await terminal.see('Take LegacyMLAccess over?')
  terminal.type(enter)
  await terminal.see('LegacyMLAccess is taken over')
  terminal.type('>')
  await terminal.see('update user profile')
  await terminal.see('detach policy')
  terminal.type('A')
  await terminal.see('Type the account alias to apply')
  terminal.type('ml-sandbox')
  await terminal.see('It matches')
  terminal.type(enter)
  await terminal.see('enter checks that AWS agrees')
  terminal.type(enter)
  await terminal.see('1 as planned · 1 more than planned · 0 different')
  terminal.type('q')
  expect((await terminal.ended).exitCode).toBe(0)
  const text = await readFile(join(place.folder, 'state/mlflow-iam/sandbox.json'), 'utf8')
  const { profiles, roles } = JSON.parse(text) as {
    readonly profiles: readonly { readonly name: string; readonly role?: string }[]
    readonly roles: readonly { readonly name: string; readonly attached: readonly string[] }[]
  }
  expect(profiles.find((profile) => profile.name === 'ana-silva')?.role).toMatch(
    /:role\/mlflow-iam-ana-silva-/,
  )
  expect(profiles.find((profile) => profile.name === 'ben-okafor')?.role).toMatch(/:role\/ds-shared$/)
  expect(roles.find((role) => role.name === 'chen-exec')?.attached.join()).not.toContain('LegacyMLAccess')
}, 120_000)
