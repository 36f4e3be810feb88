import { parseIpRange } from './ip-range.ts'
import type { RequestFacts } from './request.ts'
import { compileTextPattern, type PatternStyle } from './text-pattern.ts'
import type { Truth } from './truth.ts'

/** One value of a policy condition, ready to be compared with a value of the request. */
export interface ValueTest {
  readonly keys: readonly string[]
  matches(requestValue: string, facts: RequestFacts): Truth
}

export interface Operator {
  /** `StringNotEquals`: true where no value of the policy matches. */
  readonly negated: boolean
  /** Undefined where the policy's value cannot be read as this operator needs it. */
  compile(policyValue: string, variables: boolean): ValueTest | undefined
}

const comparisons: readonly (readonly [string, boolean, (request: number, policy: number) => boolean])[] = [
  ['Equals', false, (request, policy) => request === policy],
  ['NotEquals', true, (request, policy) => request === policy],
  ['LessThan', false, (request, policy) => request < policy],
  ['LessThanEquals', false, (request, policy) => request <= policy],
  ['GreaterThan', false, (request, policy) => request > policy],
  ['GreaterThanEquals', false, (request, policy) => request >= policy],
]

/**
 * Every operator of the IAM User Guide's page "IAM JSON policy elements: Condition operators", by lower-case
 * name, except Null. ArnEquals and ArnLike behave alike there; only strings, ARNs and Bool take variables.
 */
export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...pair('String', 'Equals', text('equals', false)),
  ...pair('String', 'EqualsIgnoreCase', text('equals', true)),
  ...pair('String', 'Like', text('like', false)),
  ...pair('Arn', 'Equals', text('arn', false)),
  ...pair('Arn', 'Like', text('arn', false)),
  ...ordered('Numeric', readNumber),
  ...ordered('Date', readInstant),
  ['bool', { negated: false, compile: text('equals', true) }],
  ['binaryequals', { negated: false, compile: (value) => plain((other) => binary(other) === binary(value)) }],
  ['ipaddress', { negated: false, compile: ipRange }],
  ['notipaddress', { negated: true, compile: ipRange }],
])

type Compile = Operator['compile']

function pair(family: string, comparison: string, compile: Compile): readonly [string, Operator][] {
  return [
    [`${family}${comparison}`.toLowerCase(), { negated: false, compile }],
    [`${family}Not${comparison}`.toLowerCase(), { negated: true, compile }],
  ]
}

function text(form: PatternStyle['form'], ignoreCase: boolean): Compile {
  return (value, variables) => {
    // "*" alone is every ARN, though it has no six parts.
    return compileTextPattern(value, {
      form: value === '*' && form === 'arn' ? 'like' : form,
      ignoreCase,
      variables,
    })
  }
}

function ordered(family: string, read: (text: string) => number | undefined): readonly [string, Operator][] {
  return comparisons.map(([name, negated, holds]) => {
    const compile: Compile = (value) => {
      const limit = read(value)
      if (limit === undefined) return undefined
      return plain((other) => {
        const number = read(other)
        return number !== undefined && holds(number, limit)
      })
    }
    return [`${family}${name}`.toLowerCase(), { negated, compile }]
  })
}

function plain(matches: (requestValue: string) => boolean): ValueTest {
  return { keys: [], matches }
}

function ipRange(value: string): ValueTest | undefined {
  const range = parseIpRange(value)
  return range && plain((address) => range.contains(address))
}

function binary(base64: string): string {
  return base64.replace(/=+$/, '')
}

function readNumber(value: string): number | undefined {
  return /^[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})$/.test(value.trim()) ? Number(value) : undefined
}

const isoDate = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/

/** A W3C form of ISO 8601 (UTC where no zone is given), or seconds since 1970; milliseconds since 1970. */
export function readInstant(value: string): number | undefined {
  if (isoDate.test(value)) {
    const zoned = value.includes('T') && !/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? `${value}Z` : value
    const instant = Date.parse(zoned.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
    return Number.isNaN(instant) ? undefined : instant
  }
  const seconds = readNumber(value)
  return seconds === undefined ? undefined : seconds * 1000
}
