import { rm } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { screenOf } from '../../src/screens/index.ts'
import { startScreen } from '../../src/screens/start.ts'
import { lineWidth } from '../../src/ui/line.ts'
import { paint } from '../../src/ui/theme.ts'
import { drawFrame } from '../../src/wizard/draw.ts'
import { drawWindow } from '../../src/wizard/draw-window.ts'
import { foundHelp } from '../../src/wizard/help-sheet.ts'
import type { Model } from '../../src/wizard/model.ts'
import { overlayFooter } from '../../src/wizard/sheets.ts'
import { update } from '../../src/wizard/update.ts'
import { drive, keys } from './drive.ts'
import { press } from './fixture.ts'

const { enter, down, right, tab, space, esc } = keys
const sizes = [
  [80, 24],
  [60, 16],
  [120, 40],
] as const
const captured = new Map<string, Model>()

/** Walks the wizard once and keeps the model of each screen, sheet and state on the way. */
beforeAll(async () => {
  const wizard = await drive({ outlives: true })
  // Whether the draft is on the disk already is a matter of time; here it always is.
  const keep = (name: string) =>
    captured.set(name, { ...wizard.model(), ...(name === '0-start' ? {} : { saved: '14:02' }) })
  await wizard.see('What would you like to do?')
  keep('0-start')
  wizard.press(enter)
  await wizard.see('change IAM')
  keep('1-account')
  wizard.press(enter)
  await wizard.see('Two service roles')
  keep('2-roles')
  wizard.press(enter)
  await wizard.see('Which tracking servers?')
  keep('3-servers')
  wizard.press('jjj', space)
  keep('ask-app')
  wizard.press(esc, 'g')
  wizard.press(enter)
  await wizard.see('Who gets access?')
  wizard.press(tab, tab, tab, space, down, space, down, down, space)
  await wizard.see(/nobody +none/)
  keep('4-people')
  wizard.press('s')
  keep('ask-split')
  wizard.press(esc, tab, tab, 'm')
  keep('ask-activities')
  wizard.press(esc, '\u001b[Z', '\u001b[Z')
  wizard.press(tab, space, tab, tab, space, down, space, enter)
  await wizard.see('rows')
  wizard.press('2', right, '1', down, '4', right, '3')
  keep('5-access')
  wizard.press('d')
  keep('5-access-both')
  wizard.press('d', 'd', '/', 'mlflow.log_model', enter)
  keep('5-access-needs')
  wizard.press(enter)
  keep('5b-actions')
  wizard.press(esc, esc, 'e')
  keep('personas')
  wizard.press(esc, '?')
  keep('help-sheet')
  wizard.press(esc, 'q')
  keep('quit-sheet')
  wizard.press(esc, '>')
  await wizard.see('create policy')
  keep('6-preview')
  for (const [index, name] of (['diff', 'commands', 'json', 'risk'] as const).entries()) {
    wizard.press(String(index + 2))
    keep(`6-preview-${name}`)
  }
  wizard.press('E')
  await wizard.see('KB')
  keep('7b-export')
  wizard.press(esc, 'A')
  await wizard.see(/Go back, change nothing|Not matched yet/)
  keep('6b-confirm')
  wizard.press(wizard.screen().includes('Go back') ? tab : 'ml-sandbox', enter)
  await wizard.see('enter checks that AWS agrees')
  keep('7-apply')
  wizard.press(enter)
  await wizard.see('as planned')
  keep('8-verify')
  return () => rm(wizard.folder, { recursive: true, force: true })
}, 60_000)

