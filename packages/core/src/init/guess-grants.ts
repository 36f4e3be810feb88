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
  const { actions, ...where } = reading
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
    ...(word === 'multi'
      ? unions(actions, personas).map((union) => ({ ...where, ...union, remove: [] }))
      : []),
    // Several personas may hold the same actions and differ in what they need beside them.
    ...personas
      .map(asPersona)
      .filter(({ add, remove }) => add.length + remove.length === 0 && all.length > 0),
    ...(nearest ? [asPersona(nearest.persona)] : []),
    { ...where, personas: [], add: all, remove: [] },
  ]
}

/** Every two or three personas of which the actions hold all; what the actions hold beside them was added. */
function unions(
  actions: ReadonlySet<string>,
  personas: readonly Persona[],
): readonly { readonly personas: readonly string[]; readonly add: readonly string[] }[] {
  const fitting = personas.filter((persona) => persona.actions.every((action) => actions.has(action)))
  const sets = fitting.flatMap((one, first) =>
    fitting
      .slice(first + 1)
      .flatMap((two, second) => [
        [one, two],
        ...fitting.slice(first + second + 2).map((three) => [one, two, three]),
      ]),
  )
  return sets.map((set) => {
    const covered = new Set(set.flatMap((persona) => persona.actions))
    return {
      personas: set.map((persona) => persona.name).sort(),
      add: [...actions].filter((action) => !covered.has(action)).sort(),
    }
  })
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
