import { expect, test } from 'vitest'
import { mlflowActions } from '../catalog/actions.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { nearestPersona } from '../personas/nearest-persona.ts'
import { bitsOf, isEmptyBits, namesOf, noActions, rowActions, without } from './action-bits.ts'

const bareNames = rowActions.map((name) => name.slice(name.indexOf(':') + 1))

test('every action has a bit of its own: AWS may add some, and two words hold 64', () => {
  for (const name of bareNames) expect(namesOf(bitsOf([name]))).toEqual([name])
  expect(namesOf(bitsOf(bareNames))).toEqual(bareNames)
  for (const name of bareNames)
    expect(namesOf(without(bitsOf(bareNames), bitsOf([name])))).not.toContain(name)
  expect(isEmptyBits(without(bitsOf(bareNames), bitsOf(bareNames)))).toBe(true)
  expect(namesOf(noActions)).toEqual([])
})

test('no action passes for another where personas are compared', () => {
  const [any] = builtInPersonas
  if (!any) throw new Error('there are personas')
  for (const { bare } of mlflowActions) {
    const others = mlflowActions.filter((action) => action.bare !== bare)
    const personas = others.map((other) => ({ ...any, name: other.bare, actions: [other.bare] }))
    expect(nearestPersona(new Set([bare]), personas)).toBeUndefined()
  }
})
