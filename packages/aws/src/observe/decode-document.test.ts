import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeDocument } from './decode-document.ts'

/** As AWS encodes: RFC 3986, which leaves fewer characters alone than encodeURIComponent. */
function asAws(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const document = fc
  .record({ Statement: fc.array(fc.string()), space: fc.constantFrom(0, 2, '\t') })
  .map(({ Statement, space }) => JSON.stringify({ Version: '2012-10-17', Statement }, null, space))

test('a document reads the same whether the endpoint encodes it, as AWS does, or sends it plain', () => {
  fc.assert(
    fc.property(document, fc.constantFrom('', '\n', '  '), (text, before) => {
      expect(decodeDocument(asAws(before + text))).toBe(before + text)
      expect(decodeDocument(before + text)).toBe(before + text)
    }),
  )
})

test('a percent sign of a plain document stays', () => {
  expect(decodeDocument('{"a":"100%25"}')).toBe('{"a":"100%25"}')
})

test('what is no document at all is passed on', () => {
  expect(decodeDocument(undefined)).toBe('')
  expect(decodeDocument('%zz')).toBe('%zz')
})
