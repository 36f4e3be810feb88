import { s3NeedsOfActions } from '../catalog/closure.ts'
import { joinS3, noS3 } from '../catalog/join-s3.ts'
import { closestName } from '../catalog/suggest-name.ts'
import type { CustomPersona } from '../grants/grants-file.ts'
import { Problem } from '../problem.ts'
import { builtInPersonas } from './built-in.ts'
import type { Persona } from './persona.ts'
import { findPersonaCycle, findUnknownBases, orderPersonas } from './persona-order.ts'

export { findPersonaCycle, findUnknownBases } from './persona-order.ts'

/** Every persona by name: the built-in ones, then the custom ones in the file's order, written out. */
export function expandPersonas(custom: readonly CustomPersona[]): ReadonlyMap<string, Persona> {
  refuse(custom)
  const done = new Map(builtInPersonas.map((persona) => [persona.name, persona]))
  for (const persona of orderPersonas(custom).ordered) done.set(persona.name, expandOne(persona, done))
  const inOrder = [
    ...builtInPersonas.map((persona) => persona.name),
    ...custom.map((persona) => persona.name),
  ]
  return new Map(
    inOrder.flatMap((name) => {
      const persona = done.get(name)
      return persona ? [[name, persona] as const] : []
    }),
  )
}

function expandOne(custom: CustomPersona, done: ReadonlyMap<string, Persona>): Persona {
  const bases = custom.extends.flatMap((name) => done.get(name) ?? [])
  const given = new Set([...bases.flatMap((base) => base.actions), ...custom.add])
  const removed = new Set(custom.remove)
  const actions = [...given].filter((action) => !removed.has(action)).sort()
  const added = custom.add.filter((action) => !removed.has(action))
  const s3 = bases.reduce((sum, base) => joinS3(sum, base.s3), s3NeedsOfActions(added))
  const emptied = actions.length === 0 && given.size > 0
  return {
    name: custom.name,
    title: custom.title ?? custom.name,
    purpose: describe(custom),
    actions,
    ui: actions.includes('AccessUI'),
    s3: emptied ? noS3 : s3,
    alsoNeeds: [...new Set(bases.flatMap((base) => base.alsoNeeds))].sort(),
    // `sagemaker-mlflow:*` minus something can only be written out by name.
    wildcard: removed.size === 0 && bases.some((base) => base.wildcard),
    builtIn: false,
  }
}

function describe(custom: CustomPersona): string {
  const bases = [...new Set(custom.extends)].sort().join(' and ')
  const parts = [
    bases,
    custom.add.length > 0 ? `${bases ? 'plus ' : ''}${[...new Set(custom.add)].sort().join(', ')}` : '',
    custom.remove.length > 0 ? `without ${[...new Set(custom.remove)].sort().join(', ')}` : '',
  ].filter((part) => part !== '')
  return parts.length > 0
    ? `Defined in the grants file: ${parts.join(', ')}.`
    : 'Defined in the grants file: empty.'
}

function refuse(custom: readonly CustomPersona[]): void {
  const builtIn = new Set(builtInPersonas.map((persona) => persona.name))
  const names = new Set<string>()
  for (const { name } of custom) {
    if (builtIn.has(name) || names.has(name)) {
      throw new Problem('DUPLICATE_PERSONA', `The persona ${name} is defined twice.`, {
        why: builtIn.has(name) ? `${name} is a built-in persona.` : 'Each name can mean one persona only.',
        fix: ['Give the custom persona another name.'],
        exit: 3,
      })
    }
    names.add(name)
  }
  const unknown = findUnknownBases(custom, builtIn)[0]
  if (unknown) {
    const nearest = closestName(unknown.base, [...builtIn, ...names])
    throw new Problem('UNKNOWN_PERSONA', `The persona ${unknown.persona} extends ${unknown.base}.`, {
      why: `There is no persona ${unknown.base}.`,
      fix: [nearest ? `Did you mean ${nearest}?` : 'See `mlflow-iam catalog personas` for those there are.'],
      exit: 3,
    })
  }
  const cycle = findPersonaCycle(custom)
  if (cycle) {
    throw new Problem('PERSONA_CYCLE', `The persona ${cycle[0]} extends itself.`, {
      why: `${cycle.join(' extends ')}.`,
      fix: ['Remove one of these from an `extends`.'],
      exit: 3,
    })
  }
}
