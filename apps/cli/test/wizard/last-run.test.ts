import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changedWords } from '../../src/wizard/applied.ts'
import { exitWords } from '../../src/wizard/exit-words.ts'
import { findLastRun } from '../../src/wizard/last-run.ts'
import { drive, keys } from './drive.ts'

const { enter, down, esc, tab, space } = keys

test('the first screen offers to roll the last apply back, shows it as a plan first, and then no longer offers it', async () => {
  const first = await drive()
  const policies = JSON.stringify(first.sandbox.state.policies)
  first.press(enter)
  await first.see('change IAM')
  first.press(enter, enter, enter)
  await first.see('Who gets access?')
  first.press(space, down, space, enter)
  await first.see('0 → 0 actions')
  first.press('2', '>')
  await first.see('create policy')
  first.press('A')
  await first.see('Go back, change nothing')
  first.press(tab, enter)
  await first.see('enter checks that AWS agrees')
  await first.settled()
  expect(JSON.stringify(first.sandbox.state.policies)).not.toBe(policies)

  const second = await drive({ sandbox: first.sandbox, folder: first.folder })
  await second.see(/Roll back the last apply +today \d\d:\d\d · 123456789012 · \d+ changes/)
  const before = (await readdir(join(first.folder, 'drafts'))).length
  second.press('G', enter)
  await second.see('detach policy')
  await second.see('- 1 person and 1 role lose')
  second.press('q')
  expect(second.screen()).toContain('Nothing has changed in AWS. The earlier apply is as it was.')
  expect(exitWords(second.model()).join('\n')).toContain('Nothing has changed in AWS.')
  second.press(esc)
  second.press('A')
  await second.see('Take back what was done in account ml-sandbox')
  second.press('\u001b[200~ml-sandbox\n\u001b[201~')
  await second.see('It matches. enter takes it back.')
  second.press(enter)
  await second.see('taken back in')
  expect(JSON.stringify(second.sandbox.state.policies)).toBe(policies)
  expect(changedWords(second.model())).toMatch(/^\d+ changes of the earlier apply taken back in AWS\.$/)
  await second.settled()
  // Looking at what could be taken back leaves no draft behind.
  expect((await readdir(join(first.folder, 'drafts'))).length).toBe(before)
  expect(await findLastRun(first.folder)).toBeUndefined()
})

test('a journal that cannot be read is passed over', async () => {
  const wizard = await drive()
  await writeFile(join(wizard.folder, 'mlflow-iam-000000000000.journal.jsonl'), '{"journal":"mlflow-iam"')
  expect(await findLastRun(wizard.folder)).toBeUndefined()
  expect(await findLastRun(join(wizard.folder, 'nowhere'))).toBeUndefined()
})
