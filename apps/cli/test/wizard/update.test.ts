import { expect, test } from 'vitest'
import { accessScreen } from '../../src/screens/access.ts'
import { actionsOf, cellFacts } from '../../src/wizard/cells.ts'
import { drawFrame } from '../../src/wizard/draw.ts'
import { cellsAt } from '../../src/wizard/edit.ts'
import { grantsText } from '../../src/wizard/grants-text.ts'
import { foundHelp } from '../../src/wizard/help-sheet.ts'
import { placeOf } from '../../src/wizard/model.ts'
import { infoOf } from '../../src/wizard/people.ts'
import { readProfiles } from '../../src/wizard/profiles.ts'
import { visibleRows } from '../../src/wizard/rows.ts'
import { update } from '../../src/wizard/update.ts'
import { keys } from './drive.ts'
import { atAccess, press, signedIn, snapshotOf, user } from './fixture.ts'

const { esc, enter, down, right, left, tab, space, ctrlR } = keys
const ana = 'arn:aws:iam::123456789012:user/ana'
const ben = 'arn:aws:iam::123456789012:user/ben'
const cell = (model: ReturnType<typeof atAccess>, principal: string, server: string) => {
  const [first] = cellsAt(model.edit, principal, server)
  return (
    first &&
    [first.personas.join('&'), first.add.join(' '), first.remove.join(' ')]
      .filter((part) => part !== '')
      .join(' | ')
  )
}

/** Rows may be sorted anew: the cell is whose it is, not where it stands. */
function underCursor(model: ReturnType<typeof atAccess>) {
  const { row, column } = placeOf(model, 'access')
  return { person: visibleRows(model)[row]?.title, column }
}

test('a digit gives its persona to the cell under the cursor, and to all servers from the Person column', () => {
  const one = press(atAccess(), '2')
  expect(cell(one, ana, 'ml-dev')).toBe('data-scientist')
  expect(cell(one, ana, 'ml-prod')).toBeUndefined()
  const both = press(one, left, '1')
  expect([cell(both, ana, 'ml-dev'), cell(both, ana, 'ml-prod')]).toEqual(['viewer', 'viewer'])
})

test('ticked rows change together in one undo step that says rows, people and how to undo', () => {
  const bulk = press(atAccess(), 'a', '2')
  expect(bulk.said?.text).toBe('3 rows, 3 people, are now Data scientist on ml-dev. u undoes.')
  expect(bulk.past.length).toBe(atAccess().past.length + 1)
  const undone = press(bulk, 'u')
  expect(cell(undone, ana, 'ml-dev')).toBeUndefined()
  expect(undone.said?.text).toContain('Undid: 3 rows')
  expect(cell(press(undone, ctrlR), ben, 'ml-dev')).toBe('data-scientist')
})

test('a filter limits what is ticked, keeps the cursor on its row, and is cleared by escape first', () => {
  const filtered = press(atAccess(), down, '/', 'en', enter)
  expect(visibleRows(filtered).map((row) => row.title)).toEqual(['ben', 'chen'])
  expect(placeOf(filtered).row).toBe(0)
  const ticked = press(filtered, 'a')
  expect(ticked.ticked).toHaveLength(2)
  const cleared = press(ticked, esc)
  expect(cleared.screen).toBe('access')
  expect(visibleRows(cleared)).toHaveLength(3)
  expect(cleared.ticked).toHaveLength(2)
})

test('persona, one addition and one removal show +1 -1, and = gives the plain persona', () => {
  const opened = press(atAccess(), '1', enter, '/', 'LogMetric', enter, down, space, esc)
  const added = press(opened, '/', 'GetMetricHistory', enter, down, space, esc, esc)
  const server = added.edit.servers[0]
  if (!server) throw new Error('no server')
  expect(cellFacts(added, ana, server).text).toBe('VW +1 -1')
  expect(cell(press(added, '='), ana, 'ml-dev')).toBe('viewer')
})

