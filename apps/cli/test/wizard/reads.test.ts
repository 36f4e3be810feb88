import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import type { WizardAccount } from '../../src/wizard/account.ts'
import { drive, driveToPeople, keys } from './drive.ts'

const { enter, down, tab, space, esc } = keys

const expired = new Problem('SIGN_IN_EXPIRED', 'Your AWS sign-in for profile ml-prod-admin has expired.', {
  why: 'The SSO session ended at 14:31 (ExpiredToken). Nothing was sent.',
  fix: ['aws sso login --profile ml-prod-admin   (L runs it here, r retries)'],
  exit: exitCodes.notSignedIn,
})

/** Fails a call of the account until it is told to work. */
function failing(of: 'identity' | 'observe' | 'plan' | 'verify', error: Error) {
  let broken = true
  const wrap = (account: WizardAccount): WizardAccount => ({
    ...account,
    [of]: (...args: readonly never[]) =>
      broken ? Promise.reject(error) : (account[of] as (...args: readonly never[]) => unknown)(...args),
  })
  return {
    wrap,
    heal() {
      broken = false
    },
  }
}

test('an expired sign-in says what, why and fix on Account, and r goes on in place', async () => {
  const { wrap, heal } = failing('identity', expired)
  const wizard = await drive({ wrap })
  wizard.press(enter)
  await wizard.see('Your AWS sign-in for profile ml-prod-admin has expired.')
  await wizard.see('why  The SSO session ended at 14:31')
  await wizard.see('fix  aws sso login')
  heal()
  wizard.press('r')
  await wizard.see('change IAM')
})

test('a sign-in that expires before the plan is shown there, and r plans once it is renewed', async () => {
  const { wrap, heal } = failing('plan', expired)
  const wizard = await driveToPeople({ wrap })
  wizard.press(space, enter)
  await wizard.see('1 row')
  await wizard.see('0 → 0 actions')
  wizard.press('2', '>')
  await wizard.see('Your AWS sign-in for profile ml-prod-admin has expired.')
  wizard.press(esc)
  await wizard.see('[+DS]')
  heal()
  wizard.press('>', 'r')
  await wizard.see('create policy')
})

test('a sign-in that expires on a later step is renewed there with L, and r goes on in place', async () => {
  for (const of of ['plan', 'verify'] as const) {
    const { wrap, heal } = failing(of, expired)
    const commands: string[] = []
    const wizard = await drive({
      wrap: (account) => ({ ...wrap(account), signInCommand: () => ['aws', 'sso', 'login'] }),
      async run(command) {
        commands.push(command.join(' '))
        heal()
        return 0
      },
    })
    wizard.press(enter)
    await wizard.see('change IAM')
    wizard.press(enter, enter, enter)
    await wizard.see('Who gets access?')
    wizard.press(space, enter)
    await wizard.see('0 → 0 actions')
    wizard.press('2', '>')
    if (of === 'verify') {
      await wizard.see('create policy')
      wizard.press('A')
      await wizard.see('Go back, change nothing')
      wizard.press(tab, enter)
      await wizard.see('enter checks that AWS agrees')
      wizard.press(enter)
    }
    await wizard.see('L signs in; r')
    expect(wizard.lines().at(-1)).toMatch(
      /^ \? help {2}L sign in {2}r (plan|check) again {2}esc back {2}q quit$/,
    )
    wizard.press('L')
    await wizard.see('Signed in. r goes on here.')
    expect(commands).toEqual(['aws sso login'])
    wizard.press('r')
    await wizard.see(of === 'plan' ? 'create policy' : '1 as planned')
  }
})

test('a slow read blocks nothing: steps open, keys act, and the cursor stays where it is', async () => {
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const wizard = await drive({
    wrap: (account) => ({
      ...account,
      async observe() {
        await gate
        return account.observe()
      },
    }),
  })
  wizard.press(enter)
  await wizard.see('You are')
  wizard.press(enter)
  await wizard.see('reading the account; this screen fills by itself')
  wizard.press(enter)
  await wizard.see('[Servers]')
  wizard.press('?')
  await wizard.see('Keys on Servers')
  release()
  await wizard.see('Keys on Servers')
  wizard.press(esc)
  await wizard.see('3 ticked')
  // The step that was passed meanwhile has its defaults all the same.
  wizard.press('<')
  await wizard.see('(•) Reuse    MlflowTracking')
})

test('a denied list says which action is missing, and people are added by ARN', async () => {
  const sandbox = createSandbox()
  const wizard = await drive({
    sandbox,
    wrap: (account) => ({
      ...account,
      async observe() {
        const snapshot = await account.observe()
        const part = { part: 'users', action: 'iam:ListUsers', why: 'AccessDenied' }
        return { ...snapshot, users: [], unknown: [...snapshot.unknown, part] }
      },
    }),
  })
  wizard.press(enter)
  await wizard.see('You can')
  wizard.press(enter, enter, enter)
  await wizard.see('! iam:ListUsers is not allowed here; + adds by ARN.')
  wizard.press('+', 'arn:aws:iam::123456789012:user/ana', enter)
  await wizard.see('Ticked: 1 ARN')
  wizard.press(enter)
  await wizard.see('ana')
})

test('when AWS changed after planning, apply sends nothing and names the change', async () => {
  const wizard = await driveToPeople()
  wizard.press(space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', '>')
  await wizard.see('create policy')
  const other = await driveToPeople({ sandbox: wizard.sandbox })
  other.press(space, enter)
  await other.see('0 → 0 actions')
  other.press('1', '>')
  await other.see('create policy')
  other.press('A')
  await other.see('Go back')
  other.press(tab, enter)
  await other.see('enter checks that AWS agrees')
  const writes = wizard.sandbox.calls.filter((call) => call.action === 'CreatePolicy').length
  wizard.press('A')
  await wizard.see('Go back')
  wizard.press(tab, enter)
  await wizard.see('AWS changed since this plan was made, so nothing was applied.')
  expect(wizard.screen()).toContain('MlflowTracking: attachments')
  expect(wizard.sandbox.calls.filter((call) => call.action === 'CreatePolicy')).toHaveLength(writes)
})

test('copied, raw and saved text is the whole plan, and the route of a copy is said', async () => {
  const wizard = await driveToPeople()
  wizard.press(space, enter)
  await wizard.see('0 → 0 actions')
  wizard.press('2', '>')
  await wizard.see('create policy')
  wizard.press('3', down, 'y')
  await wizard.see('sent to the terminal; if paste is empty press s')
  wizard.press('v')
  await expect.poll(() => wizard.paged.length).toBe(1)
  expect(wizard.copied[0]).toMatch(/^aws iam create-role/)
  expect(wizard.paged[0]).toContain('aws iam attach-user-policy')
  wizard.press('4', 'Y')
  await expect.poll(() => wizard.copied.length).toBe(2)
  const planned = wizard.model().plan
  const sent = planned.state === 'ready' ? planned.value.plan.operations : []
  for (const operation of sent) {
    if (operation.action === 'CreatePolicy')
      expect(wizard.copied[1]).toContain(operation.input.PolicyDocument)
  }
})
