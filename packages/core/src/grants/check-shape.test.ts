import { expect, test } from 'vitest'
import { checkShape } from './check-shape.ts'

test('a value with more errors than one call can carry shows those of its first entries', () => {
  const { issues, complaints } = checkShape({ version: 1, name: 'a', grants: Array(200_000).fill(1) })
  expect(complaints.map(({ what }) => what)).toEqual(['The file has more errors than can be listed.'])
  expect(issues.length).toBe(200)
})

test('a value that fits has no issues', () => {
  expect(checkShape({ version: 1, name: 'a' })).toEqual({ issues: [], complaints: [] })
})
