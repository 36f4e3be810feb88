import { closestName } from '../catalog/suggest-name.ts'
import { type Complaint, showText } from './complaint.ts'

type Path = readonly (string | number)[]

/** A key that the mapping does not have, with the nearest that it has. */
export function unknownKey(key: string, known: readonly string[]): Complaint {
  const guess = closestName(key, known)
  if (key === '<<') {
    return {
      what: 'Merge keys ("<<") are refused.',
      why: 'They belong to YAML 1.1; in YAML 1.2 this is a key like any other, and unknown.',
      fix: 'Write the keys out.',
    }
  }
  return {
    what: `Unknown key ${showText(key)}.`,
    why: `The keys here are ${known.join(', ')}.`,
    fix: guess === undefined ? 'Delete it, or correct its name.' : `Did you mean ${guess}?`,
  }
}

/** A key that must be there. */
export function missingKey(path: Path): Complaint {
  const key = String(path.at(-1))
  const example = examples[path.length === 1 ? key : `roles.${key}`] ?? examples[key]
  return {
    what: `The key ${key} is missing.`,
    why: 'It is required here.',
    fix: example === undefined ? `Add ${key}.` : `Add ${key}, such as ${example}.`,
  }
}

const examples: Readonly<Record<string, string>> = {
  version: 'version: 1',
  name: 'name: ml-platform',
  'roles.name': 'name: mlflow-tracking-server',
  to: 'to: user/ana',
}

/** A value that is not the only one possible. */
export function wrongValue(value: unknown, wanted: unknown, source: string | undefined): Complaint {
  return {
    what: `It is ${showValue(value, source)}.`,
    why: `The only value here is ${String(wanted)}${typeof value === 'string' && value === String(wanted) ? ', without quotes' : ''}.`,
    fix: `Write ${String(wanted)}.`,
  }
}

export type Expected = 'string' | 'boolean' | 'array' | 'mapping'

/** A value of another type than the place takes; `source` is how the text spells it. */
export function wrongType(value: unknown, expected: Expected, source: string | undefined): Complaint {
  const shown = showValue(value, source)
  if (value === null) {
    return {
      what: 'It has no value.',
      why: `${kindsOf[expected]} is needed here.`,
      fix: 'Write the value, or delete the key.',
    }
  }
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    const written = source ?? String(value)
    const zero = typeof value === 'number' && /^0\d/.test(written) ? ' and drops its leading zero' : ''
    return {
      what: `It is ${shown}.`,
      why: `Text is needed here, and YAML reads ${written} as ${typeof value === 'number' ? 'a number' : 'true or false'}${zero}.`,
      fix: `Put it in quotes: "${written}".`,
    }
  }
  return {
    what: `It is ${shown}.`,
    why:
      expected === 'boolean'
        ? 'It takes true or false, without quotes.'
        : `${kindsOf[expected]} is needed here.`,
    fix: fixes[expected],
  }
}

const kindsOf: Readonly<Record<Expected, string>> = {
  string: 'Text',
  boolean: 'true or false',
  array: 'A list',
  mapping: 'A mapping (keys and values)',
}

const fixes: Readonly<Record<Expected, string>> = {
  boolean: 'Write true or false.',
  string: 'Write one line of text.',
  array: 'Begin each item with a dash and a space.',
  mapping: 'Write keys and values, indented below it.',
}

function showValue(value: unknown, source: string | undefined): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'number') return `the number ${(source ?? String(value)).slice(0, 40)}`
  return typeof value === 'string' ? showText(value) : String(value)
}

export const emptyList: Complaint = {
  what: 'The list is empty.',
  why: 'An empty list would mean nobody or nothing.',
  fix: 'Name one, or delete the key.',
}
