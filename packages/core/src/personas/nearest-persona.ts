import { mlflowActions } from '../catalog/actions.ts'
import type { Persona } from './persona.ts'

/** A set of actions, said as a persona with exceptions. */
export interface PersonaShape {
  readonly persona: Persona
  /** Bare action names, sorted. */
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/**
 * The persona that describes a set of actions with the fewest exceptions, then the smallest one.
 * None where naming the actions themselves is shorter. (persona ∪ add) − remove is exactly the set.
 */
export function nearestPersona(
  actions: ReadonlySet<string>,
  personas: Iterable<Persona>,
): PersonaShape | undefined {
  const wanted = bitsOf(actions)
  let best: Persona | undefined
  let bestExceptions = actions.size
  for (const persona of personas) {
    const has = bitsOfPersona(persona)
    const exceptions = countBits(wanted.low ^ has.low) + countBits(wanted.high ^ has.high) + wanted.others
    const smaller = best !== undefined && persona.actions.length < best.actions.length
    if (exceptions < bestExceptions || (exceptions === bestExceptions && smaller)) {
      best = persona
      bestExceptions = exceptions
    }
  }
  if (!best) return undefined
  const has = new Set(best.actions)
  return {
    persona: best,
    add: [...actions].filter((action) => !has.has(action)).sort(),
    remove: best.actions.filter((action) => !actions.has(action)),
  }
}

/** Up to 64 actions in two words of bits; actions that the catalogue does not know are only counted. */
interface Bits {
  readonly low: number
  readonly high: number
  readonly others: number
}

const places: ReadonlyMap<string, number> = new Map(
  mlflowActions.map((action, index) => [action.bare, index]),
)
const known = new WeakMap<Persona, Bits>()

function bitsOfPersona(persona: Persona): Bits {
  const found = known.get(persona)
  if (found) return found
  const bits = bitsOf(persona.actions)
  known.set(persona, bits)
  return bits
}

function bitsOf(actions: Iterable<string>): Bits {
  let low = 0
  let high = 0
  let others = 0
  for (const action of actions) {
    const place = places.get(action)
    if (place === undefined) others += 1
    else if (place < 32) low |= 1 << place
    else high |= 1 << (place - 32)
  }
  return { low, high, others }
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
