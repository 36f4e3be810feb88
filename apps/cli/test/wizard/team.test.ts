import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, observeAccount } from '@mlflow-iam/aws'
import { draftFromAccount } from '@mlflow-iam/core/init/draft-from-account'
import { renderDraft } from '@mlflow-iam/core/init/render-draft'
import { builtInPersonas } from '@mlflow-iam/core/personas/built-in'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { expect, test } from 'vitest'
import { exitWords } from '../../src/wizard/exit-words.ts'
import { chosenProfiles, expectPersona, timeless } from '../team-account.ts'
import { type Driver, drive, keys } from './drive.ts'

const { enter, down, left, tab, esc } = keys

test("from init's file, 38 people get another persona with one key; it is applied, verified and taken back", async () => {
  const wizard = await drive()
  const read = (): Promise<Snapshot> =>
    observeAccount(connect({ region: 'eu-west-1', requestHandler: wizard.sandbox.requestHandler, env: {} }))
  const before = await read()
  const gained = async (persona: string) => {
    const actions = builtInPersonas.find(({ name }) => name === persona)?.actions ?? []
    return expectPersona(before, await read(), actions)
  }
  await openInitFile(wizard, before)
  await tickThem(wizard)
  wizard.press(enter)
  await wizard.see('19 rows · 38 people')
  await wizard.see('ana-silva, b… +12 ds-shared ×14')

  wizard.press('a', left, '2')
  await wizard.see('19 rows, 38 people, are now Data scientist on 3 servers. u undoes.')
  wizard.press('>')
  await wizard.see('plan')
  await wizard.see('38 gain')
  await wizard.see('Role ds-shared is used by 14 SageMaker profiles')
  wizard.press('A')
  await wizard.see('It adds access for 38 people')
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  const scientists = await gained('data-scientist')
  expect(scientists.found).toEqual(scientists.wanted)

  wizard.press(esc)
  await wizard.see('Nothing to change: AWS is as chosen.')
  wizard.press(esc)
  await wizard.see('19 rows · 38 people')
  wizard.press('a', '1')
  await wizard.see('19 rows, 38 people, are now Viewer on 3 servers. u undoes.')
  wizard.press('>')
  await wizard.see('38 lose')
  wizard.press('A')
  await wizard.see('This plan takes access away from 38 people:')
  await wizard.see('aaron-exec       loses 24 actions on ml-dev, ml-prod, ml-staging')
  wizard.press('ml-sandbox', enter)
  await wizard.see('enter checks that AWS agrees')
  wizard.press(enter)
  await wizard.see('18 as planned · 1 more than planned · 0 different')
  const viewers = await gained('viewer')
  expect(viewers.found).toEqual(viewers.wanted)
  expect(exitWords(wizard.model()).filter((line) => line.startsWith('Undo: '))).toHaveLength(2)

  wizard.press('U')
  await wizard.see('39 changes of this run will be taken back')
  wizard.press('ml-sandbox', enter)
  await wizard.see('39 changes taken back')
  const back = await gained('data-scientist')
  expect(back.found).toEqual(back.wanted)
  wizard.press('U')
  await wizard.see('20 changes of this run will be taken back')
  wizard.press('ml-sandbox', enter)
  await wizard.see('20 changes taken back')
  expect(timeless(await read())).toEqual(timeless(before))
  expect(exitWords(wizard.model()).join()).not.toContain('Undo: ')
  wizard.press('U')
  expect(wizard.model().applyMode).toBe('run')
  wizard.press('q')
  await wizard.see('What this session changed in AWS was taken back.')
})

/** Writes what `init` writes, opens it, and goes on to the preview. */
async function openInitFile(wizard: Driver, account: Snapshot): Promise<void> {
  const text = renderDraft(draftFromAccount(account, new Date()))
  writeFileSync(join(wizard.folder, 'grants.yaml'), text)
  wizard.press(down, enter)
  await wizard.see('Open which grants file?')
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter, enter, enter)
  await wizard.see('Who gets access?')
}

/** All that share a role by a filter, 16 more by name. */
async function tickThem(wizard: Driver): Promise<void> {
  wizard.press(tab, tab, tab, '/', '-shared', enter, 'a')
  await wizard.see('Ticked: 22 profiles')
  wizard.press('+', chosenProfiles.slice(22).join(' '), enter)
  await wizard.see('Ticked: 38 profiles')
}
