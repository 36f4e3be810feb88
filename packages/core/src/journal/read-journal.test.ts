import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attach, create, handMadePlan } from '../../test/hand-made-plan.ts'
import { type JournalLine, journalLine } from './journal.ts'
import { readJournal } from './read-journal.ts'

const plan = handMadePlan([
  create('op-1', 'größe'),
  attach('op-2', 'ana', 'größe'),
  attach('op-3', 'ben', 'größe'),
])
const at = '2026-11-24T00:00:00.000Z'
const lines: JournalLine[] = [
  { journal: 'mlflow-iam', version: 1, kind: 'apply', at, plan },
  {
    event: 'sending',
    operation: 'op-1',
    action: 'CreatePolicy',
    input: plan.operations[0]?.input ?? { RoleName: '' },
    inverse: [],
    at,
  },
  { event: 'done', operation: 'op-1', at, answer: { 'Policy.PolicyId': 'ANPA1' } },
  {
    event: 'sending',
    operation: 'op-2',
    action: 'AttachUserPolicy',
    input: plan.operations[1]?.input ?? { RoleName: '' },
    inverse: [],
    at,
  },
  { event: 'failed', operation: 'op-2', code: 'ACCESS_DENIED', why: 'No.\nReally “no”.', at },
  {
    event: 'sending',
    operation: 'op-3',
    action: 'AttachUserPolicy',
    input: plan.operations[2]?.input ?? { RoleName: '' },
    inverse: [],
    at,
  },
]
const whole = lines.map(journalLine).join('')

test('a journal says of each operation whether it was sent and what came back', () => {
  const journal = readJournal(whole, 'x')
  expect(journal.steps.map(({ operation, state }) => [operation.id, state])).toEqual([
    ['op-1', 'done'],
    ['op-2', 'failed'],
    ['op-3', 'unknown'],
  ])
  expect(journal.steps[0]?.answer).toEqual({ 'Policy.PolicyId': 'ANPA1' })
  expect(journal).toMatchObject({
    finished: false,
    torn: false,
    bytes: new TextEncoder().encode(whole).length,
  })
})

test('cut at any byte, a journal reads as the lines that were whole', () => {
  const bytes = new TextEncoder().encode(whole)
  const header = new TextEncoder().encode(journalLine(lines[0] as JournalLine)).length
  fc.assert(
    fc.property(fc.integer({ min: header, max: bytes.length }), (cut) => {
      const text = new TextDecoder().decode(bytes.slice(0, cut))
      const journal = readJournal(text, 'x')
      const complete = text.split('\n').length - 1
      const kept = lines.slice(0, complete)
      const expected = readJournal(kept.map(journalLine).join(''), 'x')
      // A line whose break alone is missing counts; any shorter one does not.
      const next = lines[complete]
      const isWhole = next !== undefined && text.endsWith(JSON.stringify(next))
      const same = isWhole ? readJournal([...kept, next].map(journalLine).join(''), 'x') : expected
      expect(journal.steps).toEqual(same.steps)
      expect(journal.torn).toBe(!isWhole && !text.endsWith('\n'))
      if (journal.torn)
        expect(journal.bytes).toBe(new TextEncoder().encode(kept.map(journalLine).join('')).length)
    }),
    { numRuns: 300 },
  )
})

test('a journal without one whole line, of another kind, or damaged in the middle is refused', () => {
  const refused = (text: string) => {
    try {
      readJournal(text, 'x.jsonl')
    } catch (error) {
      return error
    }
    return undefined
  }
  expect(refused('')).toMatchObject({ code: 'JOURNAL_EMPTY', exit: 3 })
  expect(refused('my notes')).toMatchObject({ code: 'NOT_A_JOURNAL', exit: 3 })
  expect(refused(whole.slice(0, 50))).toMatchObject({ code: 'JOURNAL_EMPTY' })
  expect(refused('{"a":1}\n')).toMatchObject({ code: 'NOT_A_JOURNAL' })
  expect(refused('[]\n')).toMatchObject({ code: 'NOT_A_JOURNAL' })
  expect(refused(whole.replace('"event":"done"', '"event":"done'))).toMatchObject({
    code: 'JOURNAL_DAMAGED',
    what: 'x.jsonl is damaged at line 3.',
  })
  expect(refused(whole.replace('"operation":"op-3","action"', '"operation":"op-9","action"'))).toMatchObject({
    code: 'JOURNAL_DAMAGED',
  })
})

test('a journal whose plan was edited, or whose entries ask for what no plan can, is refused', () => {
  const refused = (text: string) => expect(() => readJournal(text, 'x'))
  refused(whole.replace('"UserName":"ana"', '"UserName":"eve"')).toThrow('not a journal that can be used')
  const sending = lines[5] as Extract<JournalLine, { event: 'sending' }>
  const evil = [{ action: 'DeleteUser', input: { UserName: 'ana' } }]
  refused(whole + JSON.stringify({ ...sending, inverse: evil })).toThrow('damaged at line 7')
  refused(whole + JSON.stringify({ ...sending, inverse: 7 })).toThrow('damaged at line 7')
})

test('what a deletion destroyed is taken from the first time it was sent', () => {
  const first = { action: 'DeleteRole', input: { RoleName: 'first' } } as const
  const second = { action: 'DeleteRole', input: { RoleName: 'second' } } as const
  const sending = lines[5] as Extract<JournalLine, { event: 'sending' }>
  const text = [...lines.slice(0, 5), { ...sending, inverse: [first] }, { ...sending, inverse: [second] }]
  expect(readJournal(text.map(journalLine).join(''), 'x').steps[2]?.inverse).toEqual([first])
})

test('a rolled-back journal names the one that took it back', () => {
  const text = whole + journalLine({ event: 'rolled-back', by: 'x-rollback.journal.jsonl', at })
  expect(readJournal(text, 'x').rolledBackBy).toBe('x-rollback.journal.jsonl')
})
