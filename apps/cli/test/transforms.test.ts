import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInThisContext } from 'node:vm'
import * as hashing from '@mlflow-iam/core/policy/hash'
import { build } from 'esbuild'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import * as yaml from 'yaml'
import { fasterStart, mayBeEmoji } from '../build-transforms.mjs'
import { examples } from './run-program.ts'

test('no emoji is missed by the cheap check that stands before the exact one', () => {
  // biome-ignore lint/complexity/useRegexLiterals: the compiler's target knows no v flag
  const exact = new RegExp('^\\p{RGI_Emoji}$', 'v')
  const missed: string[] = []
  for (let code = 0; code <= 0x10_ff_ff; code += 1) {
    if (code >= 0xd8_00 && code <= 0xdf_ff) continue
    const text = String.fromCodePoint(code)
    if (exact.test(text) && !mayBeEmoji.test(text)) missed.push(code.toString(16))
  }
  expect(missed).toEqual([])
  for (const sequence of ['1️⃣', '#️⃣', '🇩🇪', '👍🏽', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '❤️‍🔥', '☺️']) {
    expect([sequence, exact.test(sequence), mayBeEmoji.test(sequence)]).toEqual([sequence, true, true])
  }
})

/** A module as it stands in the bundle, or as its package has it. */
async function bundled<T>(contents: string, { changed = true } = {}): Promise<T> {
  const { plugin, assertApplied } = fasterStart()
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    plugins: changed ? [plugin] : [],
  })
  if (changed) assertApplied(Object.keys(metafile.inputs))
  const module = { exports: {} as T }
  runInThisContext(`(module, exports, require) => { ${outputFiles[0]?.text} }`)(
    module,
    module.exports,
    createRequire(import.meta.url),
  )
  return module.exports
}

/** Every word, and the tokens after each of them, just as the reader of grants files goes through them. */
function read({ Lexer, Parser }: typeof yaml, text: string) {
  const parser = new Parser()
  const steps: unknown[] = []
  for (const word of new Lexer().lex(text)) {
    const tokens = [...parser.next(word)]
    steps.push([word, parser.offset, parser.stack.length, structuredClone(tokens)])
  }
  return { steps, end: [...parser.end()], whole: [...new Parser().parse(text)] }
}

test('yaml without its generators finds the same words and the same tokens', async () => {
  const changed = await bundled<typeof yaml>("export { Lexer, Parser } from 'yaml'")
  const same = (text: string) => {
    expect(read(changed, text)).toEqual(read(yaml, text))
  }
  for (const name of readdirSync(examples).filter((each) => each.endsWith('.yaml'))) {
    same(readFileSync(join(examples, name), 'utf8'))
  }
  for (const text of [
    '',
    '%YAML 1.2\n%TAG ! x\n---\na\n...\n--- >-\n b\n\n c\n...\nx',
    '\uFEFF? a\n: !t &x "b\\n\n  c"\n? - d\n  - *x # e\n: | # f\n  g\n',
    '[{a: 1, "b":2}, [c, ], ? d : e',
    "'it''s: \n\n  folded'\r\n- x\t\r\n",
    '{]}\n@ `',
    '- - - a\n  -\n- key: |2+\n    x\n\n',
  ]) {
    same(text)
  }
  const sign = fc.constantFrom(
    ...'ab:-?,[]{}#&*!|>%@`\'" \t\n\\~.',
    '\r\n',
    '- ',
    ': ',
    '\n  ',
    '---',
    '...',
    '\uFEFF',
    '\u001f',
    'ü',
  )
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 40 }), (signs) => {
      same(signs.join(''))
    }),
    { numRuns: 2000 },
  )
})

test('a hash is the same by Node and in JavaScript, in one piece and in many', async () => {
  const native = await bundled<typeof hashing>("export * from '@mlflow-iam/core/policy/hash'")
  const same = (value: unknown) => {
    expect(native.canonicalHash(value, 64)).toBe(hashing.canonicalHash(value, 64))
    const text = hashing.canonicalJson(value)
    expect(native.hexHash(text, 64)).toBe(hashing.hexHash(text, 64))
  }
  same(Array.from({ length: 20_000 }, (_, index) => ({ [`key ${index}`]: ['ä', '𝄞', index] })))
  fc.assert(fc.property(fc.jsonValue(), same))
})

interface Tokenizer {
  tokenize(text: string): unknown
}

/** What Ink cuts lines into clusters with; its own dependency, not ours. */
const tokenizer = join(
  dirname(fileURLToPath(import.meta.resolve('ink'))),
  '../../@alcalzone/ansi-tokenize/build/tokenize.js',
)

test('text has the same width and the same clusters without a segmenter as with one', async () => {
  const widths = await bundled<{ width: typeof stringWidth }>(
    "export { default as width } from 'string-width'",
  )
  const wrong: string[] = []
  for (let code = 0; code <= 0xff_ff; code += 1) {
    const text = String.fromCodePoint(code)
    if (widths.width(text) !== stringWidth(text)) wrong.push(code.toString(16))
  }
  expect(wrong).toEqual([])
  const source = `export { tokenize } from ${JSON.stringify(tokenizer)}`
  const cut = await bundled<Tokenizer>(source)
  const exact = await bundled<Tokenizer>(source, { changed: false })
  const signs = 'aZ 09·×–—…›←↑→↓─│┌┘✓❯é日👍\u0301\u200D\uFE0F\u1100\u1161\r\n\t\u009B'.split('')
  const sign = fc.constantFrom(
    ...signs,
    '👍🏽',
    '🇩🇪',
    '\u001B[1m',
    '\u001B[38;5;12m',
    '\u001B]8;;x\u0007',
    '\u001B',
  )
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), fc.boolean(), (list, ambiguousIsNarrow) => {
      const text = list.join('')
      expect(cut.tokenize(text)).toEqual(exact.tokenize(text))
      for (const countAnsiEscapeCodes of [true, false]) {
        const options = { ambiguousIsNarrow, countAnsiEscapeCodes }
        expect(widths.width(text, options)).toBe(stringWidth(text, options))
      }
    }),
    { numRuns: 2000 },
  )
})
