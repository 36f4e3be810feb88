import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mlflowActions } from '../catalog/actions.ts'
import { builtInPersonas } from './built-in.ts'
import { nearestPersona } from './nearest-persona.ts'

const actions = mlflowActions.map((action) => action.bare)
const shape = (set: Iterable<string>) => {
  const found = nearestPersona(new Set(set), builtInPersonas)
  return found && [found.persona.name, found.add, found.remove]
}
const of = (name: string) => builtInPersonas.find((persona) => persona.name === name)?.actions ?? []

test('a persona describes itself without exceptions', () => {
  for (const persona of builtInPersonas) {
    if (persona.actions.length === 0) continue
    const name = persona.name === 'use-mlflow' ? 'mlops-admin' : persona.name
    expect(shape(persona.actions)).toEqual([name, [], []])
  }
})

test('a few exceptions are named', () => {
  expect(shape([...of('viewer'), 'SetModelVersionTag'])).toEqual(['viewer', ['SetModelVersionTag'], []])
  expect(shape(of('data-scientist').filter((name) => name !== 'LogMetric'))).toEqual([
    'data-scientist',
    [],
    ['LogMetric'],
  ])
})

test('a few actions that no persona is near to are not described as one', () => {
  expect(shape(['LogMetric', 'DeleteRun'])).toBeUndefined()
  expect(shape([])).toBeUndefined()
})

test('actions that the catalogue does not know are additions', () => {
  expect(shape([...of('viewer'), 'InventedByAws'])).toEqual(['viewer', ['InventedByAws'], []])
})

test('persona plus additions minus removals is the set, and no persona needs fewer exceptions', () => {
  fc.assert(
    fc.property(fc.subarray([...actions, 'InventedByAws']), (list) => {
      const set = new Set(list)
      const found = nearestPersona(set, builtInPersonas)
      const exceptions = builtInPersonas.map(
        ({ actions: has }) =>
          list.filter((action) => !has.includes(action)).length +
          has.filter((action) => !set.has(action)).length,
      )
      const fewest = Math.min(...exceptions)
      if (!found) {
        expect(fewest).toBeGreaterThanOrEqual(set.size)
        return
      }
      const rebuilt = new Set([...found.persona.actions, ...found.add])
      for (const action of found.remove) rebuilt.delete(action)
      expect([...rebuilt].sort()).toEqual([...set].sort())
      expect(found.add.length + found.remove.length).toBe(fewest)
    }),
  )
})
