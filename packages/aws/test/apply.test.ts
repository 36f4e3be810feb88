import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { signIn } from './account.ts'
import { collect, freshFolder, quietly, scenario } from './scenario.ts'

test('sends exactly the inputs that the plan shows', async () => {
  const { start, plan } = await scenario()
  const counts: Record<string, number> = {}
  for (const operation of plan.operations) counts[operation.action] = (counts[operation.action] ?? 0) + 1
  console.log(
    plan.operations.length,
    counts,
    plan.operations.map((o) => `${o.id} ${o.action} ${o.risk} ${o.narrows ?? ''}`).join('\n'),
  )
  const sandbox = createSandbox({ state: start })
  const events = await collect(applyPlan(signIn(sandbox.requestHandler), plan, quietly(freshFolder())))
  console.log(events.filter((e) => !['sending', 'done'].includes(e.event)))
  expect(events.at(-1)).toMatchObject({ event: 'finished', ok: true })
})
