import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, fit, visible, widthOf, wrap, wrapIndented } from './text.ts'

test('a cut text says so, and wide characters count two cells', () => {
  expect(cut('mlflow', 4)).toBe('mlf…')
  expect(widthOf('界界')).toBe(4)
  expect(cut('界界界', 4)).toBe('界…')
  expect(fit('界', 4)).toBe('界  ')
  expect(fit('12', 4, '…', 'right')).toBe('  12')
})

test('text from outside cannot move the cursor, hide or reorder anything', () => {
  expect(visible('a\u001b[2Jb\u0007\u202ec\u200bd')).toBe('a?[2Jb??c?d')
})

test('no text, cut or fitted, ever takes more cells than it has', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.integer({ min: 1, max: 30 }),
      (text, width) => {
        const safe = visible(text)
        expect(widthOf(cut(safe, width))).toBeLessThanOrEqual(width)
        expect(widthOf(fit(safe, width))).toBe(width)
      },
    ),
  )
})

test('an indented line goes on further in, and loses nothing of its indent', () => {
  expect(wrapIndented('  missing: LogMetric, LogParam', 20)).toEqual([
    '  missing:',
    '    LogMetric,',
    '    LogParam',
  ])
  expect(wrapIndented('  { "a": 1 }', 20)).toEqual(['  { "a": 1 }'])
})

test('wrapping keeps every word', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 }), (words) => {
      const lines = wrap(words.join(' '), 20)
      expect(lines.join(' ').trim()).toBe(words.join(' '))
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(20)
    }),
  )
})
