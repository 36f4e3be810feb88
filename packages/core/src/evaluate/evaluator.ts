import { parseArn } from '../policy/arn.ts'
import type { AccessRow, RequestContext } from './access.ts'
import type { Account, Holder } from './account.ts'
import { type ActionBits, bitsOf, both, either, isEmptyBits, namesOf, noActions } from './action-bits.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import {
  type Effect,
  effectOn,
  type Limit,
  mergeEffects,
  noEffect,
  openConditions,
  verdictOf,
} from './effects.ts'
import { type LowerContext, lowerContext, requestFacts } from './facts.ts'
import { isOwnedPolicy } from './owned.ts'
import type { RequestFacts } from './request.ts'
import { mergeKeys } from './truth.ts'
import { effectUnread, mayDenyUnread } from './unread-policy.ts'

/** What one principal can do on one server, with what its own policies alone surely give. */
export interface AccessAnswer extends Omit<AccessRow, 'principal' | 'server'> {
  readonly allowedBits: ActionBits
  /** The allowed actions that policies of ours give. */
  readonly ownBits: ActionBits
  /** Actions that policies of ours surely give, and that something not known here may still take away. */
  readonly heldBits: ActionBits
  /** Actions of which nothing is known as policies were not read that may allow, or may deny them. */
  readonly unreadAllow: ActionBits
  readonly unreadDeny: ActionBits
}

export const nothing: AccessAnswer = {
  allowed: [],
  denied: [],
  depends: [],
  elsewhere: [],
  allowedBits: noActions,
  ownBits: noActions,
  heldBits: noActions,
  unreadAllow: noActions,
  unreadDeny: noActions,
}

export interface EvaluatorOptions {
  readonly name?: string
  readonly now: Date
  readonly context?: RequestContext
}

/**
 * Answers for many principals. Documents are applied to a server once, and principals whose policies are the
 * same, and whose tags and names no policy asks about, share one answer.
 */
export class Evaluator {
  readonly #account: Account
  readonly #servers: readonly Server[]
  readonly #options: EvaluatorOptions
  readonly #context: LowerContext
  readonly #effects = new Map<CompiledPolicy, Map<string, readonly Effect[]>>()
  readonly #answers = new Map<string, readonly AccessAnswer[]>()
  readonly #sources = new Map<string, Source>()

  constructor(account: Account, servers: readonly string[], options: EvaluatorOptions) {
    this.#account = account
    this.#servers = servers.map((arn) => ({ arn, ...placeOf(arn, account.snapshot.region) }))
    this.#options = options
    this.#context = lowerContext(options.context)
  }

  /** One answer for each server, in their order. */
  answersFor(holder: Holder): readonly AccessAnswer[] {
    const key = this.#keyOf(holder)
    let answers = this.#answers.get(key)
    if (!answers) {
      answers = this.#answer(holder)
      this.#answers.set(key, answers)
    }
    return answers
  }

