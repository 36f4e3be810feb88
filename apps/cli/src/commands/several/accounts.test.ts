import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exitOfSeveral } from './accounts.ts'

const order = [3, 5, 7, 4, 6, 8, 9, 10, 2]

test('of several exit codes the first of 3, 5, 7, 4, 6, 8, 9, 10, 2 counts, whatever their order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, ...order), { maxLength: 6 }), (codes) => {
      const expected = order.find((code) => codes.includes(code)) ?? 0
      expect(exitOfSeveral(codes)).toBe(expected)
    }),
  )
})

test('an interruption is told before all, and no code is lost', () => {
  expect(exitOfSeveral([8, 130])).toBe(130)
  expect(exitOfSeveral([0, 11])).toBe(11)
  expect(exitOfSeveral([])).toBe(0)
})
