import fc from 'fast-check'
import { expect, test } from 'vitest'
import { now, serverArn, smallAccount, userArn } from '../../test/accounts/small-account.ts'
import { compilePolicy } from './compile-policy.ts'
import { evaluateAccess } from './evaluate-access.ts'
import { compileGlob, literalSteps } from './glob.ts'
import { compileTextPattern } from './text-pattern.ts'

const fine = { Effect: 'Allow', Action: 'sagemaker-mlflow:GetRun', Resource: '*' }

test.each([
  ['text that is not JSON', '{ "Statement": [', 'it is not JSON'],
  ['an empty document', '', 'it is not JSON'],
  ['a list', '[]', 'it is not a JSON object'],
  ['nothing to say', '{"Version":"2012-10-17"}', 'it has no Statement'],
  ['a statement that is text', '{"Statement":["Allow"]}', 'statement #1: it is not an object'],
  [
    'an unknown effect',
    '{"Statement":{"Effect":"allow"}}',
    'statement #1: its Effect is neither Allow nor Deny',
  ],
  [
    'no action',
    '{"Statement":{"Sid":"A","Effect":"Allow","Resource":"*"}}',
    'statement A: it has neither Action nor NotAction',
  ],
  [
    'both action forms',
    '{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}}',
    'statement #1: it has both Action and NotAction',
  ],
  [
    'an action that is a number',
    '{"Statement":{"Effect":"Allow","Action":7,"Resource":"*"}}',
    'statement #1: its Action is not text',
  ],
  [
    'no resource',
    '{"Statement":{"Effect":"Allow","Action":"*"}}',
    'statement #1: it has neither Resource nor NotResource',
  ],
  [
    'a principal',
    '{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}',
    'statement #1: an identity policy cannot name a Principal',
  ],
  [
    'a condition that is a list',
    '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":[]}}',
    'statement #1: Condition is not an object',
  ],
  [
    'an operator without keys',
    '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":"true"}}}',
    'statement #1: the condition Bool is not an object of keys',
  ],
  [
    'values that are objects',
    '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a":{}}}}}',
    'statement #1: the values of Bool a are not text',
  ],
])('%s is a flaw, and counts for nothing', (_, text, flaw) => {
  const policy = compilePolicy(text)
  expect(policy.flaws).toEqual([flaw])
  expect(policy.statements).toEqual([])
})

test('a flaw in one statement leaves the others as they are', () => {
  const policy = compilePolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Maybe' }, fine] }),
  )
  expect(policy.flaws).toHaveLength(1)
  expect(policy.statements.map((statement) => statement.name)).toEqual(['#2'])
})

test('a value that its operator cannot read is a flaw, and the statement hangs on its key', () => {
  const Condition = { NumericEquals: { 'aws:MultiFactorAuthAge': 'ten' } }
  const policy = compilePolicy(JSON.stringify({ Version: '2012-10-17', Statement: { ...fine, Condition } }))
  expect(policy.flaws).toEqual([
    'statement #1: NumericEquals cannot read the value "ten" of aws:MultiFactorAuthAge',
  ])
  expect(policy.statements[0]?.holds({ valueOf: () => ['10'] })).toEqual({ keys: ['aws:MultiFactorAuthAge'] })
})

test('any JSON at all is read without a crash', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (statement, condition) => {
      compilePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }))
      compilePolicy(JSON.stringify({ Version: '2012-10-17', Statement: { ...fine, Condition: condition } }))
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => void compilePolicy(text)))
  compilePolicy(`${'['.repeat(100_000)}`)
  compilePolicy(`{"Statement":{"__proto__":{"Effect":"Allow"},"constructor":1}}`)
})

/** What a wildcard means, as slowly and plainly as can be. */
function slowly(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  if (pattern[0] === '*') {
    return Array.from({ length: text.length + 1 }, (_, index) => index).some((index) =>
      slowly(pattern.slice(1), text.slice(index)),
    )
  }
  return (
    text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && slowly(pattern.slice(1), text.slice(1))
  )
}

test('wildcards match what their definition says', () => {
  const letters = (signs: string, maxLength: number) =>
    fc.array(fc.constantFrom(...signs), { maxLength }).map((list) => list.join(''))
  const facts = { valueOf: () => 'absent' as const }
  fc.assert(
    fc.property(letters('ab*?', 8), letters('ab', 8), (pattern, text) => {
      const compiled = compileTextPattern(pattern, { form: 'like', ignoreCase: false, variables: true })
      expect(compiled.matches(text, facts)).toBe(slowly(pattern, text))
    }),
    { numRuns: 2000 },
  )
})

test('a pattern without wildcards matches itself alone', () => {
  const glob = compileGlob(literalSteps('abc'))
  expect(['abc', 'ab', 'abcd', ''].map((text) => glob.matches(text))).toEqual([true, false, false, false])
})

// With backtracking, any of these would outlive the test by far.
test.each([
  ['stars between equal letters', 'a*'.repeat(3000), 'a'.repeat(2000)],
  ['stars that end in a letter that never comes', `${'*a'.repeat(3000)}b`, 'a'.repeat(2000)],
  ['question marks between stars', '*?'.repeat(3000), 'a'.repeat(2000)],
  ['stars alone', '*'.repeat(6000), 'a'.repeat(2000)],
])('a document of 6,000 characters with %s is matched in bounded time', (_, pattern, name) => {
  const document = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: pattern, Resource: [`arn:aws:sagemaker:*:*:${pattern}`, pattern] },
      { ...fine, Condition: { StringLike: { 'aws:PrincipalTag/a': pattern } } },
    ],
  }
  const snapshot = smallAccount({
    users: { ana: { inline: { document }, tags: { a: name } } },
    servers: { [name]: {} },
  })
  expect(evaluateAccess(snapshot, { principals: [userArn('ana')], now })).toHaveLength(1)
  expect(serverArn(name)).toBeTruthy()
})
