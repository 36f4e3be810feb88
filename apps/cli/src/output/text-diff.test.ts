import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffTexts } from './text-diff.ts'

test('a change is shown between the lines around it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\n'
  expect(diffTexts(before, before.replace('e\n', 'E\nx\n'), ['old', 'new'])).toBe(
    '--- old\n+++ new\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n+x\n f\n g\n h\n',
  )
  expect(diffTexts(before, before, ['old', 'new'])).toBe('')
})

test('texts without a common line, and without an end of line, are shown whole', () => {
  expect(diffTexts('a', 'b\n', ['old', 'new'])).toBe(
    '--- old\n+++ new\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n',
  )
})

test('a very different text is shown in bounded time', () => {
  const lines = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word}${index}\n`).join('')
  expect(diffTexts(lines('a'), lines('b'), ['old', 'new']).split('\n')).toHaveLength(10_004)
})

test('whoever carries the changes out has the other text', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 25 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(patch(before, diffTexts(before, after, ['text', 'text']))).toBe(after)
    }),
  )
})

/** As the program `patch` does, but only where every line stands exactly as the diff says. */
function patch(before: string, diff: string): string {
  const lines = before.split('\n').slice(0, -1)
  const result: string[] = []
  let place = 0
  for (const line of diff.split('\n').slice(2, -1)) {
    const hunk = /^@@ -(\d+),(\d+) /.exec(line)
    if (hunk) {
      const start = Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1)
      result.push(...lines.slice(place, start))
      place = start
    } else if (line.startsWith('+')) result.push(line.slice(1))
    else {
      expect(lines[place]).toBe(line.slice(1))
      if (line.startsWith(' ')) result.push(line.slice(1))
      place += 1
    }
  }
  return [...result, ...lines.slice(place)].map((line) => `${line}\n`).join('')
}
