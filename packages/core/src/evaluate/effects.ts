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

/** Several documents of one principal, as one. */
export function mergeEffects(effects: readonly Effect[]): Effect {
  let allow = noActions
  let deny = noActions
  const mayAllow: Conditional[] = []
  const mayDeny: Conditional[] = []
  for (const effect of effects) {
    allow = either(allow, effect.allow)
    deny = either(deny, effect.deny)
    if (effect.mayAllow.length > 0) mayAllow.push(...effect.mayAllow)
    if (effect.mayDeny.length > 0) mayDeny.push(...effect.mayDeny)
  }
  return { allow, deny, mayAllow, mayDeny }
}

/** What is left when denials and the boundary have had their say. */
export interface Verdict {
  readonly allowed: ActionBits
  /** Allowed, or allowed under a condition, and surely taken away. */
  readonly denied: ActionBits
  readonly depends: ActionBits
  /** What the answer hangs on. */
  readonly conditions: readonly Conditional[]
}

/** `boundary` is `'unread'` where its document was not read: then nothing is sure. */
export function verdictOf(
  effect: Effect,
  boundary: Effect | 'unread' | undefined,
  boundaryArn = '',
): Verdict {
  const given = either(effect.allow, union(effect.mayAllow))
  const limits = boundary && boundary !== 'unread' ? boundary : undefined
  const deny = limits ? either(effect.deny, limits.deny) : effect.deny
  const mayDeny = limits ? [...effect.mayDeny, ...limits.mayDeny] : effect.mayDeny
  const insideSurely = limits ? both(effect.allow, limits.allow) : boundary ? noActions : effect.allow
  const insideMaybe = limits ? both(given, either(limits.allow, union(limits.mayAllow))) : given
  const possible = without(insideMaybe, deny)
  const allowed = without(without(insideSurely, deny), union(mayDeny))
  const conditions = [...unsure(effect), ...mayDeny, ...(limits ? unsure(limits) : [])]
  if (boundary === 'unread') conditions.push({ bits: given, keys: [boundaryArn] })
  return { allowed, denied: without(given, possible), depends: without(possible, allowed), conditions }
}

/** Conditional permissions, without the actions that are allowed anyway. */
function unsure(effect: Effect): readonly Conditional[] {
  return effect.mayAllow.map(({ bits, keys }) => ({ bits: without(bits, effect.allow), keys }))
}

function union(conditionals: readonly Conditional[]): ActionBits {
  let bits = noActions
  for (const one of conditionals) bits = either(bits, one.bits)
  return bits
}
