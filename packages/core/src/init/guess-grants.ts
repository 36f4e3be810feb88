import { mlflowActions } from '../catalog/actions.ts'
import type { CustomPersona, Grant } from '../grants/grants-file.ts'
import { nearestPersona } from '../personas/nearest-persona.ts'
import type { Persona } from '../personas/persona.ts'
import type { PolicyReading } from './read-owned-policy.ts'

/** A grant as an owned policy tells it, without whom it is for. */
export type PolicyGrant = Omit<Grant, 'index' | 'to'>

/** The word of a policy's name: its persona, `multi`, `custom`. Undefined for a name that somebody chose. */
export function policyWord(name: string): string | undefined {
  return /^mlflow-iam-(.+)-[0-9a-f]{8}$/u.exec(name)?.[1]
}

/**
 * The grants that could have made a policy of this reading, likeliest first. None is sure: only the one that compiles
 * to the same policy again is meant.
 */
export function guessGrants(
  reading: PolicyReading,
  word: string | undefined,
  personas: readonly Persona[],
): readonly PolicyGrant[] {
  const { actions } = reading
  const where = placeAndTime(reading)
  const all = [...actions].sort()
  const asPersona = (persona: Persona): PolicyGrant => ({
    ...where,
    personas: [persona.name],
    add: all.filter((action) => !persona.actions.includes(action)),
    remove: persona.actions.filter((action) => !actions.has(action)),
  })
  const named = personas.find((persona) => persona.name === word)
  const nearest = nearestPersona(actions, personas)
  return [
    ...(named ? [asPersona(named), { ...where, personas: [named.name], add: [], remove: [] }] : []),
    ...(word === 'multi' ? unions(actions, personas).map((union) => ({ ...where, ...union })) : []),
    // Several personas may hold the same actions and differ in what they need beside them.
    ...personas
      .map(asPersona)
      .filter(({ add, remove }) => add.length + remove.length === 0 && all.length > 0),
    ...(nearest ? [asPersona(nearest.persona)] : []),
    { ...where, personas: [], add: all, remove: [] },
  ]
}

/** Exceptions that are tried where several grants stand as one. */
const mostExceptions = 3

/** Every persona of which all is there, with the few actions that are there beside it. */
export function guessMore(reading: PolicyReading, personas: readonly Persona[]): readonly PolicyGrant[] {
  const { actions } = reading
  return personas.flatMap((persona) => {
    const add = [...actions].filter((action) => !persona.actions.includes(action)).sort()
    const isWhole = persona.actions.length > 0 && persona.actions.every((action) => actions.has(action))
    return isWhole && add.length <= mostExceptions
      ? [{ ...placeAndTime(reading), personas: [persona.name], add, remove: [] }]
      : []
  })
}

/**
 * The grants that only the hash in a policy's name can tell: with exceptions that change nothing, as adding what a
 * persona has; or, where the policy does not hold their actions, any few exceptions.
 */
export function guessByName(
  reading: PolicyReading,
  word: string | undefined,
  personas: readonly Persona[],
): Iterable<PolicyGrant> {
  return reading.silent ? guessSilent(reading, word, personas) : guessIdle(reading, word, personas)
}

/** The persona of the name with one exception that changes nothing, or two added. */
function* guessIdle(
  reading: PolicyReading,
  word: string | undefined,
  personas: readonly Persona[],
): Generator<PolicyGrant> {
  const persona = personas.find(({ name }) => name === word)
  if (!persona) return
  const { actions } = reading
  const guess = (idle: readonly string[], gone: readonly string[]): PolicyGrant => ({
    ...placeAndTime(reading),
    personas: [persona.name],
    add: [...actions].filter((action) => !persona.actions.includes(action) || idle.includes(action)).sort(),
    remove: [...persona.actions.filter((action) => !actions.has(action)), ...gone].sort(),
  })
  const held = persona.actions.filter((action) => actions.has(action))
  for (const one of held) yield guess([one], [])
  for (const { bare } of mlflowActions) {
    if (!persona.actions.includes(bare) && !actions.has(bare)) yield guess([], [bare])
  }
  for (const [index, one] of held.entries())
    for (const two of held.slice(index + 1)) yield guess([one, two], [])
}

/** The persona of the name with up to three exceptions, several personas as they are, or up to three actions. */
function* guessSilent(
  reading: PolicyReading,
  word: string | undefined,
  personas: readonly Persona[],
): Generator<PolicyGrant> {
  const where = placeAndTime(reading)
  if (word === 'multi') {
    for (const set of severalOf(personas))
      yield { ...where, personas: set.map(({ name }) => name).sort(), add: [], remove: [] }
    return
  }
  const persona = personas.find(({ name }) => name === word)
  if (!persona && word !== 'custom') return
  const names = persona ? [persona.name] : []
  const held = new Set(persona?.actions)
  const every = mlflowActions.map(({ bare }) => bare).sort()
  const guess = (changed: readonly string[]): PolicyGrant => ({
    ...where,
    personas: names,
    add: changed.filter((action) => !held.has(action)),
    remove: changed.filter((action) => held.has(action)),
  })
  yield guess([])
  for (const one of every) yield guess([one])
  for (const [index, one] of every.entries())
    for (const two of every.slice(index + 1)) yield guess([one, two])
  for (const [first, one] of every.entries())
    for (const [second, two] of every.entries())
      if (second > first) for (const three of every.slice(second + 1)) yield guess([one, two, three])
}

function placeAndTime({ on, until, when }: PolicyReading): Pick<PolicyGrant, 'on' | 'until' | 'when'> {
  return { on, ...(until ? { until } : {}), ...(when ? { when } : {}) }
}

/** Every two or three personas, with what was added to them and taken out; those with the fewest exceptions first. */
function unions(
  actions: ReadonlySet<string>,
  personas: readonly Persona[],
): readonly Pick<PolicyGrant, 'personas' | 'add' | 'remove'>[] {
  return severalOf(personas)
    .map((set) => {
      const covered = new Set(set.flatMap((persona) => persona.actions))
      return {
        personas: set.map((persona) => persona.name).sort(),
        add: [...actions].filter((action) => !covered.has(action)).sort(),
        remove: [...covered].filter((action) => !actions.has(action)).sort(),
      }
    })
    .sort((a, b) => a.add.length + a.remove.length - b.add.length - b.remove.length)
}

function severalOf(personas: readonly Persona[]): readonly (readonly Persona[])[] {
  return personas.flatMap((one, first) =>
    personas
      .slice(first + 1)
      .flatMap((two, second) => [
        [one, two],
        ...personas.slice(first + second + 2).map((three) => [one, two, three]),
      ]),
  )
}

/** How a file could have defined a persona of this name so that it has these actions, likeliest first. */
export function guessPersonas(
  name: string,
  actions: ReadonlySet<string>,
  personas: readonly Persona[],
): readonly CustomPersona[] {
  const exceptions = (base: Persona): CustomPersona => ({
    name,
    extends: [base.name],
    add: [...actions].filter((action) => !base.actions.includes(action)).sort(),
    remove: base.actions.filter((action) => !actions.has(action)),
  })
  const weight = ({ add, remove }: CustomPersona): number => add.length + remove.length
  const bases = personas.filter((persona) => persona.builtIn).map(exceptions)
  const ordered = [...bases].sort((a, b) => weight(a) - weight(b))
  return [...ordered, { name, extends: [], add: [...actions].sort(), remove: [] }]
}