/** What differs from run to run. */
function stable(text: string): string {
  return text
    .replace(/\/\S*\/mlflow-iam-wizard-\w+\//g, './')
    .replace(/\d+ s elapsed/g, '2 s elapsed')
    .replace(/done in \d+ s/g, 'done in 2 s')
    .replace(/(plan[ -]|mlflow-iam-)[0-9a-f]{12}\b/g, '$1000000000000')
}

const names = [
  '0-start',
  '1-account',
  '2-roles',
  '3-servers',
  '4-people',
  'ask-app',
  'ask-split',
  'ask-activities',
  '5-access',
  '5-access-both',
  '5-access-needs',
  '5b-actions',
  'personas',
  'help-sheet',
  'quit-sheet',
  '6-preview',
  '6-preview-diff',
  '6-preview-commands',
  '6-preview-json',
  '6-preview-risk',
  '7b-export',
  '6b-confirm',
  '7-apply',
  '8-verify',
]

test.each(sizes)(
  'what is drawn before the rest is loaded stays as it is afterwards, %i by %i',
  (columns, rows) => {
    const model = captured.get('0-start')
    if (!model) throw new Error('the first screen was not reached')
    const sized = { ...model, columns, rows }
    expect(drawWindow(sized, startScreen, [])).toEqual(drawFrame(sized))
  },
)

test.each(sizes)(
  'the first screen says that it works on the sandbox, and only there, %i by %i',
  (columns, rows) => {
    const model = captured.get('0-start')
    if (!model) throw new Error('the first screen was not reached')
    const words = (shellFlags: string) => {
      const sized = { ...model, columns, rows, shellFlags }
      expect(drawWindow(sized, startScreen, [])).toEqual(drawFrame(sized))
      return drawFrame(sized).lines.map((line) => line.map((piece) => piece.text).join(''))
    }
    expect(words(' --sandbox --profile dev')[0]).toMatch(/^ mlflow-iam {3}sandbox\b/)
    for (const elsewhere of ['', ' --profile sandbox']) expect(words(elsewhere)[0]).not.toContain('sandbox')
    expect(words('').slice(1, -6)).toEqual(words(' --sandbox').slice(1, -6))
  },
)

test('the grid explains its signs without a number that is not in it', () => {
  const model = captured.get('5-access-both')
  if (!model) throw new Error('the grid was not reached')
  for (const [columns, rows] of [sizes[0], sizes[2]]) {
    const lines = drawFrame({ ...model, columns, rows }).lines.map((line) =>
      line.map(({ text }) => text).join(''),
    )
    expect(lines.find((line) => line.includes('+ new'))).toMatch(/× (people )?sharing it {2,3}! look closer/)
  }
})

describe.each(names)('%s', (name) => {
  test.each(sizes)('fits a window of %i by %i and looks as agreed', (columns, rows) => {
    const model = captured.get(name)
    if (!model) throw new Error(`${name} was not reached`)
    const frame = drawFrame({ ...model, columns, rows })
    expect(frame.lines).toHaveLength(rows - 1)
    for (const line of frame.lines) expect(lineWidth(line)).toBeLessThan(columns)
    const text = frame.lines.map((line) =>
      paint(line, { color: false, ascii: false }).replaceAll(/\u001b\[\d+m/g, ''),
    )
    expect(text.at(-1)).toMatch(/^ \S/)
    expect(`\n${stable(text.join('\n'))}\n`).toMatchSnapshot()
  })

  test('in ASCII without colour has printable ASCII only, and the same number of lines', () => {
    const model = captured.get(name)
    if (!model) throw new Error(`${name} was not reached`)
    const frame = drawFrame({ ...model, ascii: true, columns: 80, rows: 24 })
    expect(frame.lines).toHaveLength(23)
    for (const line of frame.lines) {
      expect(lineWidth(line)).toBeLessThan(80)
      const painted = paint(line, { color: false, ascii: true })
      expect(painted.replaceAll(/\u001b\[(1|22|7|27)m/g, '')).toMatch(/^[\x20-\x7e]*$/)
    }
  })
})

test('the help, the way on and the way out stand among the keys of every step, at 80 and at 60 columns', () => {
  for (const name of names.filter((each) => /^\d/.test(each) && each !== '6b-confirm')) {
    const model = captured.get(name)
    if (!model) throw new Error(`${name} was not reached`)
    for (const [columns, rows] of sizes)
      for (const ascii of [false, true]) {
        const last = drawFrame({ ...model, ascii, columns, rows }).lines.at(-1) ?? []
        const keys = last.map((piece) => piece.text).join('')
        expect(keys).toMatch(/^ \? help {2}.* q (quit|finish)$/)
        if (!name.startsWith('6') && !ascii) expect(keys).toMatch(/ {2}(enter|esc done)/)
      }
  }
})

test('help names a key of all steps only where that key does something', () => {
  for (const [name, model] of captured) {
    if (model.overlay) continue
    const words = foundHelp(screenOf(model.screen), '')
      .map(([, keys]) => keys)
      .join('    ')
    const goes = (key: string) => press(model, key)
    expect([name, words.includes('p preview')]).toEqual([
      name,
      goes('p').screen === 'preview' && model.screen !== 'preview',
    ])
    expect([name, words.includes('P plain')]).toEqual([
      name,
      model.screen !== 'apply' && goes('P').exit !== undefined,
    ])
    if (words.includes('u undo')) expect(goes('u')).not.toEqual(model)
    if (words.includes('W save')) expect(goes('W').overlay).toBeDefined()
  }
})

test('each key that the last line names does something', () => {
  const typed: Readonly<Record<string, readonly string[]>> = {
    '↑↓': ['down', 'up'],
    '↑↓←→': ['down', 'up'],
    '←→': ['right', 'left'],
    '1-5': ['2', '1'],
    '0-9': ['2', '1'],
    '1-9': ['2', '1'],
    'a/n': ['a', 'n'],
    type: ['x'],
  }
  // Whoever ticked everything, or has nothing to scroll or undo, is told or sees no change: these may do nothing.
  const mayRest = ['a', 'n', 'u', '↑↓', '←→', 'ctrl-u']
  for (const [name, kept] of captured) {
    const { said: _, ...model } = kept
    const footer = model.overlay ? overlayFooter(model.overlay, false) : screenOf(model.screen).footer(model)
    for (const { keys: hint } of footer.filter((each) => !mayRest.includes(each.keys))) {
      // What is to be typed first is not typed yet.
      if (name === '6b-confirm' && hint === 'enter') continue
      const acts = (typed[hint] ?? [hint]).some((key) => {
        const text = key === 'space' ? { text: ' ' } : key.length === 1 ? { text: key } : {}
        const { model: after, effects } = update(model, { type: 'key', key: { name: key, ...text } })
        return effects.length > 0 || JSON.stringify(after) !== JSON.stringify(model)
      })
      expect([name, hint, acts]).toEqual([name, hint, true])
    }
  }
})

test('help names every key whole, in a small window too', () => {
  const model = captured.get('help-sheet')
  for (const [columns, rows] of sizes)
    for (const [name, { screen }] of captured) {
      const help = { kind: 'help' as const, top: 0 }
      const lines = model
        ? drawFrame({ ...model, screen, overlay: help, columns, rows: rows + 40 }).lines
        : []
      const words = lines.map((line) => line.map((piece) => piece.text).join('')).join('\n')
      expect(words).toContain('Keys on')
      expect([name, words]).toEqual([name, expect.not.stringMatching(/…|\d more/)])
    }
})

test('every step after Account names account, id and region on its first line', () => {
  for (const name of names.slice(2)) {
    const model = captured.get(name)
    if (!model) throw new Error(`${name} was not reached`)
    for (const [columns, rows] of sizes) {
      const [first] = drawFrame({ ...model, columns, rows }).lines
      const text = first?.map((piece) => piece.text).join('')
      expect(text).toContain('ml-sandbox 123456789012')
      expect(text).toContain('eu-west-1')
    }
  }
})

test('a window that is too small says so, and what to do', () => {
  const model = captured.get('5-access')
  if (!model) throw new Error('not reached')
  const text = drawFrame({ ...model, columns: 52, rows: 14 })
    .lines.map((line) => line.map((piece) => piece.text).join(''))
    .join('\n')
  expect(text).toContain('This window is 52x14. The wizard needs 60x16')
  expect(text).toContain('press P for plain mode')
})
