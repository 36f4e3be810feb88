import { expect, test } from 'vitest'
import { screenIds } from '../wizard/model.ts'
import { stepCount, stepOf } from '../wizard/steps.ts'
import { screens, stepTitle } from './index.ts'

test('drafts, which keep the ids, and the flow have the same steps in the same order', () => {
  expect(screens.map(({ id }) => id)).toEqual(screenIds)
})

test('steps are counted without the first question', () => {
  expect([stepOf('start'), stepOf('verify')]).toEqual([0, stepCount])
  expect(stepTitle('preview')).toBe(`Step ${stepOf('preview')} of ${stepCount}, Preview.`)
})

test('every screen explains its keys on the help sheet', () => {
  for (const { id, help } of screens) expect([id, help.length > 0]).toEqual([id, true])
})
