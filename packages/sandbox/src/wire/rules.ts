/**
 * What one request member must look like. `read` gives the value, or says what is wrong in AWS's own words and
 * gives undefined. The type says whether the service model requires the member, so a rule cannot forget it.
 */
export interface Rule<T, Required extends boolean = boolean> {
  readonly required: Required
  read(value: unknown, at: string, complaints: string[]): T | undefined
}
export type Optional<T> = Rule<T, false>

/** One rule for each member that the service model knows, required exactly where the model requires it. */
export type Rules<Request> = {
  readonly [K in keyof Request]-?: object extends Pick<Request, K>
    ? Rule<NonNullable<Request[K]>, false>
    : Rule<NonNullable<Request[K]>, true>
}

/** A request that has passed its rules: required members are there. */
export type Checked<Request> = {
  readonly [K in keyof Request]: object extends Pick<Request, K> ? Request[K] : Exclude<Request[K], undefined>
}

export function required<T>(rule: Optional<T>): Rule<T, true> {
  return { required: true, read: rule.read }
}

export interface TextLimits {
  readonly min?: number
  readonly max?: number
  /** Anchored by `text`; the source is what AWS prints. */
  readonly pattern?: string
  /** Replaces the default sentence when the pattern does not hold. */
  readonly says?: (at: string) => string
}

export function text(limits: TextLimits = {}): Optional<string> {
  const shape = limits.pattern === undefined ? undefined : new RegExp(`^(?:${limits.pattern})$`, 'u')
  return rule((value, at, complaints) => {
    if (typeof value !== 'string') return wrongType(complaints, at, 'string')
    const said = (constraint: string) =>
      `Value '${value}' at '${at}' failed to satisfy constraint: ${constraint}`
    if (limits.max !== undefined && value.length > limits.max)
      complaints.push(said(`Member must have length less than or equal to ${limits.max}`))
    if (limits.min !== undefined && value.length < limits.min)
      complaints.push(said(`Member must have length greater than or equal to ${limits.min}`))
    if (shape !== undefined && !shape.test(value))
      complaints.push(
        limits.says?.(at) ?? said(`Member must satisfy regular expression pattern: ${limits.pattern}`),
      )
    return value
  })
}

export function oneOf<const T extends string>(...words: readonly T[]): Optional<T> {
  return rule((value, at, complaints) => {
    const found = words.find((word) => word === value)
    if (found === undefined)
      complaints.push(
        `Value '${shown(value)}' at '${at}' failed to satisfy constraint: ` +
          `Member must satisfy enum value set: [${words.join(', ')}]`,
      )
    return found
  })
}

export function whole(min: number, max: number): Optional<number> {
  return rule((value, at, complaints) => {
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isInteger(number)) return wrongType(complaints, at, 'integer')
    const said = (constraint: string) =>
      complaints.push(`Value '${number}' at '${at}' failed to satisfy constraint: ${constraint}`)
    if (number > max) said(`Member must have value less than or equal to ${max}`)
    if (number < min) said(`Member must have value greater than or equal to ${min}`)
    return number
  })
}

export function flag(): Optional<boolean> {
  return rule((value, at, complaints) => {
    if (value === true || value === 'true') return true
    if (value === false || value === 'false') return false
    return wrongType(complaints, at, 'boolean')
  })
}

/** A time: seconds since 1970 in JSON, ISO 8601 in forms. */
export function moment(): Optional<Date> {
  return rule((value, at, complaints) => {
    const time = typeof value === 'number' ? new Date(value * 1000) : new Date(shown(value))
    return Number.isNaN(time.getTime()) ? wrongType(complaints, at, 'timestamp') : time
  })
}

export function list<T>(item: Optional<T>, max = Number.POSITIVE_INFINITY): Optional<T[]> {
  return rule((value, at, complaints) => {
    const items = value === '' ? [] : value
    if (!Array.isArray(items)) return wrongType(complaints, at, 'list')
    if (items.length > max)
      complaints.push(
        `Value at '${at}' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
      )
    return items.slice(0, max).flatMap((each, index) => {
      const read = item.read(each, `${at}.${index + 1}.member`, complaints)
      return read === undefined ? [] : [read]
    })
  })
}

export function struct<T extends object>(members: Rules<T>): Optional<T> {
  return rule((value, at, complaints) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return wrongType(complaints, at, 'structure')
    return readMembers(members, value, complaints, `${at}.`) as T
  })
}

/** A member that the account accepts and does not look at. */
export function ignored<T>(): Optional<T> {
  return rule<T>(() => undefined)
}

/** A structure that the account stores as it came: plain JSON, looked at by the handler alone. */
export function opaque<T extends object>(): Optional<T> {
  return rule((value, at, complaints) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as T)
      : wrongType(complaints, at, 'structure'),
  )
}

/** Reads every member by its rule; members that the model does not know are dropped, as AWS drops them. */
export function readMembers(
  rules: Readonly<Record<string, Rule<unknown>>>,
  value: object,
  complaints: string[],
  prefix = '',
): object {
  const read: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(rules)) {
    const at = `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`
    const given: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
    if (given === undefined || given === null) {
      if (member.required)
        complaints.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`)
      continue
    }
    const result = member.read(given, at, complaints)
    if (result !== undefined) read[name] = result
  }
  return read
}

function rule<T>(read: Rule<T>['read']): Optional<T> {
  return { required: false, read }
}

/** Any value in words. What came from outside may have no `toString`, or one that is no function. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function wrongType(complaints: string[], at: string, type: string): undefined {
  complaints.push(`Value at '${at}' failed to satisfy constraint: Member must be a valid ${type}`)
  return undefined
}
