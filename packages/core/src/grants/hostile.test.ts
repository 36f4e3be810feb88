import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryDraft } from '../../test/arbitrary-draft.ts'
import { issueLines } from '../../test/issue-lines.ts'
import { type InputIssue, Problem } from '../problem.ts'
import { parseGrants } from './parse-grants.ts'
import { writeGrants } from './write-grants.ts'

const head = 'version: 1\nname: a\n'

function issuesOf(text: string): readonly InputIssue[] {
  try {
    parseGrants(text, 'g.yaml')
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error.errors ?? []
  }
}

const letters = [...'abcdefghij']
const bomb = letters.map((name, index) => {
  const inner = Array(10).fill(index === 0 ? 'x' : `*${letters[index - 1]}`)
  return `${name}: &${name} [${inner.join(', ')}]\n`
})

/** Text, and the place and words of the first complaint. */
const cases: Readonly<Record<string, readonly [string, string]>> = {
  'an empty file': ['', '1:1: The file is empty.'],
  'comments alone': ['# nothing\n', '1:1: The file is empty.'],
  'more than 5 MB': [`${head}#${'x'.repeat(5_242_880)}\n`, '1:1: The file has 5242901 bytes.'],
  'more than 5 MB in bytes alone': [`${head}#${'é'.repeat(2_621_440)}\n`, '1:1: The file has 5242901 bytes.'],
  'a picture': [`\uFFFDPNG\r\n\u001A\n${'\0\0\0\rIHDR'.repeat(20)}`, '1:1: This is not a text file.'],
  'bytes that are not UTF-8': [
    `${head}region: eu\uFFFDwest-1\n`,
    '3:9: region: "eu\uFFFDwest-1" is not a Region.',
  ],
  'a NUL': [`${head}# \0\n`, '3:3: There is a NUL character (U+0000).'],
  'a control character': [`${head}# \u0007\n`, '3:3: There is a control character (U+0007).'],
  'an escaped control character': [
    `${head}region: "eu\\0west"\n`,
    '3:9: region: "euU+0000west" holds a control',
  ],
  'half a surrogate pair': [`${head}# \uD83D\n`, '3:3: There is half of a surrogate pair (U+D83D).'],
  'text that shows in another order': [`${head}# \u202E\n`, '3:3: There is an invisible character (U+202E).'],
  'a carriage return alone': [`${head}# a\rregion: x\n`, '3:4: There is a carriage return'],
  'ten thousand open brackets': ['['.repeat(10_000), '1:65: The text nests too deeply.'],
  'ten thousand levels, closed': [
    '['.repeat(10_000) + ']'.repeat(10_000),
    '1:65: The text nests too deeply.',
  ],
  'ten thousand mappings': ['{a: '.repeat(10_000), '1:254: The text nests too deeply.'],
  'ten thousand dashes': ['- '.repeat(10_000), '1:128: The text nests too deeply.'],
  'a staircase of keys': [
    Array.from({ length: 200 }, (_, index) => `${' '.repeat(index)}a:\n`).join(''),
    '64:65: The text nests too deeply.',
  ],
  'aliases that double': [bomb.join(''), '2:12: d.0.7.1: The file uses too many aliases.'],
  'one alias of too much': [
    `${head}servers: &a { ${Array.from({ length: 25_000 }, (_, index) => `s${index}: {}`).join(', ')} }\npersonas: *a\n`,
    'personas.s19999: The file uses too many aliases.',
  ],
  'a million aliases': [
    `a: &a x\nb: [${'*a,'.repeat(1_000_000)}]\n`,
    '2:607: The file uses too many aliases.',
  ],
  'an alias inside what it names': [
    `${head}servers: &a { x: *a }\n`,
    '3:18: servers.x: The alias "*a" stands inside',
  ],
  'a value of megabytes': [
    `${head}region: ${'x'.repeat(1_000_000)}\n`,
    '3:9: There is a very long piece of text',
  ],
  'an open quote': [`name: "${'x\n'.repeat(500_000)}`, '1:7: There is a very long piece of text'],
  'syntax errors by the million': [']\n'.repeat(200_000), '1:1: This is not valid YAML.'],
  'a null character as a key': [`${head}"\\0": 1\n`, '3:1: U+0000: Unknown key "U+0000".'],
}

