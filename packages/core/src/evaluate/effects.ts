import {
  type ActionBits,
  accessUiBits,
  appBits,
  both,
  either,
  isEmptyBits,
  noActions,
  serverBits,
  without,
} from './action-bits.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import type { RequestFacts } from './request.ts'
import { allOf } from './truth.ts'

/** What one document does to the actions of one server: the part of an answer that principals share. */
export interface Effect {
  readonly allow: ActionBits
  readonly deny: ActionBits
  readonly mayAllow: readonly Conditional[]
  readonly mayDeny: readonly Conditional[]
}

export interface Conditional {
  readonly bits: ActionBits
  readonly keys: readonly string[]
}

export interface ServerQuestion {
  readonly arn: string
  readonly app: boolean
  /** Facts of a request on the server, and of one on `*`, as AccessUI is. */
  readonly facts: RequestFacts
  readonly accountFacts: RequestFacts
}

/** Applies every statement of a document to all actions of one server at once. */
export function effectOn(policy: CompiledPolicy, server: ServerQuestion): Effect {
  if (server.app) return collect(policy, [[appBits, server.arn, server.facts]])
  return collect(policy, [
    [serverBits, server.arn, server.facts],
    [accessUiBits, '*', server.accountFacts],
  ])
}

type Part = readonly [ActionBits, string, RequestFacts]

function collect(policy: CompiledPolicy, parts: readonly Part[]): Effect {
  let allow = noActions
  let deny = noActions
  const mayAllow: Conditional[] = []
  const mayDeny: Conditional[] = []
  for (const statement of policy.statements) {
    for (const [mask, resource, facts] of parts) {
      const bits = both(statement.bits, mask)
      if (isEmptyBits(bits)) continue
      const truth = allOf([statement.coversResource(resource, facts), statement.holds(facts)])
      if (truth === false) continue
      const allows = statement.effect === 'Allow'
      if (truth !== true) (allows ? mayAllow : mayDeny).push({ bits, keys: truth.keys })
      else if (allows) allow = either(allow, bits)
      else deny = either(deny, bits)
    }
  }
  return { allow, deny, mayAllow, mayDeny }
}

/** Several documents of one principal, as one. Runs for every principal and server, hence no objects in its loop. */
export function mergeEffects(effects: readonly Effect[]): Effect {
  let allowLow = 0
  let allowHigh = 0
  let denyLow = 0
  let denyHigh = 0
  let mayAllow = never
  let mayDeny = never
  for (const effect of effects) {
    allowLow |= effect.allow.low
    allowHigh |= effect.allow.high
    denyLow |= effect.deny.low
    denyHigh |= effect.deny.high
    if (effect.mayAllow.length > 0) mayAllow = [...mayAllow, ...effect.mayAllow]
    if (effect.mayDeny.length > 0) mayDeny = [...mayDeny, ...effect.mayDeny]
  }
  return {
    allow: { low: allowLow, high: allowHigh },
    deny: { low: denyLow, high: denyHigh },
    mayAllow,
    mayDeny,
  }
}

const never: readonly Conditional[] = []
export const noEffect: Effect = { allow: noActions, deny: noActions, mayAllow: never, mayDeny: never }

/** A permissions boundary on one server; `effect` is undefined where its document was not read. */
export interface Limit {
  readonly arn: string
  readonly effect: Effect | undefined
}

/** What is left when denials and the boundary have had their say. */
export interface Verdict {
  readonly allowed: ActionBits
  /** Allowed, or allowed under a condition, and surely taken away. */
  readonly denied: ActionBits
  readonly depends: ActionBits
}

export function verdictOf(effect: Effect, limit: Limit | undefined): Verdict {
  const given = either(effect.allow, union(effect.mayAllow))
  const surely = limit ? both(effect.allow, limit.effect?.allow ?? noActions) : effect.allow
  const perhaps = limit?.effect
    ? both(given, either(limit.effect.allow, union(limit.effect.mayAllow)))
    : given
  const deny = limit?.effect ? either(effect.deny, limit.effect.deny) : effect.deny
  const mayDeny = limit?.effect
    ? either(union(effect.mayDeny), union(limit.effect.mayDeny))
    : union(effect.mayDeny)
  const possible = without(perhaps, deny)
  const allowed = without(without(surely, deny), mayDeny)
  return { allowed, denied: without(given, possible), depends: without(possible, allowed) }
}

/** What the answers hang on that are neither yes nor no. */
export function openConditions(effect: Effect, limit: Limit | undefined): readonly Conditional[] {
  const unsure = (one: Effect) =>
    one.mayAllow.map(({ bits, keys }) => ({ bits: without(bits, one.allow), keys })).concat(one.mayDeny)
  if (!limit) return unsure(effect)
  if (limit.effect) return [...unsure(effect), ...unsure(limit.effect)]
  return [...unsure(effect), { bits: either(effect.allow, union(effect.mayAllow)), keys: [limit.arn] }]
}

function union(conditionals: readonly Conditional[]): ActionBits {
  if (conditionals.length === 0) return noActions
  let bits = noActions
  for (const one of conditionals) bits = either(bits, one.bits)
  return bits
}
