import { operators, type ValueTest } from './operators.ts'
import type { KeyValue, RequestFacts } from './request.ts'
import { allOf, anyOf, not, type Truth } from './truth.ts'

/** The `Condition` of one statement, ready to be asked. */
export interface CompiledCondition {
  /** Every condition key that it reads, variables included, lower case. */
  readonly keys: readonly string[]
  holds(facts: RequestFacts): Truth
}

type SetQualifier = 'forallvalues' | 'foranyvalue' | undefined

interface Line {
  readonly keys: readonly string[]
  holds(facts: RequestFacts): Truth
}

/**
 * Compiles a condition block: all its lines must hold (IAM User Guide, "IAM JSON policy elements: Condition").
 * What it cannot read is told to `complain`, and counts as not known rather than as yes or no.
 */
export function compileCondition(
  block: unknown,
  variables: boolean,
  complain: (what: string) => void,
): CompiledCondition | undefined {
  if (!isRecord(block)) {
    complain('Condition is not an object')
    return undefined
  }
  const lines: Line[] = []
  for (const [operator, keys] of Object.entries(block)) {
    if (!isRecord(keys)) {
      complain(`the condition ${operator} is not an object of keys`)
      return undefined
    }
    for (const [key, value] of Object.entries(keys)) {
      const values = readValues(value)
      if (!values) {
        complain(`the values of ${operator} ${key} are not text`)
        return undefined
      }
      lines.push(compileLine(operator, key, values, variables, complain))
    }
  }
  return {
    keys: [...new Set(lines.flatMap((line) => line.keys))],
    holds: (facts) => allOf(lines.map((line) => line.holds(facts))),
  }
}

function compileLine(
  name: string,
  key: string,
  values: readonly string[],
  variables: boolean,
  complain: (what: string) => void,
): Line {
  const lowerKey = key.toLowerCase()
  const unreadable: Line = { keys: [lowerKey], holds: () => ({ keys: [key] }) }
  const { qualifier, base, ifExists } = readOperator(name)
  if (base === 'null' && !ifExists) {
    return { keys: [lowerKey], holds: (facts) => isNull(facts.valueOf(lowerKey), values, key) }
  }
  const operator = operators.get(base)
  if (!operator) {
    complain(`IAM has no condition operator ${name}`)
    return unreadable
  }
  const tests: ValueTest[] = []
  for (const value of values) {
    const test = operator.compile(value, variables)
    if (!test) {
      complain(`${name} cannot read the value ${JSON.stringify(value.slice(0, 60))} of ${key}`)
      return unreadable
    }
    tests.push(test)
  }
  const { negated } = operator
  return {
    keys: [lowerKey, ...tests.flatMap((test) => test.keys)],
    holds(facts) {
      const value = facts.valueOf(lowerKey)
      if (value === 'unknown') return { keys: [key] }
      const matchesSome = (one: string) => anyOf(tests.map((test) => test.matches(one, facts)))
      const passes = (one: string) => (negated ? not(matchesSome(one)) : matchesSome(one))
      const present = isEmpty(value, qualifier) ? undefined : value
      if (!present) return ifExists || qualifier === 'forallvalues' || (negated && !qualifier)
      if (qualifier === 'forallvalues') return allOf(present.map(passes))
      if (qualifier === 'foranyvalue') return anyOf(present.map(passes))
      const some = anyOf(present.map(matchesSome))
      return negated ? not(some) : some
    },
  }
}

/** No value; for a set operator also one that is empty text (IAM User Guide, "Multivalued context keys"). */
function isEmpty(value: readonly string[] | 'absent', qualifier: SetQualifier): value is 'absent' {
  if (value === 'absent' || value.length === 0) return true
  return qualifier !== undefined && value.every((text) => text === '')
}

function isNull(value: KeyValue, wanted: readonly string[], key: string): Truth {
  if (value === 'unknown') return { keys: [key] }
  const absent = value === 'absent' || value.length === 0
  return wanted.some((text) => text.toLowerCase() === String(absent))
}

function readOperator(name: string): { qualifier: SetQualifier; base: string; ifExists: boolean } {
  const [first = '', second] = name.toLowerCase().split(':')
  const known = first === 'forallvalues' || first === 'foranyvalue'
  const rest = known && second !== undefined ? second : name.toLowerCase()
  const ifExists = rest.endsWith('ifexists')
  return { qualifier: known ? first : undefined, base: ifExists ? rest.slice(0, -8) : rest, ifExists }
}

function readValues(value: unknown): readonly string[] | undefined {
  const list = Array.isArray(value) ? value : [value]
  const texts: string[] = []
  for (const item of list) {
    if (typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'boolean') return undefined
    texts.push(String(item))
  }
  return texts
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
