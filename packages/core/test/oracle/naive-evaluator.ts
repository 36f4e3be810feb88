/**
 * A second policy evaluator, deliberately naive, written from the IAM User Guide alone ("Policy evaluation logic",
 * "IAM JSON policy elements", "Condition operators", "Multivalued context keys", "Policy variables"). It imports
 * nothing from the product, compiles nothing, shares nothing, and judges the product's evaluator in tests.
 */

/** Context keys in lower case. A list is what the request carries, `absent` is known to be missing, no entry is unknown. */
export type Context = Readonly<Record<string, readonly string[] | 'absent'>>

export interface Question {
  readonly action: string
  readonly resource: string
  readonly context: Context
}

export type Verdict = 'allowed' | 'explicit-deny' | 'implicit-deny' | 'depends'

/** Three-valued: `undefined` is "cannot be known". */
type Maybe = boolean | undefined

type Json = Record<string, unknown>

export function judge(question: Question, identityPolicies: readonly string[], boundary?: string): Verdict {
  const identity = identityPolicies.flatMap(statements)
  const limits = boundary === undefined ? undefined : statements(boundary)
  const denied = any(
    [...identity, ...(limits ?? [])]
      .filter((one) => one.Effect === 'Deny')
      .map((one) => applies(one, question)),
  )
  if (denied === true) return 'explicit-deny'
  const allowed = any(identity.filter((one) => one.Effect === 'Allow').map((one) => applies(one, question)))
  const within =
    limits === undefined
      ? true
      : any(limits.filter((one) => one.Effect === 'Allow').map((one) => applies(one, question)))
  const granted = all([allowed, within])
  if (granted === false) return 'implicit-deny'
  return granted === true && denied === false ? 'allowed' : 'depends'
}

function statements(text: string): readonly Json[] {
  const document = JSON.parse(text) as Json
  return [document.Statement].flat() as Json[]
}

function applies(statement: Json, question: Question): Maybe {
  return all([
    actionApplies(statement, question),
    resourceApplies(statement, question),
    conditionApplies(statement, question),
  ])
}

function actionApplies(statement: Json, { action }: Question): Maybe {
  const matches = (list: unknown): boolean =>
    texts(list).some((pattern) => matchesGlob(pattern.toLowerCase(), action.toLowerCase()))
  return statement.NotAction === undefined ? matches(statement.Action) : !matches(statement.NotAction)
}

function resourceApplies(statement: Json, { resource, context }: Question): Maybe {
  const matches = (list: unknown): Maybe =>
    any(texts(list).map((pattern) => matchesText(pattern, resource, context)))
  return statement.NotResource === undefined
    ? matches(statement.Resource)
    : not(matches(statement.NotResource))
}

function conditionApplies(statement: Json, { context }: Question): Maybe {
  const block = (statement.Condition ?? {}) as Record<string, Record<string, unknown>>
  return all(
    Object.entries(block).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => holds(operator, key.toLowerCase(), texts(values), context)),
    ),
  )
}

function holds(operator: string, key: string, wanted: readonly string[], context: Context): Maybe {
  const carried = context[key]
  if (carried === undefined) return undefined
  const missing = carried === 'absent' || carried.length === 0
  if (operator === 'Null') return wanted.some((value) => value.toLowerCase() === String(missing))
  const set = /^(ForAllValues|ForAnyValue):/u.exec(operator)?.[1]
  const ifExists = operator.endsWith('IfExists')
  const name = operator.replace(/^For\w+:/u, '').replace(/IfExists$/u, '')
  const negated = /Not/u.test(name)
  if (missing) return set === 'ForAllValues' || ifExists || (negated && set !== 'ForAnyValue')
  const values = carried as readonly string[]
  // For one value of the request: a plain operator wants some policy value to match, a negated one wants none to.
  const one = (value: string): Maybe => {
    const matched = any(wanted.map((pattern) => compare(name, pattern, value, context)))
    return negated ? not(matched) : matched
  }
  if (set === 'ForAllValues') return all(values.map(one))
  if (set === 'ForAnyValue') return any(values.map(one))
  return negated ? all(values.map(one)) : any(values.map(one))
}

/** The positive comparison behind each operator; negation is the caller's. */
function compare(name: string, pattern: string, value: string, context: Context): Maybe {
  switch (name) {
    case 'StringEquals':
    case 'StringNotEquals':
      return withVariables(pattern, context, (text) => literal(text) === value)
    case 'StringEqualsIgnoreCase':
    case 'StringNotEqualsIgnoreCase':
      return withVariables(pattern, context, (text) => literal(text).toLowerCase() === value.toLowerCase())
    case 'StringLike':
    case 'StringNotLike':
      return matchesText(pattern, value, context)
    case 'ArnEquals':
    case 'ArnLike':
    case 'ArnNotEquals':
    case 'ArnNotLike': {
      const wanted = arnParts(pattern)
      const given = arnParts(value)
      if (wanted.length < 6 || given.length < 6) return false
      return all(wanted.map((part, index) => matchesText(part, given[index] ?? '', context)))
    }
    case 'Bool':
      return pattern.toLowerCase() === value.toLowerCase()
    case 'BinaryEquals':
      return pattern === value
    case 'IpAddress':
    case 'NotIpAddress':
      return inRange(pattern, value)
    default:
      return compareOrdered(name, pattern, value)
  }
}

