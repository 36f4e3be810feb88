import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitKeys } from './keys.ts'

const names = (chunk: string, final = true) => splitKeys(chunk, final).keys.map((key) => key.name)

test('keys that arrive together are told apart, in order', () => {
  expect(names('jj2\r')).toEqual(['j', 'j', '2', 'enter'])
  expect(names('\u001b[B\u001b[B \u001bOA')).toEqual(['down', 'down', 'space', 'up'])
  expect(names('\u0003\u0003')).toEqual(['ctrl-c', 'ctrl-c'])
  expect(names('\u001b[Z\u001b[5~\u001b[6~\u001b[3~\u007f\t')).toEqual([
    'shift-tab',
    'pageup',
    'pagedown',
    'delete',
    'backspace',
    'tab',
  ])
})

test('escape followed at once by a letter is two keys, and a lone escape waits for what may follow', () => {
  expect(names('\u001bq')).toEqual(['esc', 'q'])
  expect(splitKeys('j\u001b')).toEqual({ keys: [{ name: 'j', text: 'j' }], rest: '\u001b' })
  expect(splitKeys('\u001b[').rest).toBe('\u001b[')
  expect(names('\u001b')).toEqual(['esc'])
})

test('a paste is one key with its text, whatever it holds, also when it comes in pieces', () => {
  const first = splitKeys('\u001b[200~arn:aws:iam::1:user/a\rq')
  expect(first.keys).toEqual([])
  expect(splitKeys(`${first.rest}jj\u001b[201~x`).keys).toEqual([
    { name: 'paste', paste: 'arn:aws:iam::1:user/a\rqjj' },
    { name: 'x', text: 'x' },
  ])
})

test('unknown sequences do nothing', () => {
  expect(names('\u001b[<35;10;10M\u001b[15~j')).toEqual(['j'])
})

test('wherever the terminal cuts a stream of keys, the same keys come out', () => {
  const key = fc.constantFrom(
    'j',
    'k',
    '2',
    ' ',
    '\r',
    '\t',
    '\u001b[A',
    '\u001b[B',
    '\u001b[5~',
    'é',
    '界',
    '\u001b[200~a\u001b[201~',
  )
  fc.assert(
    fc.property(fc.array(key, { maxLength: 20 }), fc.array(fc.nat(60), { maxLength: 5 }), (parts, cuts) => {
      const stream = parts.join('')
      const whole = splitKeys(stream, true).keys
      const at = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length]
      let rest = ''
      const cutKeys = at.slice(1).flatMap((end, index) => {
        const split = splitKeys(rest + stream.slice(at[index], end), end === stream.length)
        rest = split.rest
        return split.keys
      })
      expect(cutKeys.map((each) => [each.name, each.paste])).toEqual(
        whole.map((each) => [each.name, each.paste]),
      )
    }),
  )
})
