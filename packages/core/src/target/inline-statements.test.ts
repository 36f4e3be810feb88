import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findStatements } from '../policy/statement-spans.ts'
import { Problem } from '../problem.ts'
import {
  allowTheSame,
  countedSize,
  markedStatements,
  markOf,
  ownStatements,
  replaceOwnStatements,
} from './inline-statements.ts'

const drafts = [
  { sid: 'MlflowActions', actions: ['sagemaker-mlflow:GetRun'], resources: ['arn:aws:sagemaker:::x'] },
  { sid: 'AccountWide', actions: ['sagemaker-mlflow:AccessUI'], resources: ['*'] },
]
const ours = markedStatements('team', drafts)
const put = (text: string | undefined, statements = ours, file = 'team') =>
  replaceOwnStatements(text, file, statements, 'MLScientist')

test('our statements carry a mark of letters and digits that tells one grants file from another', () => {
  for (const { Sid } of ours) expect(Sid).toMatch(/^MlflowIam[0-9a-f]{8}[A-Za-z0-9]+$/)
  expect(markOf(ours[0]?.Sid)).not.toBe(markOf(markedStatements('other', drafts)[0]?.Sid))
  expect(markOf('MlflowActions')).toBeUndefined()
  expect(markOf('MlflowIamNotHexAtAll')).toBeUndefined()
})

describe('what others wrote keeps its bytes', () => {
  // Numbers that a double cannot hold, a member named twice, escapes, members that sort as numbers: all lost by JSON.parse.
  const odd =
    '{"Sid":"X","Effect":"Allow","Action":"s3:Get\\u004fbject","Resource":"*","Condition":{"NumericEquals":{"a":12345678901234567890123},"StringEquals":{"10":"x","9":"y"}}}'
  test.each([
    ['a list in one line', `{"Version":"2012-10-17","Statement":[${odd}]}`],
    [
      'a list on many lines',
      `{\n\t"Statement": [\n\t\t${odd},\n\t\t{"Effect":"Deny","Action":"*","Resource":"*"}\n\t],\n\t"Version": "2008-10-17"\n}\n`,
    ],
    ['one statement alone', `{"Version":"2012-10-17","Statement":${odd}}`],
    ['one statement alone, on lines', `{\n  "Statement":\n ${odd}\n}`],
    ['an Id, and brackets within texts', `{"Id":"a]}\\"[{","Statement":[${odd}]}`],
  ])('%s', (_, text) => {
    const added = put(text) ?? ''
    expect(added).toContain(odd)
    expect(ownStatements(added, 'team')).toEqual(ours)
    expect(put(added)).toBe(added)
    // Another file's come beside them, and go without them.
    const both = put(added, markedStatements('other', drafts), 'other') ?? ''
    expect(ownStatements(both, 'team')).toEqual(ours)
    expect(put(both, [], 'other')).toBe(added)
    const gone = put(added, []) ?? ''
    expect(gone).toContain(odd)
    expect(ownStatements(gone, 'team')).toEqual([])
    if (/"Statement":\s*\[/.test(text)) expect(gone).toBe(text)
  })

  test('any foreign statements at all, in any layout', () => {
    const foreign = fc.record({
      Sid: fc.string(),
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.oneof(fc.string(), fc.array(fc.string())),
      Resource: fc.string(),
      Condition: fc.dictionary(fc.string(), fc.jsonValue()),
    })
    fc.assert(
      fc.property(fc.array(foreign), fc.constantFrom(undefined, 2, '\t'), (statements, space) => {
        const text = JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, space)
        const spans = findStatements(text)?.statements ?? []
        const texts = spans.map(({ start, end }) => text.slice(start, end))
        expect(texts.map((one) => JSON.parse(one))).toEqual(JSON.parse(text).Statement)
        const added = put(text) ?? ''
        for (const one of texts) expect(added).toContain(one)
        expect(JSON.parse(added).Statement).toEqual([...JSON.parse(text).Statement, ...ours])
        const back = put(added, [])
        expect(back).toBe(statements.length === 0 ? undefined : text)
      }),
    )
  })
})

test('nothing there, nothing left: a document of our own, and none', () => {
  const alone = put(undefined) ?? ''
  expect(JSON.parse(alone)).toEqual({ Version: '2012-10-17', Statement: ours })
  expect(put(alone, [])).toBeUndefined()
  expect(put(undefined, [])).toBeUndefined()
  expect(put('')).toBe(alone)
})

test.each([
  'no JSON',
  '[]',
  '"text"',
  'null',
  '{}',
  '{"Statement":"x"}',
  '{"Statement":["x"]}',
  '{"Statement":[],"Statement":[]}',
  '{"Statement":[{}],}',
])('%s is refused, not overwritten', (text) => {
  expect(() => put(text)).toThrow(Problem)
  expect(ownStatements(text, 'team')).toEqual([])
})

test('white space between tokens is not counted, white space in texts is', () => {
  expect(countedSize('{ "a" :\n "b c\\" d" }')).toBe('{"a":"b c\\" d"}'.length)
})

describe('statements that allow the same', () => {
  const one = { Effect: 'Allow', Action: ['a:One', 'a:Two'], Resource: ['x', 'y'] } as const
  const halves = [
    { Sid: 'Second', Effect: 'Allow', Action: 'a:Two', Resource: ['y', 'x'] },
    { Sid: 'First', Effect: 'Allow', Action: 'a:One', Resource: ['x', 'y'] },
  ] as const
  test('may be folded, ordered and named otherwise', () => {
    expect(allowTheSame([one], halves)).toBe(true)
  })
  test.each([
    ['less', { ...one, Action: 'a:One' }],
    ['under a condition', { ...one, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }],
    ['the opposite', { ...one, Effect: 'Deny' as const }],
    ['all but something', { Effect: 'Allow' as const, NotAction: one.Action, Resource: one.Resource }],
    ['more than we write', { ...one, Principal: '*' }],
  ])('do not where one says %s', (_, other) => {
    expect(allowTheSame([other], halves)).toBe(false)
    expect(allowTheSame(halves, [other])).toBe(false)
  })
})
