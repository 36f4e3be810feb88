import { builtInPersonas } from '../../personas/built-in.ts'
import { type Complaint, showText } from '../complaint.ts'
import { checkActions } from './check-actions.ts'
import { checkDuplicates } from './check-duplicates.ts'
import { mapOf, type Report, textsOf } from './loose.ts'
import type { Suggest } from './suggest.ts'

/** Longer chains of `extends` than this are no help to a reader. */
const longestChain = 32

const builtIn = new Set(builtInPersonas.map((persona) => persona.name))

/** Personas have names of their own, extend what exists, never themselves, and give something. */
export function checkPersonas(personas: unknown, suggest: Suggest, report: Report): void {
  const custom = mapOf(personas)
  const known = personaNames(personas)
  for (const [name, value] of Object.entries(custom)) {
    const persona = mapOf(value)
    const path = ['personas', name]
    if (builtIn.has(name)) {
      report(
        path,
        {
          what: `${showText(name)} is a built-in persona.`,
          why: 'A persona of your own cannot change what a built-in name means.',
          fix: `Choose another name and write extends: ${name}.`,
        },
        'key',
      )
    }
    checkActions(persona, path, report)
    checkDuplicates(persona.extends, [...path, 'extends'], report)
    for (const item of textsOf(persona.extends, [...path, 'extends'])) {
      if (!known.has(item.text)) report(item.path, unknownPersona(item.text, known, suggest))
    }
    if (
      value !== null &&
      typeof value === 'object' &&
      textsOf(persona.extends, []).length + textsOf(persona.add, []).length === 0
    ) {
      report(
        path,
        {
          what: `The persona ${showText(name)} gives nothing.`,
          why: 'It has neither extends nor add.',
          fix: 'Add extends with a persona, or add with actions.',
        },
        'key',
      )
    }
  }
  checkChains(custom, report)
}

/** Every persona name that the file may use. */
export function personaNames(personas: unknown): ReadonlySet<string> {
  return new Set([...builtIn, ...Object.keys(mapOf(personas))])
}

export function unknownPersona(name: string, known: ReadonlySet<string>, suggest: Suggest): Complaint {
  const guess = suggest(name, known)
  return {
    what: `Unknown persona ${showText(name)}.`,
    why: 'It is neither built in nor under personas.',
    fix: guess === undefined ? 'See the list: mlflow-iam catalog personas.' : `Did you mean ${guess}?`,
  }
}

type State = 'open' | number

/** Walks the chains without recursion: they may be as long as the file. */
function checkChains(custom: Readonly<Record<string, unknown>>, report: Report): void {
  // A finished persona's state is the length of its longest chain.
  const states = new Map<string, State>()
  const parentsOf = (name: string) =>
    textsOf(mapOf(custom[name]).extends, [])
      .map((item) => item.text)
      .filter((parent) => Object.hasOwn(custom, parent))
  for (const start of Object.keys(custom)) {
    const trail = [start]
    while (trail.length > 0) {
      const name = trail.at(-1) ?? start
      if (typeof states.get(name) === 'number') {
        trail.pop()
        continue
      }
      states.set(name, 'open')
      const parents = parentsOf(name)
      const next = parents.find((parent) => !states.has(parent))
      if (next !== undefined) {
        trail.push(next)
        continue
      }
      const looped = parents.find((parent) => states.get(parent) === 'open')
      if (looped !== undefined)
        report(['personas', name, 'extends'], cycle(trail.slice(trail.indexOf(looped)), looped))
      const lengths = parents.map((parent) => states.get(parent)).filter((state) => typeof state === 'number')
      const length = Math.max(0, ...lengths) + 1
      if (length === longestChain + 1) report(['personas', name, 'extends'], tooLong(name))
      states.set(name, length)
      trail.pop()
    }
  }
}

function cycle(names: readonly string[], first: string): Complaint {
  const shown = names.length > 8 ? [...names.slice(0, 7), '...', names.at(-1) ?? ''] : names
  return {
    what: `The persona ${showText(first)} extends itself.`,
    why: `The chain is ${[...shown, first].join(' -> ')}, which never ends.`,
    fix: 'Take one of them out of extends.',
  }
}

function tooLong(name: string): Complaint {
  return {
    what: `The persona ${showText(name)} stands at the end of a long chain.`,
    why: `Chains of extends have at most ${longestChain} personas.`,
    fix: 'Extend a persona that is nearer to the built-in ones.',
  }
}
