import { expect, test } from 'vitest'
import { shownCandidates } from '../../src/screens/people.ts'
import { drawFrame } from '../../src/wizard/draw.ts'
import type { Model } from '../../src/wizard/model.ts'
import { visibleRows } from '../../src/wizard/rows.ts'
import { keys } from './drive.ts'
import { press, signedIn, snapshotOf, user } from './fixture.ts'

const names = Array.from({ length: 10_000 }, (_, index) => `person-${String(index).padStart(5, '0')}`)
const large = snapshotOf(names.map((name) => user(name)))

/** Median milliseconds of a key, from the key to the lines of the frame. Printed for people; nothing hangs on it. */
function timed(what: string, model: Model, chunks: readonly string[]): Model {
  const times: number[] = []
  let now = model
  for (const chunk of chunks) {
    const start = performance.now()
    now = press(now, chunk)
    drawFrame(now)
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  console.log(
    `${what}: median ${times[times.length >> 1]?.toFixed(1)} ms, worst ${times.at(-1)?.toFixed(1)} ms`,
  )
  return now
}

test('10,000 people are filtered as you type, and only what is seen is drawn', () => {
  const people = press(signedIn(large), '\r\r\r')
  const filtered = timed('filter 10,000 people', press(people, '/'), [...'person-0421'])
  expect(shownCandidates(filtered)).toHaveLength(10)
  const frame = drawFrame(press(filtered, keys.esc))
  expect(frame.lines).toHaveLength(23)
})

test('500 rows of the grid take held keys in order, and 10,000 filter', () => {
  const grid = press(signedIn(snapshotOf(large.users.slice(0, 500))), '\r\r\r', 'a\r')
  expect(visibleRows(grid)).toHaveLength(500)
  const moved = timed('move in 500 rows', grid, Array(60).fill('j'))
  expect(moved.places.access?.row).toBe(60)
  const burst = press(moved, 'jj2')
  expect(Object.keys(burst.edit.cells)).toEqual(['arn:aws:iam::123456789012:user/person-00062'])
  timed('digit on 500 ticked rows', press(burst, 'a'), ['1', '2', '3'])
  const all = press(signedIn(large), '\r\r\r', 'a\r')
  timed('filter 10,000 rows', press(all, '/'), [...'person-099'])
})
