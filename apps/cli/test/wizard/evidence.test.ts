import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTrailReader } from '@mlflow-iam/core/suggest/read-cloudtrail'
import { expect, test } from 'vitest'
import { drawFrame } from '../../src/wizard/draw.ts'
import { cellsAt } from '../../src/wizard/edit.ts'
import { update } from '../../src/wizard/update.ts'
import { drive, keys } from './drive.ts'
import { atAccess, press } from './fixture.ts'

const { enter, down, esc } = keys
const ana = 'arn:aws:iam::123456789012:user/ana'
const server = 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-dev'

const record = (name: string, more: object = {}) => ({
  userIdentity: { type: 'IAMUser', arn: ana },
  eventTime: '2026-09-01T10:00:00Z',
  eventSource: 'sagemaker.amazonaws.com',
  eventName: `Mlflow${name}`,
  resources: [{ type: 'AWS::SageMaker::MlflowTrackingServer', ARN: server }],
  ...more,
})
const records = JSON.stringify({ Records: [record('CreateRun'), record('LogMetric')] })

function usage() {
  const reader = createTrailReader()
  reader.push(records)
  reader.endFile()
  return reader.usage()
}

const screen = (model: ReturnType<typeof atAccess>) =>
  drawFrame(model)
    .lines.map((line) => line.map((piece) => piece.text).join(''))
    .join('\n')

test('I asks for a path, and only Enter reads it', () => {
  const asked = press(atAccess(), 'I', 'train.py')
  expect(asked.overlay).toMatchObject({ kind: 'input', purpose: 'evidence', field: { text: 'train.py' } })
  const { model, effects } = update(asked, { type: 'key', key: { name: 'enter' } })
  expect(effects).toContainEqual({ type: 'import-evidence', path: 'train.py' })
  expect(model.overlay).toBeUndefined()
})

test('records mark cells and actions as used or unused, and never what CloudTrail does not show', () => {
  const found = { path: 'events.json', reasons: [], undecided: [], usage: usage() }
  const granted = press(atAccess(), '2')
  const told = press(update(granted, { type: 'evidence-found', found }).model, esc)
  expect(screen(told)).toMatch(/DS used/)
  expect(screen(told)).toMatch(/2 used, \d+ unused\./)
  // Ben did nothing on a server with events; of ml-prod there are none at all.
  const both = press(told, down, '2')
  expect(screen(both)).toMatch(/DS unused/)
  expect(screen(press(both, keys.right, '2'))).not.toMatch(/unused\./)
  const opened = press(told, enter, '/', 'Log', enter)
  expect(screen(opened)).toMatch(/LogMetric .*used/)
  expect(screen(opened)).toMatch(/LogParam .*unused/)
  const traces = press(told, enter, '/', 'Trace', enter)
  expect(screen(traces)).not.toContain('unused')
})

test('code marks what it needs with the line, and + gives it', () => {
  const reason = {
    action: 'DeleteRun',
    at: 'train.py:41',
    function: 'mlflow.delete_run',
    evidence: 'measured',
  }
  const found = { path: 'train.py', reasons: [{ ...reason, evidence: 'measured' as const }], undecided: [] }
  const told = update(press(atAccess(), '1'), { type: 'evidence-found', found }).model
  expect(told.overlay).toMatchObject({
    kind: 'list',
    lines: ['DeleteRun: needed by train.py:41', expect.anything()],
  })
  const closed = press(told, esc)
  expect(screen(closed)).toContain('Lacks 1 that code needs: DeleteRun (train.py:41)')
  expect(screen(press(closed, enter, '/', 'DeleteRun', enter))).toContain('needed by train.py:41')
  const added = press(closed, '+')
  expect(cellsAt(added.edit, ana, 'ml-dev')[0]?.add).toEqual(['DeleteRun'])
  expect(press(added, 'u').edit).toBe(closed.edit)
})

test('a path is read where the wizard started; what is not there is said', async () => {
  const wizard = await drive()
  writeFileSync(
    join(wizard.folder, 'train.py'),
    'import mlflow\nmlflow.get_run("r")\ngetattr(mlflow, name)()\n',
  )
  writeFileSync(join(wizard.folder, 'events.json'), records)
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter, enter, enter)
  await wizard.see('Who gets access?')
  wizard.press(keys.space, down, keys.space, enter)
  await wizard.see('2 rows')
  wizard.press('I', 'train.py', enter)
  await wizard.see('Evidence from train.py')
  expect(wizard.model().evidence?.needed).toEqual(new Map([['GetRun', 'train.py:2']]))
  expect(wizard.screen()).toContain('train.py:3')
  wizard.press(esc, 'I', 'events.json', enter)
  await wizard.see('Evidence from events.json')
  expect(wizard.model().evidence?.usage?.events).toBe(2)
  expect(wizard.model().evidence?.needed.size).toBe(1)
  wizard.press(esc, 'I', 'none.py', enter)
  await wizard.see('There is no such file or folder')
}, 60_000)