test('another persona keeps exceptions that still differ, and says so', () => {
  const exceptional = press(atAccess(), '1', enter, '/', 'DeleteRun', enter, down, space, esc, esc)
  const changed = press(exceptional, '2')
  expect(cell(changed, ana, 'ml-dev')).toBe('data-scientist | DeleteRun')
  expect(changed.said?.text).toContain('1 cell keeps its exceptions; = drops them.')
  expect(cell(press(changed, '5'), ana, 'ml-dev')).toBe('mlops-admin')
})

test('access from elsewhere counts, is named, and cannot be unticked', () => {
  const model = press(atAccess(), '1')
  const [server] = model.edit.servers
  if (!server) throw new Error('no server')
  const facts = cellFacts(model, ana, server)
  expect(facts.elsewhere.map((each) => each.policy)).toEqual([
    'arn:aws:iam::123456789012:policy/LegacyMLAccess',
  ])
  const untick = press(model, enter, '/', 'GetRun', enter, down, space)
  expect(untick.said?.text).toBe('GetRun stays, through LegacyMLAccess, which this tool does not manage.')
  expect(cellFacts(untick, ana, server).after.has('GetRun')).toBe(true)
})

test('an MLflow call in the filter marks what it needs, and + adds what is missing', () => {
  const typed = press(atAccess(), '1', '/', 'mlflow.log_metric', enter)
  expect(visibleRows(typed)).toHaveLength(3)
  const added = press(typed, '+')
  const has = actionsOf(cellsAt(added.edit, ana, 'ml-dev'), added.edit)
  expect(has.has('LogMetric')).toBe(true)
  expect(cell(added, ana, 'ml-dev')).toContain('viewer | ')
})

test('has:, lacks:, is:changed and names find rows', () => {
  const model = press(atAccess(), down, '2')
  const find = (query: string) => visibleRows(press(model, '/', query, enter)).map((row) => row.title)
  expect(find('has:LogModel')).toEqual(['ben'])
  expect(find('has:GetRun')).toEqual(['ana', 'ben'])
  expect(find('lacks:DeleteRun is:changed')).toEqual(['ben'])
  expect(find('is:changed')).toEqual(['ben'])
  expect(find('user:che')).toEqual(['chen'])
  expect(find('server:prod')).toEqual(['ana'])
})

test('c takes the access of a row and c again puts it on the ticked rows; escape drops it', () => {
  const given = press(atAccess(), '2', right, '1', 'c')
  expect(press(given, esc).copied).toBeUndefined()
  const pasted = press(given, down, space, down, space, 'c')
  expect([cell(pasted, ben, 'ml-dev'), cell(pasted, ben, 'ml-prod')]).toEqual(['data-scientist', 'viewer'])
  expect(pasted.said?.text).toContain('2 rows, 2 people, have the access of ana')
  expect(cell(press(pasted, 'u'), ben, 'ml-dev')).toBeUndefined()
})

test('every persona is reached through the chooser, and a digit in it changes the palette', () => {
  const model = press(atAccess(), 'e', down, '1', esc)
  expect(cell(press(model, '1'), ana, 'ml-dev')).toBe('auditor')
  const union = press(atAccess(), '1', 'e', down, down, space, esc)
  expect(cell(union, ana, 'ml-dev')).toBe('data-scientist&viewer')
})

test('exceptions can be named as a persona, which a digit from 7 on then gives', () => {
  const named = press(
    atAccess(),
    '1',
    enter,
    '/',
    'SetTag',
    enter,
    down,
    space,
    esc,
    esc,
    'm',
    'labeller',
    enter,
  )
  expect(named.edit.personas).toEqual([
    { name: 'labeller', extends: ['viewer'], add: ['SetTag'], remove: [] },
  ])
  expect(cell(named, ana, 'ml-dev')).toBe('labeller')
  expect(cell(press(named, down, '7'), ben, 'ml-dev')).toBe('labeller')
  expect(grantsText(press(named, down, '7').edit)).toContain('persona: labeller')
})

