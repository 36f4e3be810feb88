import { expect, test } from 'vitest'
import { type Edit, newEdit } from './edit.ts'
import { historyOf, keptSteps } from './kept-undo.ts'
import type { HistoryStep } from './model.ts'

const arn = (name: string) => `arn:aws:iam::123456789012:user/${name}`
const cell = (persona: string) => ({ personas: [persona], add: [], remove: [] })

/** Choices after each of so many steps: a persona for one person more. */
function edits(steps: number): readonly Edit[] {
  const all: Edit[] = [{ ...newEdit('team'), account: '123456789012', region: 'eu-west-1' }]
  const server = { key: 'ml-dev', kind: 'name' as const, planned: false, kms: [] }
  for (let step = 0; step < steps; step += 1) {
    const before = all.at(-1) ?? newEdit('team')
    const name = `person-${step}`
    all.push({
      ...before,
      servers: [server],
      members: [...before.members, { arn: arn(name), refs: [`user/${name}`] }],
      cells: { ...before.cells, [arn(name)]: { 'ml-dev': [cell('viewer')] } },
    })
  }
  return all
}

function pastOf(all: readonly Edit[]): readonly HistoryStep[] {
  return all.slice(0, -1).map((edit, index) => ({ edit, what: `step ${index}` }))
}

test('steps that a draft kept lead back to exactly the choices before them', () => {
  const all = edits(6)
  const now = all.at(-1) as Edit
  const kept = JSON.parse(JSON.stringify(keptSteps(now, pastOf(all))))
  expect(historyOf(now, kept)).toEqual(pastOf(all))
})

test('a draft keeps the last steps only, and never many characters of them', () => {
  const all = edits(60)
  const now = all.at(-1) as Edit
  const kept = keptSteps(now, pastOf(all))
  expect(kept.length).toBeGreaterThan(2)
  expect(kept.length).toBeLessThanOrEqual(20)
  expect(JSON.stringify(kept).length).toBeLessThan(34_000)
  expect(historyOf(now, kept).at(-1)).toEqual(pastOf(all).at(-1))
})

test('steps that someone wrote by hand are left out, with all that were before them', () => {
  const all = edits(3)
  const now = all.at(-1) as Edit
  const [good, ...rest] = JSON.parse(JSON.stringify(keptSteps(now, pastOf(all))))
  for (const bad of [
    null,
    { what: 'x' },
    { what: 'x', parts: { members: 'nobody' }, rows: {} },
    { what: 'x', parts: { members: [{ arn: 1, refs: 'a' }] }, rows: {} },
    { what: 'x', parts: { name: '../evil' }, rows: {} },
    { what: 'x', parts: {}, rows: { [arn('person-0')]: { 'ml-dev': [cell('no-such-persona')] } } },
    { what: 'x', parts: {}, rows: { [arn('person-0')]: 7 } },
    { what: 'x', parts: {}, rows: { [arn('person-0')]: { 'ml-other': [7] } } },
  ])
    expect(historyOf(now, [good, bad, ...rest])).toHaveLength(1)
  for (const none of [undefined, 'x', {}, 7]) expect(historyOf(now, none)).toEqual([])
})
