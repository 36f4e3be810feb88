import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { oneLine, quoteForShell } from './shell-quote.ts'

/** What bash makes of words: each on its own, ended by a NUL. */
function readByBash(words: readonly string[], locale = 'C.UTF-8'): readonly string[] {
  const script = `printf '%s\\0' ${words.map(quoteForShell).join(' ')}\n`
  const output = execFileSync('bash', ['--norc', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],

    env: { LC_ALL: locale, PATH: '/usr/bin:/bin:/usr/local/bin' },
  })
  return output.toString('utf8').split('\0').slice(0, -1)
}

test('bash reads back every character of the first 512, alone and in company', () => {
  const characters = Array.from({ length: 511 }, (_, index) => String.fromCodePoint(index + 1))
  const words = characters.flatMap((one) => [one, `a${one}b`, `'${one}'`, `${one}0`, `-${one}`, `$(${one})`])
  expect(readByBash(words)).toEqual(words)
  expect(readByBash(words, 'C')).toEqual(words)
})

test('bash reads back any text, and nothing in it is run', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 8 }), (texts) => {
      const words = texts.map((text) => text.replaceAll('\0', ''))
      expect(readByBash(words)).toEqual(words)
    }),
    { numRuns: 60 },
  )
}, 120_000)

test('plain words stay as they are, and others get single quotes', () => {
  expect(quoteForShell('arn:aws:iam::123456789012:policy/a')).toBe('arn:aws:iam::123456789012:policy/a')
  expect(quoteForShell('')).toBe("''")
  expect(quoteForShell("it's")).toBe("'it'\\''s'")
})

test('what a terminal would act on or hide is written so that a reader sees it', () => {
  expect(quoteForShell('a\u001b[2Jb')).toBe("$'a\\033[2Jb'")
  expect(quoteForShell('a\u202eb')).toBe("$'a\\342\\200\\256b'")
})

test('a NUL is refused, since no command line can carry it', () => {
  expect(() => quoteForShell('a\0b')).toThrow(/NUL/)
})

test('a comment stays on its line', () => {
  expect(oneLine('made\nrm -rf /\r\u2028\u0085\u202eend')).toBe('made rm -rf / end')
})
