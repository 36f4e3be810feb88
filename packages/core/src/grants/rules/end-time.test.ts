import { expect, test } from 'vitest'
import { readEndTime } from './end-time.ts'

const fixOf = (text: string) => {
  const read = readEndTime(text)
  return typeof read === 'string' ? read : read.fix
}

test.each([
  ['2027-03-31', '2027-04-01T00:00:00Z'],
  ['2027-03-31T18:00:00Z', '2027-03-31T18:00:00Z'],
  ['2027-03-31T18:00+02:00', '2027-03-31T16:00:00Z'],
  ['2027-03-31T10:57:00+14:00', '2027-03-30T20:57:00Z'],
  ['2027-03-31T18:00:00.999Z', '2027-03-31T18:00:00Z'],
])('%s ends at %s', (text, instant) => {
  expect(readEndTime(text)).toBe(instant)
})

test.each(['2027-03-31T18:00:00', '2027-03-31 18:00:00', '2027-03-31T18:00:00z'])(
  'what to write instead of %s can be read',
  (text) => {
    const suggested = /^Write (\S+) for UTC/.exec(fixOf(text))?.[1] ?? ''
    expect(readEndTime(suggested)).toBe('2027-03-31T18:00:00Z')
  },
)

test.each(['2027-02-29', '2027-13-01', '2027-03-31T24:00:00Z', '2027-03-31T18:00:00+15:00', '1969-01-01'])(
  '%s is refused',
  (text) => {
    expect(readEndTime(text)).toHaveProperty('why')
  },
)
