import { expect, test } from 'vitest'
import { lineWidth } from '../../src/ui/line.ts'
import { drawFrame } from '../../src/wizard/draw.ts'
import { loaded, placeOf } from '../../src/wizard/model.ts'
import { drive, keys } from './drive.ts'

const { enter, down, space } = keys

test('a wide window shows every change beside what it is about, and enter opens its command', async () => {
  const wizard = await drive({ columns: 120, rows: 40 })
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter, enter, enter)
  await wizard.see('Who gets access?')
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', '>')
  await wizard.see('Attachments')
  const plan = loaded(wizard.model().plan)?.plan
  const ana = plan?.operations.findIndex((operation) => operation.action === 'AttachUserPolicy') ?? -1
  const call = plan?.operations[ana]
  const row = () => wizard.lines().find((line) => line.startsWith(' ❯')) ?? ''
  for (let steps = 0; steps < 30 && !row().includes('❯  + ana '); steps += 1) wizard.press('j')
  expect(wizard.screen()).toContain('AttachUserPolicy mlflow-iam-data-scientist-')
  expect(wizard.screen()).toContain('Who     ana: user, nobody else')
  expect(wizard.screen()).toContain('To undo DetachUserPolicy (journalled)')
  expect(drawFrame(wizard.model()).lines.every((line) => lineWidth(line) <= 119)).toBe(true)
  wizard.press('y')
  expect(wizard.copied[0]).toContain('aws iam attach-user-policy')
  wizard.press(enter)
  expect(placeOf(wizard.model()).tab).toBe(2)
  expect(wizard.screen()).toContain(`Call ${ana + 1}`)
  expect(wizard.screen()).toContain(call?.because.slice(0, 40))
  // A window that is made smaller has the summary in one column again.
  wizard.press('1')
  wizard.resize(80, 24)
  expect(wizard.screen()).toContain('Change')
  expect(wizard.screen()).not.toContain('To undo')
})
