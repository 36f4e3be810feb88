import { expect, test } from 'vitest'
import { lineWidth } from '../../src/ui/line.ts'
import { drawFrame } from '../../src/wizard/draw.ts'
import { loaded, placeOf } from '../../src/wizard/model.ts'
import { driveToPeople, keys } from './drive.ts'

const { enter, down, space, tab, esc } = keys

async function toPreview() {
  const wizard = await driveToPeople({ columns: 120, rows: 40 })
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', '>')
  await wizard.see('Attachments')
  const plan = loaded(wizard.model().plan)?.plan
  if (!plan) throw new Error('no plan')
  const focused = () => wizard.lines().find((line) => line.startsWith(' ❯')) ?? ''
  const goTo = (words: string) => {
    wizard.press('1', 'g')
    for (let steps = 0; steps < 30 && !focused().includes(words); steps += 1) wizard.press('j')
    expect(focused()).toContain(words)
  }
  return { wizard, plan, goTo }
}

test('tab goes to the pane beside, which scrolls from the first line to the last and no further', async () => {
  const { wizard, goTo } = await toPreview()
  goTo('mlflow-iam-data-scientist')
  expect(wizard.screen()).toMatch(/… \d+ lines more: tab and ↑↓ scroll, 4 shows it whole/)
  const right = () => wizard.lines().map((line) => line.split('│')[1] ?? '')
  const before = wizard.lines().map((line) => line.split('│')[0])
  wizard.press(tab)
  expect(right().join('\n')).toContain('CreatePolicy mlflow-iam-data-scientist')
  expect(right().join('\n')).toMatch(/↓ \d+ lines more/)
  wizard.press('j'.repeat(300))
  expect(right().join('\n')).toContain('To undo DeletePolicy')
  expect(right().join('\n')).not.toContain('lines more')
  // What is on the left stays as it is, and one key up moves at once.
  expect(wizard.lines().map((line) => line.split('│')[0])).toEqual(before)
  const end = right()
  wizard.press('k')
  expect(right()).not.toEqual(end)
  wizard.press(esc)
  expect(placeOf(wizard.model())).toMatchObject({ column: 0, tab: 0 })
  wizard.press(tab, tab, 'j')
  expect(placeOf(wizard.model()).column).toBe(0)
  expect(wizard.model().screen).toBe('preview')
})

test('3 and 4 stay with the change that is highlighted, and 1 comes back to it', async () => {
  const { wizard, plan, goTo } = await toPreview()
  goTo('mlflow-iam-data-scientist')
  const made = plan.operations.findIndex(
    ({ action, input }) => action === 'CreatePolicy' && input.PolicyName.includes('data-scientist'),
  )
  expect(made).toBeGreaterThan(0)
  wizard.press('4', 'y')
  const { input } = plan.operations[made] as { input: { PolicyDocument?: string } }
  expect(wizard.copied.at(-1)).toBe(input.PolicyDocument)
  expect(wizard.lines().find((line) => line.startsWith(' ❯'))).toContain('mlflow-iam-data-scientist')
  wizard.press('3')
  expect(wizard.screen()).toContain(`Call ${made + 1}`)
  wizard.press('1')
  expect(wizard.lines().find((line) => line.startsWith(' ❯'))).toContain('mlflow-iam-data-scientist')
  // An attachment sends no document: the one of its policy is shown.
  goTo('+ ana ')
  wizard.press('4', 'y')
  expect(wizard.copied.at(-1)).toBe(input.PolicyDocument)
})

test('a wide window shows every change beside what it is about, and enter opens its command', async () => {
  const wizard = await driveToPeople({ columns: 120, rows: 40 })
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
