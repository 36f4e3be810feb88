import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalHash, canonicalJson, hexHash } from './hash.ts'

test('equal values have equal text, whatever the order of their members', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}')
  expect(canonicalJson([])).toBe('[]')
  expect(canonicalJson({ a: undefined })).toBe('{}')
})

test('canonical text reads back as the value it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('hashing in pieces is hashing the whole text', () => {
  const large = Array.from({ length: 5000 }, (_, index) => ({ name: `ünïcode-${index}-😀`, index }))
  expect(canonicalHash(large, 64)).toBe(hexHash(canonicalJson(large), 64))
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalHash(value, 64)).toBe(hexHash(canonicalJson(value), 64))
    }),
  )
})