test('going back and forth keeps ticks, cells and cursor', () => {
  const model = press(atAccess(), down, '2', right, '1', space)
  const back = press(model, esc, esc, '>', '>')
  expect(back.screen).toBe('access')
  expect(back.edit).toBe(model.edit)
  expect(back.ticked).toEqual(model.ticked)
  expect(underCursor(back)).toEqual(underCursor(model))
})

test('enter with nobody ticked explains and stays', () => {
  const people = press(signedIn(), enter, enter, enter, enter)
  expect(people.screen).toBe('people')
  expect(people.said?.text).toContain('Nobody is ticked now.')
})

test('profiles that share a role are one row, because they cannot differ', () => {
  const people = press(signedIn(), '\r\r\r', tab, tab, tab, space, down, space)
  expect(people.edit.members).toEqual([
    { arn: 'arn:aws:iam::123456789012:role/ds-shared', refs: ['profile/d-abc/dara', 'profile/d-abc/elif'] },
  ])
  const [row] = visibleRows(press(people, enter))
  expect([row?.title, row?.through, row?.people]).toEqual(['dara, elif +1', 'ds-shared ×3', 3])
  expect(infoOf(row?.member.arn ?? '', snapshotOf()).people).toEqual(['dara', 'elif', 'farid'])
})

test('ticks survive filters, and a range is ticked with v', () => {
  const people = press(signedIn(), '\r\r\r', '/', 'ana', enter, space, esc, '/', 'chen', enter, space, esc)
  expect(people.edit.members.map((member) => member.refs[0])).toEqual(['user/ana', 'user/chen'])
  const range = press(signedIn(), '\r\r\r', 'v', down, down, space)
  expect(range.edit.members).toHaveLength(3)
})

test('ARNs are added by paste, and a paste anywhere else does nothing', () => {
  const people = press(signedIn(), '\r\r\r')
  const pasted = press(
    people,
    '+',
    `\u001b[200~arn:aws:iam::123456789012:user/ana, role/ds-shared\narn:aws:iam::123456789012:group/unread\u001b[201~`,
    enter,
  )
  expect(pasted.edit.members.flatMap((member) => member.refs).sort()).toEqual([
    'arn:aws:iam::123456789012:group/unread',
    'role/ds-shared',
    'user/ana',
  ])
  expect(press(people, '\u001b[200~aq2\r\u001b[201~')).toEqual(people)
})

test('a slow answer never moves the cursor or the step', () => {
  const model = press(atAccess(), down, '2')
  const later = update(model, {
    type: 'observed',
    snapshot: snapshotOf([...snapshotOf().users, user('aaa')]),
  }).model
  expect(later.screen).toBe('access')
  expect(later.places.access).toEqual(model.places.access)
  expect(visibleRows(later).map((row) => row.title)).toEqual(['ana', 'ben', 'chen'])
})

test('q asks first, keeping is the default, and discarding needs two more keys', () => {
  const asked = press(atAccess(), 'q')
  expect(asked.exit).toBeUndefined()
  expect(press(asked, enter).exit).toEqual({ code: 0, keepDraft: true })
  const discarding = press(asked, down, down, enter)
  expect(discarding.exit).toBeUndefined()
  expect(press(discarding, 'D').exit).toEqual({ code: 0, keepDraft: false })
  expect(press(discarding, esc).overlay).toBeUndefined()
})

test('Ctrl-C asks, and a second one leaves at once with 130', () => {
  expect(press(atAccess(), '\u0003').exit).toBeUndefined()
  expect(press(atAccess(), '\u0003\u0003').exit).toEqual({ code: 130, keepDraft: true })
})

test('every change asks for the draft to be saved, and looking around only saves the place', () => {
  const model = atAccess()
  const saves = (key: string) =>
    update(model, { type: 'key', key: { name: key, text: key } }).effects.filter(
      (effect) => effect.type === 'save-draft',
    )
  expect(saves('2')).toHaveLength(1)
  expect(saves('j')).toHaveLength(1)
  expect(saves('?')).toHaveLength(0)
})

