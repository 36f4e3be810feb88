import { readdirSync } from 'node:fs'
import { createSandbox, type Sandbox, seedTeam, withFaults } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { drive, keys } from './drive.ts'
import { plain } from './plain-drive.ts'

const { enter, down, tab, space } = keys
const reads = ['iam:Get*', 'iam:List*', 'sagemaker:List*', 'sagemaker:Describe*', 'sso:*', 'identitystore:*']

/** A team account that is entered as a session of `trainer`, which may do this and no more. */
function enteredWith(...actions: readonly string[]): Sandbox {
  const caller = { arn: 'arn:aws:sts::123456789012:assumed-role/trainer/night', userId: 'AROA:night' }
  const sandbox = createSandbox({
    state: { ...structuredClone(seedTeam()), caller, authorization: 'policies' },
  })
  allow(sandbox, ...actions)
  return sandbox
}

/** From here on `trainer` may do this and no more. */
function allow(sandbox: Sandbox, ...actions: readonly string[]): void {
  put(sandbox, [{ Effect: 'Allow', Action: [...reads, ...actions], Resource: '*' }])
}

function put({ state }: Sandbox, Statement: readonly object[]): void {
  const document = JSON.stringify({ Version: '2012-10-17', Statement })
  const trainer = state.roles.find(({ name }) => name === 'trainer')
  if (!trainer) throw new Error('the team has no trainer')
  Object.assign(trainer, { inline: [{ name: 'rights', document }] })
}

const writes = ({ calls }: Sandbox) =>
  calls.filter(({ action }) => /^(Create|Attach|Detach|Delete|Put|Set)/.test(action)).length

async function toConfirm(sandbox: Sandbox) {
  const wizard = await drive({ sandbox })
  wizard.press(enter)
  await wizard.see('list MLflow servers')
  wizard.press(enter, enter, enter)
  await wizard.see('Who gets access?')
  wizard.press(space, down, space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', down, '1', '>')
  await wizard.see('create policy')
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  return wizard
}

test('an apply that is certainly refused sends nothing and says what is lacking; whoever may do it, does', async () => {
  const sandbox = enteredWith('iam:CreatePolicy', 'iam:TagPolicy')
  const wizard = await toConfirm(sandbox)
  wizard.press(tab, enter)
  await wizard.see(/You lack \d+ permissions that the plan needs, so nothing was sent\./)
  expect(wizard.screen()).toContain('fix  Export it in Preview')
  expect(wizard.model().run).toMatchObject({
    failure: { why: expect.stringContaining('iam:AttachUserPolicy on') },
  })
  expect(writes(sandbox)).toBe(0)
  expect(readdirSync(wizard.folder).filter((name) => name.endsWith('.jsonl'))).toEqual([])
  allow(sandbox, 'iam:*')
  wizard.press('r')
  await wizard.see('enter checks that AWS agrees')
})

test('taking back what is certainly refused sends nothing; r tries the same again, never the plan', async () => {
  const sandbox = enteredWith('iam:*')
  const before = JSON.stringify(sandbox.state.policies)
  const wizard = await toConfirm(sandbox)
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  allow(sandbox, 'iam:DetachUserPolicy')
  const sent = writes(sandbox)
  wizard.press('U')
  await wizard.see('Take back what was done')
  wizard.press('ml-sandbox', enter)
  await wizard.see(/You lack \d+ permissions that this needs, so it sends nothing\./)
  expect(wizard.screen()).toContain('let someone who has them run it')
  expect(writes(sandbox)).toBe(sent)
  allow(sandbox, 'iam:*')
  wizard.press('r')
  await wizard.see('taken back in')
  expect(JSON.stringify(sandbox.state.policies)).toBe(before)
})

test('a run is not gone on with where what is left is certainly refused; what x leaves out is not asked for', async () => {
  const team = enteredWith('iam:*')
  const fault = { on: 'AttachUserPolicy', times: 1, trouble: { kind: 'deny' } } as const
  const sandbox = withFaults(team, { faults: [fault] })
  const wizard = await toConfirm(sandbox)
  wizard.press(tab, enter)
  await wizard.see('x go on without it')
  const { run } = wizard.model()
  const failed = run.state === 'failed' ? run.tasks.find(({ state }) => state === 'failed') : undefined
  const input = failed?.operation.input
  const Resource = `arn:aws:iam::123456789012:user/${input && 'UserName' in input ? input.UserName : ''}`
  put(team, [
    { Effect: 'Allow', Action: [...reads, 'iam:*'], Resource: '*' },
    { Effect: 'Deny', Action: 'iam:AttachUserPolicy', Resource },
  ])
  const sent = writes(sandbox)
  wizard.press('r')
  await wizard.see('You lack 1 permission that this needs, so it sends nothing.')
  expect(wizard.model().run).toMatchObject({ failure: { why: expect.stringContaining(`on ${Resource}`) } })
  expect(writes(sandbox)).toBe(sent)
  wizard.press('x')
  await wizard.see('1 change left out, the rest is done.')
  allow(team, 'iam:*')
  wizard.press('r')
  await wizard.see('enter checks that AWS agrees')
})

const applying = ['1', '', '', '', 'ml-dev', '', '/ana', '1', 'done', 'set viewer on all for all', 'done']

test('plain mode looks before an apply and before taking it back, too, and goes back to the preview', async () => {
  const sandbox = enteredWith('iam:CreatePolicy')
  const lacking = await plain([...applying, 'apply', 'yes', 'quit'], sandbox)
  expect(lacking.said).toMatch(
    /You lack \d+ permissions? that the plan needs[\s\S]*Fix: Export it in Preview[\s\S]*Step 6 of 8/,
  )
  expect(lacking.left).toEqual([])
  expect(writes(sandbox)).toBe(0)
  allow(sandbox, 'iam:*')
  const done = await plain(['1', '1', 'apply', 'yes'], sandbox, lacking.folder)
  expect(done.said).toMatch(/Done: (\d+) of \1/)
  allow(sandbox, 'iam:DetachUserPolicy')
  const sent = writes(sandbox)
  const refused = await plain(['roll back', '1', 'apply', 'ml-sandbox', 'quit'], sandbox, lacking.folder)
  expect(refused.said).toMatch(/You lack \d+ permissions? that this needs[\s\S]*Step 6 of 8/)
  expect(refused.left).toEqual([])
  expect(writes(sandbox)).toBe(sent)
  allow(sandbox, 'iam:*')
  const back = await plain(['roll back', '1', 'apply', 'ml-sandbox'], sandbox, lacking.folder)
  expect(back.said).toMatch(/Taken back: (\d+) of \1 in/)
})
