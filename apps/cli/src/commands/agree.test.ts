import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Problem } from '@mlflow-iam/core/problem'
import { expect, test } from 'vitest'
import { everyAction } from '../../../../packages/core/test/plans/every-action.ts'
import type { Io } from '../output/io.ts'
import { agreeTo } from './agree.ts'

test('of many reasons the first are told, and how many more there are', async () => {
  const lost = Array.from({ length: 19 }, (_, index) => ({
    level: 'high' as const,
    code: 'access-lost',
    message: `role-${index} loses GetRun on ml-dev.`,
  }))
  const plan: Plan = { ...everyAction, findings: lost }
  const io = { canAsk: false } as Io
  const refusal = await agreeTo(plan, 'ml-sandbox', { yes: true }, io, 'Look.').catch(
    (error: Problem) => error,
  )
  expect(refusal).toMatchObject({ code: 'NEEDS_CONFIRMATION', exit: 4 })
  const { why } = refusal as Problem
  expect(why).toContain('role-3 loses GetRun on ml-dev. And 15 more like these.')
  expect(why).not.toContain('role-4 ')
})
