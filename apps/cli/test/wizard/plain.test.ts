import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { drive, keys } from './drive.ts'
import { draftText, plain } from './plain-drive.ts'

const { enter, down, right, tab, space } = keys

test('the same answers give the same grants file and the same plan, byte for byte, in both modes', async () => {
  const sandbox = createSandbox()
  const wizard = await drive({ sandbox })
  await wizard.see('What would you like to do?')
  wizard.press(enter)
  await wizard.see('change IAM')
  wizard.press(enter, enter, enter)
  await wizard.see('Who gets access?')
  wizard.press(space, down, space, tab, tab, tab, space, enter)
  await wizard.see('3 rows')
  await wizard.see('0 → 0 actions')
  // Rows: aaron-blum, ana, ben.
  wizard.press('2', down, '2', right, '1', down, right, '4')
  wizard.press('/', 'aaron', enter, enter, '/', 'LogMetric', enter, down, space, '\u001b', '\u001b', '\u001b')
  wizard.press('>')
  await wizard.see('create policy')
  await wizard.settled()
  const { plan } = wizard.model()
  const answers = [
    '',
    '',
    '',
    '',
    '',
    '',
    'user/ana user/ben',
    'source profiles',
    '/aaron-blum',
    '1',
    'done',
    'set data-scientist on ml-dev for aaron-exec',
    'set 2 on ml-dev for ana',
    'set viewer on ml-prod for ana',
    'set 4 on ml-staging for ben',
    'remove LogMetric for aaron-exec on ml-staging',
    'add LogMetric for aaron-exec on ml-staging',
    'done',
    'quit',
  ]
  const other = await plain(answers, sandbox)
  expect(other.left).toEqual([])
  expect(await draftText(other.folder)).toBe(await draftText(wizard.folder))
  expect(plan.state === 'ready' && other.said.includes(`Plan ${plan.value.plan.id} `)).toBe(true)
})

test('plain mode leads from the first question to access that is applied and verified', async () => {
  const done = await plain([
    '1',
    '',
    '',
    '',
    'ml-dev',
    '',
    '/ana',
    '1',
    'done',
    'set viewer on all for all',
    'done',
    'diff',
    'risk',
    'apply',
    'yes',
  ])
  expect(done.said).toContain(
    'Step 8 of 8, Verify. 1 checked. 1 as planned. 0 more than planned. 0 different.',
  )
  expect(done.code).toBe(0)
  expect(JSON.stringify(done.sandbox.state.users.find((user) => user.name === 'ana'))).toContain(
    'mlflow-iam-viewer-',
  )
})

test('back, quit and the end of the input keep the draft and change nothing in AWS', async () => {
  const sandbox = createSandbox()
  const before = JSON.stringify(sandbox.state.policies)
  const left = await plain(['', '', '', '', '', '', '1', 'done', 'back', 'show', 'quit'], sandbox)
  expect(left.code).toBe(0)
  expect(left.said).toContain('user/ana')
  expect(left.said).toContain('Continue: mlflow-iam --resume ml-platform')
  const ended = await plain(['1', '', ''], sandbox, left.folder)
  expect(ended.code).toBe(4)
  expect(JSON.stringify(sandbox.state.policies)).toBe(before)
})

test('a wrong answer to the last question applies nothing', async () => {
  const sandbox = createSandbox()
  const run = await plain(
    ['1', '', '', '', 'ml-dev', '', '1', 'done', 'set viewer on all for all', 'done', 'apply', 'y', 'quit'],
    sandbox,
  )
  expect(run.said).toContain('Not matched, so nothing was applied.')
  expect(sandbox.calls.some((call) => call.action === 'CreatePolicy')).toBe(false)
})