function compareOrdered(name: string, pattern: string, value: string): boolean {
  const read = name.startsWith('Date') ? readDate : readNumber
  const [limit, given] = [read(pattern), read(value)]
  if (Number.isNaN(limit) || Number.isNaN(given)) return false
  if (name.endsWith('LessThanEquals')) return given <= limit
  if (name.endsWith('LessThan')) return given < limit
  if (name.endsWith('GreaterThanEquals')) return given >= limit
  if (name.endsWith('GreaterThan')) return given > limit
  return given === limit // NumericEquals, NumericNotEquals, DateEquals, DateNotEquals
}

function readNumber(text: string): number {
  return /^-?\d+(\.\d+)?$/u.test(text) ? Number(text) : Number.NaN
}

function readDate(text: string): number {
  return /^\d+$/u.test(text) ? Number(text) * 1000 : Date.parse(text)
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':')
  return [...parts.slice(0, 5), ...(parts.length > 5 ? [parts.slice(5).join(':')] : [])]
}

// --- text with wildcards and variables --------------------------------------------------------------------------

function matchesText(pattern: string, value: string, context: Context): Maybe {
  return withVariables(pattern, context, (text) => matchesGlob(text, value))
}

/**
 * Replaces `${key}` and `${key, 'default'}`; a value stands for itself, wildcards in it included. `${*}`, `${?}` and
 * `${$}` are the characters. A key the request lacks makes the whole text match nothing.
 */
function withVariables(pattern: string, context: Context, test: (text: string) => boolean): Maybe {
  let unknown = false
  let missing = false
  const text = pattern.replace(/\$\{([^}]*)\}/gu, (_, inside: string) => {
    if (inside === '*' || inside === '?' || inside === '$') return protect(inside)
    const [key = '', fallback] = inside.split(/\s*,\s*/u)
    const value = context[key.trim().toLowerCase()]
    if (value === undefined) unknown = true
    if (value !== undefined && value !== 'absent' && value.length === 1) return protect(value[0] ?? '')
    const quoted = /^'(.*)'$/u.exec(fallback ?? '')?.[1]
    if (value !== undefined && quoted !== undefined) return protect(quoted)
    if (value !== undefined) missing = true
    return ''
  })
  if (unknown) return undefined
  return missing ? false : test(text)
}

/** Characters of a replaced variable are moved to a private plane, where no wildcard lives. */
function protect(text: string): string {
  return [...text].map((char) => String.fromCodePoint((char.codePointAt(0) ?? 0) + 0xf0000)).join('')
}

function literal(text: string): string {
  return [...text].map(reveal).join('')
}

function reveal(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return code >= 0xf0000 ? String.fromCodePoint(code - 0xf0000) : char
}

/** By the book: `*` is any text, `?` is one character. Tries everything. */
function matchesGlob(pattern: string, value: string): boolean {
  const signs = [...pattern]
  const chars = [...value]
  const from = (p: number, v: number): boolean => {
    const sign = signs[p]
    if (sign === undefined) return v === chars.length
    if (sign === '*') return from(p + 1, v) || (v < chars.length && from(p, v + 1))
    if (v >= chars.length) return false
    return (sign === '?' || reveal(sign) === chars[v]) && from(p + 1, v + 1)
  }
  return from(0, 0)
}

// --- addresses --------------------------------------------------------------------------------------------------

function inRange(range: string, address: string): boolean {
  const [base = '', size] = range.split('/')
  const [wanted, given] = [bits(base), bits(address)]
  if (wanted === undefined || given === undefined || wanted.length !== given.length) return false
  const length = size === undefined ? wanted.length : Number(size)
  return wanted.slice(0, length) === given.slice(0, length)
}

function bits(address: string): string | undefined {
  if (/^\d+(\.\d+){3}$/u.test(address)) {
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
  }
  if (!address.includes(':')) return undefined
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0')
  const groups = [...left, ...zeros, ...right]
  return groups.length === 8
    ? groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')
    : undefined
}

// --- three-valued logic -----------------------------------------------------------------------------------------

function any(values: readonly Maybe[]): Maybe {
  return values.includes(true) ? true : values.includes(undefined) ? undefined : false
}

function all(values: readonly Maybe[]): Maybe {
  return values.includes(false) ? false : values.includes(undefined) ? undefined : true
}

function not(value: Maybe): Maybe {
  return value === undefined ? undefined : !value
}

function texts(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(String)
}
