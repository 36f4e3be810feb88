import type { ConditionBlock, PolicyDocument } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'

/** One thing that a document allows: an action (pattern) on a resource (pattern), under conditions. */
export interface Allowance {
  readonly action: string
  readonly resource: string
  readonly condition?: ConditionBlock
}

/**
 * Writes documents out as allowances. Undefined when one of them says anything but plain Allow, as a document
 * changed by hand may: what it allows then cannot be compared, only evaluated.
 */
export function allowancesOf(
  documents: readonly PolicyDocument[],
  now: Date,
): readonly Allowance[] | undefined {
  const allowances: Allowance[] = []
  for (const document of documents) {
    for (const statement of [document.Statement].flat()) {
      if (statement.Effect !== 'Allow' || statement.Action === undefined || statement.Resource === undefined)
        return undefined
      if (hasEnded(statement.Condition, now)) continue
      for (const action of [statement.Action].flat()) {
        for (const resource of [statement.Resource].flat()) {
          allowances.push({
            action,
            resource,
            ...(statement.Condition ? { condition: statement.Condition } : {}),
          })
        }
      }
    }
  }
  return allowances
}

/** What `before` allows and `after` does not, as far as patterns tell: an allowance counts as kept only when one allowance covers it whole. */
export function lostAllowances(
  before: readonly Allowance[],
  after: readonly Allowance[],
): readonly Allowance[] {
  const exact = new Map<string, Allowance[]>()
  const patterns: Allowance[] = []
  for (const allowance of after) {
    if (isPattern(allowance.action) || isPattern(allowance.resource)) patterns.push(allowance)
    const key = `${allowance.action.toLowerCase()} ${allowance.resource}`
    exact.set(key, [...(exact.get(key) ?? []), allowance])
  }
  return before.filter((allowance) => {
    const candidates = [
      ...(exact.get(`${allowance.action.toLowerCase()} ${allowance.resource}`) ?? []),
      ...patterns,
    ]
    return !candidates.some((candidate) => covers(candidate, allowance))
  })
}

function covers(wide: Allowance, narrow: Allowance): boolean {
  return (
    patternCovers(wide.action.toLowerCase(), narrow.action.toLowerCase()) &&
    patternCovers(wide.resource, narrow.resource) &&
    conditionCovers(wide.condition, narrow.condition)
  )
}

function isPattern(text: string): boolean {
  return text.includes('*') || text.includes('?')
}

/** Whether every text that `narrow` matches is matched by `wide`: true only where a prefix pattern shows it. */
function patternCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  const star = wide.indexOf('*')
  return (
    star === wide.length - 1 && star >= 0 && !wide.includes('?') && narrow.startsWith(wide.slice(0, star))
  )
}

/** Operators under which more values let more requests through. */
const wideningOperators = new Set(['StringEquals', 'StringLike', 'ArnLike', 'ArnEquals', 'IpAddress', 'Bool'])

function conditionCovers(wide: ConditionBlock | undefined, narrow: ConditionBlock | undefined): boolean {
  if (!wide) return true
  return Object.entries(wide).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const others = narrow?.[operator]?.[key]
      if (others === undefined) return false
      if (canonicalJson(others) === canonicalJson(values)) return true
      if (operator === 'DateLessThan')
        return [others]
          .flat()
          .every((date) => [values].flat().some((end) => Date.parse(end) >= Date.parse(date)))
      return (
        wideningOperators.has(operator) && [others].flat().every((value) => [values].flat().includes(value))
      )
    }),
  )
}

/** A statement whose `until` has passed allows nothing any more. */
function hasEnded(condition: ConditionBlock | undefined, now: Date): boolean {
  const ends = condition?.DateLessThan?.['aws:CurrentTime']
  return ends !== undefined && [ends].flat().every((end) => Date.parse(end) <= now.getTime())
}
