import { expect, test } from 'vitest'
import { composeFrame } from './frame.ts'
import { unicodeGlyphs } from './glyphs.ts'
import { line, lineWidth, span, spread } from './line.ts'

const plain = (of: ReturnType<typeof line>) => of.map(({ text }) => text).join('')

test('a right part that is too long is cut itself: what stands on the left keeps up to half the width', () => {
  const title = spread(['   ', 'Who gets access?'], [`/ filter: ${'user '.repeat(200)}`], 60)
  expect(plain(title)).toMatch(/^ {3}Who gets access\? \/ filter: user .*…$/)
  expect(lineWidth(title)).toBe(60)
  expect(lineWidth(spread(['left '.repeat(30)], ['right '.repeat(30)], 60))).toBe(60)
})

test('what the last key did stands on two lines where one is too short, so that its end is read too', () => {
  const said = `${'word '.repeat(18)}u undoes.`
  const { lines } = composeFrame(
    { columns: 80, rows: 24, layout: 'normal', glyphs: unicodeGlyphs },
    { ...parts, said: span(said) },
  )
  expect(lines.map(plain).join('\n')).toMatch(/word word\n {3}word .*u undoes\.\n ─/)
  for (const each of lines) expect(lineWidth(each)).toBeLessThan(80)
})

const parts = {
  header: { left: [' mlflow-iam'], right: '' },
  steps: line(' steps'),
  compactRight: '',
  footer: [{ keys: '?', does: 'help' }],
  view: { body: [line('body')] },
}
