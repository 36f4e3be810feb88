import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { essence, signIn } from './account.ts'
import { instantTime } from './instant-time.ts'
import { laggingAccount } from './lagging-account.ts'
import { collect, freshFolder, quietly, scenario } from './scenario.ts'

test('an account that shows writes late is waited for: said as settling, never as an error', async () => {
  const { start, plan } = await scenario()
  const timing = instantTime()
  const sandbox = createSandbox({ state: start })
  const lagMs = 7_000
  const account = laggingAccount(sandbox, timing, lagMs)
  const events = await collect(applyPlan(signIn(account), plan, quietly(freshFolder(), { timing })))
  expect(events.filter(({ event }) => event === 'failed')).toEqual([])
  expect(events.some(({ event }) => event === 'settling')).toBe(true)
  expect(events.at(-1)).toMatchObject({ ok: true })
  const undisturbed = createSandbox({ state: start })
  await collect(applyPlan(signIn(undisturbed.requestHandler), plan, quietly(freshFolder())))
  expect(essence(sandbox.state)).toEqual(essence(undisturbed.state))

  // Nobody loses access on a promise: the first removal comes when the last gift could be seen.
  const gifts = account.log.filter(({ action }) => action.startsWith('Attach'))
  const firstLoss = account.log.find(({ action }) => action.startsWith('Detach'))
  expect(firstLoss?.at).toBeGreaterThanOrEqual(Math.max(...gifts.map(({ at }) => at)) + lagMs)
})

test('waits grow, and differ from each other', async () => {
  const { start, plan } = await scenario()
  const timing = instantTime()
  const account = laggingAccount(createSandbox({ state: start }), timing, 30_000)
  await collect(applyPlan(signIn(account), plan, quietly(freshFolder(), { timing })))
  const waits = timing.slept.slice(0, 6)
  expect(new Set(waits).size).toBe(waits.length)
  expect(Math.max(...timing.slept)).toBeLessThanOrEqual(10_000)
})

test('what AWS never shows stops the run before anything is taken away', async () => {
  const { start, plan } = await scenario()
  const timing = instantTime()
  const sandbox = createSandbox({ state: start })
  // Attachments are never seen, while policies can be used at once.
  const never = laggingAccount(sandbox, { ...timing, now: () => 0 }, 1)
  const account = { handle: never.handle }
  const withoutCreations = {
    ...plan,
    operations: plan.operations.filter(({ action }) => /^(Attach|Detach)/.test(action)).slice(10),
  }
  const existing = new Set(start.policies.map(({ arn }) => arn))
  const operations = withoutCreations.operations.filter(
    (operation) => 'PolicyArn' in operation.input && existing.has(operation.input.PolicyArn),
  )
  const events = await collect(
    applyPlan(signIn(account), { ...plan, operations }, quietly(freshFolder(), { timing, settleMs: 60_000 })),
  )
  const failed = events.flatMap((event) => (event.event === 'failed' ? event.error : []))
  expect(failed).toMatchObject([{ code: 'NOT_VISIBLE', exit: 8 }])
  expect(never.log.some(({ action }) => action.startsWith('Detach'))).toBe(false)
})
