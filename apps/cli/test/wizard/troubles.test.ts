import { createSandbox, withFaults } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { driveToPeople, keys } from './drive.ts'

const { enter, down, tab, space } = keys

async function toConfirm(sandbox: ReturnType<typeof createSandbox>) {
  const wizard = await driveToPeople({ sandbox })
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', down, '1', '>')
  await wizard.see('create policy')
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  return wizard
}

test('a call that is refused stops the run with what, why and fix; r goes on where it stopped', async () => {
  const sandbox = withFaults(createSandbox(), {
    faults: [{ on: 'AttachUserPolicy', times: 1, trouble: { kind: 'deny' } }],
  })
  const wizard = await toConfirm(sandbox)
  wizard.press(tab, enter)
  await wizard.see('Stopped: plan')
  await wizard.see('why')
  await wizard.see('r retry')
  // What failed, the first of what to do, and what stays done are seen without scrolling.
  for (const [columns, rows] of [
    [80, 24],
    [60, 16],
  ] as const) {
    wizard.resize(columns, rows)
    expect(wizard.screen()).toMatch(/✗ Attachments +\d of \d\n +✗ (ana|ben) /)
    expect(wizard.screen()).toContain('fix  Only an organisation administrator can allow')
    expect(wizard.screen()).toMatch(/\d of 9 done stay done\./)
  }
  wizard.resize(80, 24)
  wizard.press('r')
  await wizard.see('enter checks that AWS agrees')
  wizard.press(enter)
  await wizard.see('2 as planned · 0 more than planned · 0 different')
})

test('x goes on without the row that failed, without asking AWS for it again; r makes up for it', async () => {
  const sandbox = withFaults(createSandbox(), {
    faults: [{ on: 'AttachUserPolicy', times: 1, trouble: { kind: 'deny' } }],
  })
  const wizard = await toConfirm(sandbox)
  wizard.press(tab, enter)
  await wizard.see('x go on without it')
  const failed = wizard.model().run
  const [row] = failed.state === 'failed' ? failed.tasks.filter(({ state }) => state === 'failed') : []
  wizard.press('x')
  await wizard.see('1 change left out, the rest is done.')
  const { run } = wizard.model()
  const states = run.state === 'failed' ? run.tasks.map(({ operation, state }) => [operation.id, state]) : []
  expect(states.filter(([, state]) => state !== 'done')).toEqual([[row?.operation.id, 'skipped']])
  wizard.press('x')
  await wizard.see('Nothing failed; r goes on.')
  wizard.press('r')
  await wizard.see('enter checks that AWS agrees')
})

test('a throttled account is said so in words, and every change is made', async () => {
  const sandbox = withFaults(createSandbox(), {
    faults: [{ on: 'CreatePolicy', times: 2, trouble: { kind: 'throttle' } }],
  })
  const wizard = await toConfirm(sandbox)
  const slow = wizard.see('AWS asked us to slow down')
  wizard.press(tab, enter)
  await slow
  await wizard.see('enter checks that AWS agrees')
  const { run } = wizard.model()
  expect(run.state === 'finished' && run.tasks.every((task) => task.state === 'done')).toBe(true)
})
