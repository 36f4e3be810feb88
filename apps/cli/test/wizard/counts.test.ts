import { mlflowActions } from '@mlflow-iam/core/catalog/actions'
import { expect, test } from 'vitest'
import { drawFrame } from '../../src/wizard/draw.ts'
import type { Model } from '../../src/wizard/model.ts'
import { drive, keys } from './drive.ts'
import { atAccess, press } from './fixture.ts'
import { plain } from './plain-drive.ts'

const { enter, down, right } = keys
const words = (model: Model) =>
  drawFrame(model)
    .lines.map((line) => line.map(({ text }) => text).join(''))
    .join('\n')
const oneOfMany = /(?<![\d,.])1 (actions|changes|calls|rows|people|stay|policies|accounts|members|files)\b/

test('what is one is not called many on the grid, for an action, a row and a person', () => {
  const ui = press(atAccess(), down, right, '/', 'mlflow.get_experiment(', enter)
  expect(words(ui)).toContain('needs 1 action: ')
  for (const [columns, rows] of [
    [60, 16],
    [80, 24],
    [120, 40],
  ] as const)
    for (const model of [ui, press(ui, '+'), press(ui, '+', enter), press(ui, keys.esc, '/', 'ben', enter)])
      expect(words({ ...model, columns, rows })).not.toMatch(oneOfMany)
})

test('what is one is not called many in plain mode, from the grid to the check; its first line says that it is the sandbox', async () => {
  const { said, left } = await plain([
    ...['1', '', '', '', 'ml-dev', '', '/ana', '1', 'done'],
    ...['add GetRun for ana on ml-dev', 'need mlflow.get_experiment for ana on ml-dev', 'personas', 'done'],
    ...['diff', 'apply', 'yes'],
  ])
  expect(left).toEqual([])
  expect(said).toContain('mlflow-iam, plain mode, on the sandbox. Nothing changes')
  expect(said).toContain('ml-dev: hand-picked plus 1, 1 action, was 0.')
  expect(said).toContain('on ml-dev: 0 to 1 action.')
  expect(said).toContain('Needs 1 action. ')
  expect(said).not.toMatch(oneOfMany)
})

test('People counts the actions of tracking servers as `show` does, and Apps beside them; both steps count alike', async () => {
  const wizard = await drive()
  wizard.press(enter)
  await wizard.see(/read 3 servers, 1 App, \d+ users/)
  wizard.press(enter, enter)
  await wizard.see('3 servers, 1 App shown, 3 ticked')
  wizard.press(enter)
  await wizard.see('Who gets access?')
  wizard.press('G')
  await wizard.see(/root-admin .* 61 actions, 1 App$/m)
  expect(mlflowActions).toHaveLength(61)
})