test('p shows the preview from any step and escape comes back to the same cell', () => {
  const model = press(atAccess(), down, '2')
  const preview = press(model, 'p')
  expect(preview.screen).toBe('preview')
  const back = press(preview, esc)
  expect(back.screen).toBe('access')
  expect(underCursor(back)).toEqual(underCursor(model))
})

test('p shows the preview from each step where there is something to show, and escape comes back to the same row', () => {
  for (const there of [
    press(signedIn(), enter, down, down),
    press(signedIn(), enter, enter, down),
    press(signedIn(), enter, enter, enter, tab, tab, '/', 'ds', enter),
  ]) {
    const preview = press(there, 'p')
    expect(preview.screen).toBe('preview')
    const back = press(preview, esc)
    expect(back.screen).toBe(there.screen)
    expect(back.places[there.screen]).toEqual(there.places[there.screen])
    expect(back.edit).toBe(there.edit)
  }
})

test('typing in the help sheet finds keys by what they do; escape takes the search back, then closes', () => {
  const searched = press(atAccess(), '?', 'clouDtr')
  const { overlay } = searched
  expect(overlay).toMatchObject({ kind: 'help', find: { text: 'clouDtr' } })
  expect(foundHelp(accessScreen, 'clouDtr').map(([group]) => group)).toEqual(['Evidence'])
  // A line that goes on from the one before it is found under that one's name.
  expect(foundHelp(accessScreen, 'plain persona').map(([group]) => group)).toEqual(['Persona'])
  expect(foundHelp(accessScreen, 'no such thing')).toEqual([])
  expect(press(searched, esc).overlay).toMatchObject({ kind: 'help', find: { text: '' } })
  expect(press(searched, esc, esc).overlay).toBeUndefined()
  expect(press(atAccess(), '?', '?').overlay).toBeUndefined()
  expect(press(searched, enter).edit).toBe(searched.edit)
})

test('people are added by plain names too; one that several have, and those that nobody has, are told', () => {
  const adding = (text: string) =>
    press(signedIn(), '>', '>', '>', '+', `\u001b[200~${text}\u001b[201~`, enter)
  const added = adding('ana\nben\r\nelif')
  expect(added.overlay).toBeUndefined()
  expect(added.edit.members.flatMap(({ refs }) => refs)).toEqual([
    'user/ana',
    'user/ben',
    'profile/d-abc/elif',
  ])
  const twice = press(signedIn(snapshotOf([user('dara')])), '>', '>', '>', '+', 'dara', enter)
  expect(twice.overlay).toMatchObject({ error: 'dara is user/dara and profile/d-abc/dara: say which.' })
  const many = Array.from({ length: 200 }, (_, index) => `nobody${index}`).join('\n')
  expect(adding(many).overlay).toMatchObject({
    error: 'Not found here: nobody0, nobody1, nobody2 and 197 more. Full ARNs are always taken.',
  })
  expect(adding(many).edit.members).toEqual([])
})

