import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { everyAction } from './every-action.ts'

test('the plan that tests of scripts run has every action there is', () => {
  const source = readFileSync(new URL('../../src/plan/operation.ts', import.meta.url), 'utf8')
  const inputs = /^export interface OperationInputs \{\n([\s\S]*?)^\}/m.exec(source)?.[1] ?? ''
  const actions = [...inputs.matchAll(/^ {2}([A-Z]\w+):/gm)].map(([, name = '']) => name)
  expect(actions.length).toBeGreaterThan(25)
  const requests = everyAction.operations.flatMap((operation) => [operation, ...operation.inverse])
  const sent = new Set<string>(requests.map(({ action }) => action))
  expect(actions.filter((action) => !sent.has(action))).toEqual([])
})
