import { builtInPersonas } from '../personas/built-in.ts'
import { nearestPersona } from '../personas/nearest-persona.ts'
import type { Persona } from '../personas/persona.ts'
import type { AccessRow } from './access.ts'

/** Most exceptions that still read as a persona; beyond them a name would mislead. */
const mostExceptions = 5

/**
 * A row in the words of personas: `data-scientist`, `data-scientist +1 -2`, `more than viewer`, `12 actions`,
 * `full access` (of an App), `UI alone` (AccessUI counts for the whole account), `decided in account 210987654321`
 * (a server of that account), `unknown` (all that may allow something was not read), `none`.
 */
export function describeAccess(
  row: Pick<AccessRow, 'allowed' | 'decidedIn'> & Partial<Pick<AccessRow, 'depends'>>,
  personas: readonly Persona[] = builtInPersonas,
): string {
  if (row.allowed.length === 0 && unreadPolicies(row).length > 0) return 'unknown'
  if (row.decidedIn !== undefined) return `decided in account ${row.decidedIn}`
  if (personas !== builtInPersonas) return describe(row.allowed, personas)
  let words = known.get(row.allowed)
  if (words === undefined) {
    words = describe(row.allowed, personas)
    known.set(row.allowed, words)
  }
  return words
}

/** ARNs of the managed policies that were not read, and on which some action of a row hangs. */
export function unreadPolicies({ depends = [] }: Partial<Pick<AccessRow, 'depends'>>): readonly string[] {
  return [...new Set(depends.flatMap(({ keys }) => keys))].filter((key) => key.startsWith('arn:'))
}

/** Rows share their lists of actions, so each list is put into words once. */
const known = new WeakMap<readonly string[], string>()

function describe(allowed: readonly string[], personas: readonly Persona[]): string {
  const actions = new Set(allowed)
  if (actions.size === 0) return 'none'
  if (actions.has('CallMlflowAppApi')) return 'full access'
  if (actions.size === 1 && actions.has('AccessUI')) return 'UI alone'
  const plain = personas.filter((persona) => !persona.wildcard && persona.actions.length > 0)
  const shape = nearestPersona(actions, plain)
  if (shape && shape.add.length + shape.remove.length <= mostExceptions) {
    const add = shape.add.length > 0 ? ` +${shape.add.length}` : ''
    const remove = shape.remove.length > 0 ? ` -${shape.remove.length}` : ''
    return `${shape.persona.name}${add}${remove}`
  }
  const inside = plain
    .filter((persona) => persona.actions.every((action) => actions.has(action)))
    .toSorted((a, b) => b.actions.length - a.actions.length)[0]
  if (inside) return `more than ${inside.name}`
  return actions.size === 1 ? '1 action' : `${actions.size} actions`
}
