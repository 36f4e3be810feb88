import type * as z from 'zod/mini'
import { closestName } from '../catalog/suggest-name.ts'
import { type Complaint, showText } from './complaint.ts'
import type { PlainValue } from './plain-value.ts'
import type { PlacedComplaint } from './positions.ts'

type Issue = z.core.$ZodIssue
type Path = readonly (string | number)[]

/** Puts the schema's issues into words, each at its place in the text. */
export function describeIssues(issues: readonly Issue[], plain: PlainValue): PlacedComplaint[] {
  return issues.flatMap((issue) => describe(issue, [], plain))
}

function describe(issue: Issue, above: Path, plain: PlainValue): PlacedComplaint[] {
  const path = [...above, ...(issue.path as Path)]
  const place = plain.find(path)
  const dotted = path.join('.')
  const at = (complaint: Complaint, offset = place.value): PlacedComplaint[] => [
    { path: dotted, offset, ...complaint },
  ]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key].join('.'),
        offset: plain.find([...path, key]).key,
        ...unknownKey(key, issue.message.split(' ')),
      }))
    case 'invalid_union':
      return describeUnion(issue, path, plain)
    case 'invalid_key':
      return issue.issues.flatMap((inner) =>
        inner.code === 'custom' ? at(inner.params as unknown as Complaint, place.key) : [],
      )
    case 'custom':
      return at(issue.params as unknown as Complaint)
    case 'too_small':
      return at({
        what: 'The list is empty.',
        why: 'An empty list would mean nobody or nothing.',
        fix: 'Name one, or delete the key.',
      })
    default:
      break
  }
  if (!place.exact) return at(missingKey(path))
  const value = valueAt(plain.value, path)
  if (issue.code === 'invalid_value') return at(wrongValue(value, issue.values[0], place.source))
  return at(wrongType(value, issue.code === 'invalid_type' ? issue.expected : 'value', place.source))
}

/** Of "one or many", the branch that the writer meant: the list where there is one. */
function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: Path,
  plain: PlainValue,
): PlacedComplaint[] {
  const value = valueAt(plain.value, path)
  const place = plain.find(path)
  const dotted = path.join('.')
  if (!place.exact) return [{ path: dotted, offset: place.value, ...missingKey(path) }]
  const branch = issue.errors.find(
    (errors) =>
      Array.isArray(value) && errors.every((inner) => inner.path.length > 0 || inner.code === 'too_small'),
  )
  if (branch) return branch.flatMap((inner) => describe(inner, path, plain))
  return [{ path: dotted, offset: place.value, ...wrongType(value, 'string', place.source) }]
}

function unknownKey(key: string, known: readonly string[]): Complaint {
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

function missingKey(path: Path): Complaint {
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

function wrongValue(value: unknown, wanted: unknown, source: string | undefined): Complaint {
  return {
    what: `It is ${showValue(value, source)}.`,
    why: `The only value here is ${String(wanted)}${typeof value === 'string' && value === String(wanted) ? ', without quotes' : ''}.`,
    fix: `Write ${String(wanted)}.`,
  }
}

function wrongType(value: unknown, expected: string, source: string | undefined): Complaint {
  const shown = showValue(value, source)
  if (value === null) {
    return {
      what: 'It has no value.',
      why: `${kindsOf[expected] ?? 'A value'} is needed here.`,
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
  if (expected === 'boolean') {
    return {
      what: `It is ${shown}.`,
      why: 'It takes true or false, without quotes.',
      fix: 'Write true or false.',
    }
  }
  return {
    what: `It is ${shown}.`,
    why: `${kindsOf[expected] ?? 'Another value'} is needed here.`,
    fix: fixes[expected] ?? 'Write one.',
  }
}

const kindsOf: Readonly<Record<string, string>> = {
  string: 'Text',
  boolean: 'true or false',
  array: 'A list',
  object: 'A mapping (keys and values)',
  record: 'A mapping (keys and values)',
}

const fixes: Readonly<Record<string, string>> = {
  string: 'Write one line of text.',
  array: 'Begin each item with a dash and a space.',
  object: 'Write keys and values, indented below it.',
  record: 'Write keys and values, indented below it.',
}

function showValue(value: unknown, source: string | undefined): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'number') return `the number ${(source ?? String(value)).slice(0, 40)}`
  return typeof value === 'string' ? showText(value) : String(value)
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, segment) => (value as Record<string | number, unknown> | undefined)?.[segment],
    root,
  )
}