  #answer(holder: Holder): readonly AccessAnswer[] {
    const { unread } = holder
    const sources = holder.policies.map(({ label }) => this.#sourceOf(label))
    const held = holder.policies.map(({ policy }) => this.#effectsOf(policy, holder))
    const boundary = holder.boundary
    const limits = boundary?.policy ? this.#effectsOf(boundary.policy, holder) : []
    return this.#servers.map(({ app }, index) => {
      const read = held.map((one) => one[index] ?? noEffect)
      const effects = [...read, ...unread.map((arn) => effectUnread(arn, app))]
      const answer = answerOf(effects, sources, boundary && { arn: boundary.arn, effect: limits[index] })
      return unread.length === 0 ? answer : { ...answer, ...unknownBits(answer, unread) }
    })
  }

  #effectsOf(policy: CompiledPolicy, holder: Holder): readonly Effect[] {
    let known = this.#effects.get(policy)
    if (!known) {
      known = new Map()
      this.#effects.set(policy, known)
    }
    const key = this.#signature(policy, holder)
    let effects = known.get(key)
    if (!effects) {
      effects = this.#servers.map((server) =>
        effectOn(policy, {
          arn: server.arn,
          app: server.app,
          facts: this.#factsOf(holder, server.arn, server.region),
          accountFacts: this.#factsOf(holder, '*', server.region),
        }),
      )
      known.set(key, effects)
    }
    return effects
  }

  /** Principals with equal keys have equal answers. */
  #keyOf(holder: Holder): string {
    let key = ''
    for (const { label, policy } of holder.policies) {
      key += `${this.#sourceOf(label).number}${this.#signature(policy, holder)} `
    }
    if (holder.unread.length > 0) key += `?${holder.unread.join('?')} `
    const { boundary } = holder
    if (!boundary) return key
    const signature = boundary.policy ? this.#signature(boundary.policy, holder) : '?'
    return `${key}/${this.#sourceOf(boundary.arn).number}${signature}`
  }

  /** The values of the principal that a document asks about; empty for most documents. */
  #signature(policy: CompiledPolicy, holder: Holder): string {
    if (policy.principalKeys.length === 0) return ''
    const facts = this.#factsOf(holder, '*', undefined)
    return JSON.stringify(policy.principalKeys.map((key) => facts.valueOf(key)))
  }

  #sourceOf(label: string): Source {
    let source = this.#sources.get(label)
    if (!source) {
      const own = isOwnedPolicy(label, this.#options.name)
      source = { label, own, number: this.#sources.size, given: new Map() }
      this.#sources.set(label, source)
    }
    return source
  }

  #factsOf(holder: Holder, resource: string, region: string | undefined): RequestFacts {
    const { now } = this.#options
    return requestFacts({
      account: this.#account,
      holder,
      resource,
      region,
      controlPlane: false,
      now,
      context: this.#context,
    })
  }
}

interface Server {
  readonly arn: string
  readonly app: boolean
  readonly region: string
}

function placeOf(arn: string, region: string): Omit<Server, 'arn'> {
  const parsed = parseArn(arn)
  return { app: parsed?.resource.startsWith('mlflow-app/') === true, region: parsed?.region || region }
}

/** A policy as rows name it. What it gives is kept, so that equal entries of many rows are one. */
interface Source {
  readonly label: string
  readonly own: boolean
  readonly number: number
  readonly given: Map<readonly string[], AccessRow['elsewhere'][number]>
}

function answerOf(
  effects: readonly Effect[],
  sources: readonly Source[],
  limit: Limit | undefined,
): AccessAnswer {
  const effect = mergeEffects(effects)
  const { allowed, denied, depends } = verdictOf(effect, limit)
  let ownBits = noActions
  let heldBits = noActions
  const elsewhere: AccessRow['elsewhere'][number][] = []
  sources.forEach((source, index) => {
    const allow = effects[index]?.allow ?? noActions
    if (source.own) heldBits = either(heldBits, both(allow, depends))
    const given = both(allow, allowed)
    if (isEmptyBits(given)) return
    if (source.own) ownBits = either(ownBits, given)
    else elsewhere.push(entryOf(source, namesOf(given)))
  })
  return {
    allowed: namesOf(allowed),
    denied: namesOf(denied),
    depends: isEmptyBits(depends) ? nothing.depends : dependsOf(depends, effect, limit),
    elsewhere: elsewhere.length === 0 ? nothing.elsewhere : elsewhere,
    allowedBits: allowed,
    ownBits,
    heldBits,
    unreadAllow: noActions,
    unreadDeny: noActions,
  }
}

function unknownBits(
  { depends }: AccessAnswer,
  unread: readonly string[],
): Pick<AccessAnswer, 'unreadAllow' | 'unreadDeny'> {
  const open = bitsOf(depends.map(({ action }) => action))
  return { unreadAllow: open, unreadDeny: unread.some(mayDenyUnread) ? open : noActions }
}

function entryOf(source: Source, actions: readonly string[]): AccessRow['elsewhere'][number] {
  let entry = source.given.get(actions)
  if (!entry) {
    entry = { policy: source.label, actions }
    source.given.set(actions, entry)
  }
  return entry
}

function dependsOf(depends: ActionBits, effect: Effect, limit: Limit | undefined): AccessRow['depends'] {
  const keysOf = new Map<string, readonly string[]>()
  for (const { bits, keys } of openConditions(effect, limit)) {
    for (const action of namesOf(both(bits, depends))) keysOf.set(action, mergeKeys(keysOf.get(action), keys))
  }
  return namesOf(depends).map((action) => ({ action, keys: keysOf.get(action) ?? [] }))
}