test('a sheet says which of its lines it shows, and says nothing of the kind where it shows all', () => {
  const list = (length: number) => ({
    ...atAccess(),
    overlay: {
      kind: 'list' as const,
      title: 'ana',
      lines: Array.from({ length }, (_, index) => `line ${index}`),
      top: 0,
    },
  })
  const shown = (model: ReturnType<typeof atAccess>) =>
    drawFrame(model).lines.map((each) =>
      each
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
  expect(shown(list(3))).toContain('   ana')
  expect(shown(press(list(50), down)).find((each) => each.startsWith('   ana'))).toMatch(/ lines 2-15 of 50$/)
})

test('a sheet shows its lines whole, and a small window the whole command that continues', () => {
  const words = `Why: ${'reason '.repeat(30)}end-of-it`
  const list = { kind: 'list' as const, title: 'ana', lines: [words], top: 0 }
  const shown = (model: ReturnType<typeof atAccess>) =>
    drawFrame(model)
      .lines.map((each) => each.map(({ text }) => text).join(''))
      .join('\n')
  expect(shown({ ...atAccess(), overlay: list })).toContain('end-of-it')
  for (const columns of [60, 80])
    expect(shown(press({ ...atAccess(), columns, shellFlags: ' --sandbox' }, 'q'))).toContain(
      'mlflow-iam --resume team --sandbox',
    )
})

test('sheets scroll to their end and no further: one key up moves them at once', () => {
  const top = (model: ReturnType<typeof atAccess>) => (model.overlay as { top?: number } | undefined)?.top
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`)
  const edit = atAccess().edit
  const question = { title: 'Sure?', lines, yes: 'do it', from: edit, edit, what: 'x', said: 'Done.' }
  for (const overlay of [
    { kind: 'ask' as const, question, top: 0 },
    { kind: 'list' as const, title: 'ana', lines, top: 0 },
  ]) {
    const far = press({ ...atAccess(), overlay }, 'j'.repeat(90))
    const text = drawFrame(far)
      .lines.map((each) => each.map((piece) => piece.text).join(''))
      .join('\n')
    expect(text).toContain('line 39')
    expect(text).not.toMatch(/\d more/)
    expect(top(press(far, 'k'))).toBe((top(far) ?? 0) - 1)
  }
  const short = { kind: 'ask' as const, question: { ...question, lines: ['One line.'] }, top: 0 }
  expect(top(press({ ...atAccess(), overlay: short }, 'jjj', '\u001b[6~'))).toBe(0)
})

test('an empty grid says whether a filter or the step before has emptied it', () => {
  const shown = (model: ReturnType<typeof atAccess>) =>
    drawFrame(model)
      .lines.map((each) => each.map(({ text }) => text).join(''))
      .join('\n')
  expect(shown(press(atAccess(), '/', 'zzz', enter))).toContain('nothing matches; esc clears the filter')
  expect(shown(press(atAccess(), 'u'))).toContain('nobody is ticked; esc goes back to People')
})

test('the grid says how many servers stand beside those that fit', () => {
  const model = atAccess()
  const more = ['a', 'b', 'c'].map((key) => ({ kind: 'name' as const, key, planned: true, kms: [] }))
  const wide = { ...model, edit: { ...model.edit, servers: [...model.edit.servers, ...more] } }
  const text = (of: typeof model) =>
    drawFrame(of)
      .lines.map((each) => each.map((piece) => piece.text).join(''))
      .join('\n')
  expect(text(model)).not.toContain('servers 1-')
  expect(text(wide)).toContain('servers 1-3 of 5 · d diff: after')
  expect(text(press(wide, right, right, right))).toContain('servers 2-4 of 5')
  // Where a pane takes the room, the filter stays and the word about the comparison goes.
  expect(text({ ...wide, columns: 120, rows: 40 })).toMatch(
    /3 rows.* \/ filter +servers 1-3 of 5( · d after)? +│/,
  )
})

test('keys of the environment are no profile: the command shown names none, and nothing of the row is cut', async () => {
  const [own] = await readProfiles({ HOME: '/nowhere', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE' })
  if (!own) throw new Error('no choice')
  const model = { ...signedIn(), choice: own, choices: { state: 'ready' as const, value: [own] } }
  const text = drawFrame(model)
    .lines.map((each) => each.map((piece) => piece.text).join(''))
    .join('\n')
  expect(text).toMatch(/ {3}aws sts get-caller-identity *\n/)
  expect(text).toMatch(/environment +keys +ml-team {2}123456789012 +eu-west-1 +not known/)
})

test('rows that are sorted anew on coming back leave the cursor on the same person', () => {
  const onBen = press(atAccess(), down, '2', space)
  expect([underCursor(onBen).person, visibleRows(onBen)[0]?.title]).toEqual(['ben', 'ana'])
  for (const back of [press(onBen, 'p', esc), press(onBen, esc, '>')]) {
    expect([back.screen, underCursor(back).person]).toEqual(['access', 'ben'])
    expect(visibleRows(back)[0]?.title).toBe('ben')
  }
})
