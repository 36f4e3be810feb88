import { Problem } from '@mlflow-iam/core/problem'
import { expect, test } from 'vitest'
import type { WizardAccount } from '../../src/wizard/account.ts'
import { exitCodeOf } from '../../src/wizard/exit-code.ts'
import { driveToPeople, keys } from './drive.ts'

const { enter, esc, tab, space, ctrlC } = keys

/** On Verify, after ana was given something. */
async function toVerify(verify: WizardAccount['verify'] | undefined) {
  const wizard = await driveToPeople({ wrap: (account) => (verify ? { ...account, verify } : account) })
  wizard.press(space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('1', '>')
  await wizard.see('create policy')
  wizard.press('A')
  await wizard.see('Go back, change nothing')
  wizard.press(tab, enter)
  await wizard.see('enter checks that AWS agrees')
  wizard.press(enter)
  return wizard
}

const anaOnDev = {
  principal: 'arn:aws:iam::123456789012:user/ana',
  server: 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-dev',
}

const differs: WizardAccount['verify'] = async () => ({
  ok: false,
  access: [],
  differences: [
    { ...anaOnDev, missing: ['sagemaker-mlflow:GetRun'], extra: [], because: 'It was taken away.' },
  ],
  method: 'policies as read',
})

test('a check that agrees ends with 0; one that found differences with 9, however the wizard is left', async () => {
  const agrees = await toVerify(undefined)
  await agrees.see('1 as planned')
  agrees.press('q')
  expect(exitCodeOf(agrees.model())).toBe(0)
  for (const leave of [['q'], [ctrlC, enter]]) {
    const wizard = await toVerify(differs)
    await wizard.see('Does AWS agree?')
    wizard.press(...leave)
    expect(wizard.model().exit).toMatchObject({ code: 0 })
    expect(exitCodeOf(wizard.model())).toBe(9)
  }
})

test('what could not be read is neither as planned nor different, and ends with the code of `verify` for it', async () => {
  const because = 'What AdministratorAccess says could not be read.'
  const unknown = [{ ...anaOnDev, actions: ['sagemaker-mlflow:DeleteRun'], because }]
  const wizard = await toVerify(async () => ({
    ...{ ok: false, access: [], differences: [], unknown },
    method: 'policies as read',
  }))
  await wizard.see('! 0 as planned · 0 more than planned · 0 different · 1 not known')
  expect(wizard.screen()).toMatch(/ana .*1 unknown .*not known/)
  expect(wizard.screen()).toContain(because)
  wizard.press(enter)
  expect(wizard.screen()).toContain('not known: sagemaker-mlflow:DeleteRun')
  wizard.press(esc, 'q')
  expect(exitCodeOf(wizard.model())).toBe(6)
})

test('whoever looked at something else since then leaves with 0; a second Ctrl-C is an interrupt all the same', async () => {
  const wizard = await toVerify(differs)
  await wizard.see('Does AWS agree?')
  wizard.press(ctrlC, ctrlC)
  expect(exitCodeOf(wizard.model())).toBe(130)
  const back = await toVerify(differs)
  await back.see('Does AWS agree?')
  back.press(esc, esc)
  await back.see('Nothing to change: AWS is as chosen.')
  back.press('q', enter)
  expect(exitCodeOf(back.model())).toBe(0)
})

test('a check that could not be read ends with the exit code of what kept it', async () => {
  const wizard = await toVerify(async () => {
    throw new Problem('SIGN_IN_EXPIRED', 'Your AWS sign-in has expired.', { why: '', fix: [], exit: 5 })
  })
  await wizard.see('Your AWS sign-in has expired.')
  wizard.press('q')
  expect(exitCodeOf(wizard.model())).toBe(5)
})