describe('refuses calmly:', () => {
  test.each(Object.entries(cases))('%s', (_, [text, expected]) => {
    const [first, ...more] = issuesOf(text)
    expect(`${first?.line}:${first?.column}: ${first?.what}`).toContain(expected)
    expect(more.length).toBeLessThan(25)
  })
})

test('names both the bad byte and the value that it spoils', () => {
  const places = issuesOf(`${head}account: "12345678901\0"\n`).map(({ line, column }) => `${line}:${column}`)
  expect(places).toEqual(['3:10', '3:22'])
})

test('thousands of unknown names do not cost a suggestion each', () => {
  const servers = Array.from({ length: 4000 }, (_, index) => `  s${index}: {}\n`).join('')
  const on = Array.from({ length: 4000 }, (_, index) => `x${index}y`).join(', ')
  const issues = issuesOf(
    `${head}servers:\n${servers}grants:\n  - { to: user/a, persona: viewer, on: [${on}] }\n`,
  )
  expect(issues).toHaveLength(4000)
})

test('a chain of ten thousand personas neither overflows nor passes', () => {
  const chain = Array.from(
    { length: 10_000 },
    (_, index) => `  p${index}: { extends: p${index + 1} }\n`,
  ).join('')
  const issues = issuesOf(`${head}personas:\n${chain}  p10000: { extends: viewer }\n`)
  expect(issues.map(({ what }) => what)).toEqual([
    'personas.p9968.extends: The persona "p9968" stands at the end of a long chain.',
  ])
})

test('special keys never reach an object', () => {
  parseGrantsQuietly('{"version": 1, "name": "a", "__proto__": {"polluted": true}}')
  parseGrantsQuietly(`${head}servers: { constructor: { prototype: { polluted: true } } }\n`)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

function parseGrantsQuietly(text: string): void {
  expect(issuesOf(text).length).toBeGreaterThan(0)
}

/** Whatever the text, the answer is a file, or a Problem whose every line has a place in the text. */
function expectCalm(text: string): void {
  const lines = text.split('\n').length
  const issues = issuesOf(text)
  for (const issue of issues) {
    expect(issue.line).toBeGreaterThanOrEqual(1)
    expect(issue.line).toBeLessThanOrEqual(lines)
    expect(issue.column).toBeGreaterThanOrEqual(1)
    for (const part of [issue.what, issue.why, issue.fix]) expect(part).not.toBe('')
  }
  const rendered = issueLines(issues)
  expect(rendered.split('\n').filter((line) => line !== '').length).toBe(issues.length)
  for (const line of rendered.split('\n').slice(0, -1)) expect(line).toMatch(/^g\.yaml:\d+:\d+: \S/)
  const order = issues.map(({ line, column }) => line * 1e6 + column)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
}

test('any text at all is answered calmly', () => {
  const pieces = fc.constantFrom(
    ...[
      'version: 1\n',
      'name: a\n',
      'servers:',
      'grants:',
      ' ',
      '\n',
      '  ',
      '- ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      ',',
    ],
    ...[
      '&a ',
      '*a',
      '!!str ',
      '!x ',
      '"',
      "'",
      '|\n',
      '>\n',
      '#',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '? ',
      '<<',
      '\t',
    ],
    ...[
      '__proto__',
      'null',
      '~',
      '1e999',
      'to: user/ana',
      'persona: viewer',
      '\r',
      '\0',
      '\uD800',
      '\uFEFF',
      '💥',
    ],
  )
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectCalm), { numRuns: 150 })
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      expectCalm,
    ),
    { numRuns: 600 },
  )
})

test('any valid file with something cut, doubled or changed is answered calmly', () => {
  const mutation = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 20 }),
    insert: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom('\n', ': ', '- ', '[', '}', '"', '*x'),
    ),
  })
  fc.assert(
    fc.property(arbitraryDraft, fc.array(mutation, { minLength: 1, maxLength: 4 }), (draft, mutations) => {
      let text = writeGrants(draft)
      for (const { at, length, insert } of mutations) {
        const place = Math.floor(at * text.length)
        text = text.slice(0, place) + insert + text.slice(place + length)
      }
      expectCalm(text)
    }),
    { numRuns: 150 },
  )
})
