import { parseArn } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccessRow, RequestContext } from './access.ts'
import { type Account, accountOf, type Holder } from './account.ts'
import { type ActionBits, both, isEmptyBits, namesOf } from './action-bits.ts'
import type { CompiledPolicy } from './compile-policy.ts'
import {
  type Effect,
  effectOn,
  mergeEffects,
  type ServerQuestion,
  type Verdict,
  verdictOf,
} from './effects.ts'
import { lowerContext, requestFacts } from './facts.ts'
import { isOwnedPolicy } from './owned.ts'
import { mergeKeys } from './truth.ts'

export interface EvaluateOptions {
  /** ARNs; every user, group and role where absent. Permission sets are answered when they are named. */
  readonly principals?: readonly string[]
  /** ARNs; every tracking server and App of the snapshot where absent. */
  readonly servers?: readonly string[]
  /** Name of the grants file whose policies are ours; without it every policy of this tool is. */
  readonly name?: string
  readonly now: Date
  readonly context?: RequestContext
}

/** Who can do what: one row for each principal and server, principals first, in the order asked for. */
export function evaluateAccess(snapshot: Snapshot, options: EvaluateOptions): AccessRow[] {
  const account = accountOf(snapshot)
  const principals = options.principals ?? account.holders
  const servers = options.servers ?? [...snapshot.servers, ...snapshot.apps].map((server) => server.arn)
  const evaluator = new Evaluator(account, servers, options)
  const rows: AccessRow[] = []
  for (const principal of principals) {
    const holder = account.find(principal)
    const answers = holder ? evaluator.answersFor(holder) : undefined
    servers.forEach((server, index) => {
      const { allowed, denied, depends, elsewhere } = answers?.[index] ?? nothing
      rows.push({ principal, server, allowed, denied, depends, elsewhere })
    })
  }
  return rows
}

/** What one principal can do on one server, with what its own policies alone surely give. */
export interface AccessAnswer extends Omit<AccessRow, 'principal' | 'server'> {
  readonly allowedBits: ActionBits
  /** The allowed actions that policies of ours give. */
  readonly ownBits: ActionBits
}

const empty: ActionBits = { low: 0, high: 0 }
export const nothing: AccessAnswer = {
  allowed: [],
  denied: [],
  depends: [],
  elsewhere: [],
  allowedBits: empty,
  ownBits: empty,
}

/**
 * Answers for many principals. Documents are applied to a server once, and principals whose policies are the
 * same, and whose tags and names no policy asks about, share one answer.
 */
export class Evaluator {
  readonly #account: Account
  readonly #servers: readonly string[]
  readonly #options: Pick<EvaluateOptions, 'name' | 'now' | 'context'>
  readonly #effects = new Map<CompiledPolicy, Map<string, readonly Effect[]>>()
  readonly #answers = new Map<string, readonly AccessAnswer[]>()
  readonly #labels = new Map<string, number>()

  constructor(
    account: Account,
    servers: readonly string[],
    options: Pick<EvaluateOptions, 'name' | 'now' | 'context'>,
  ) {
    this.#account = account
    this.#servers = servers
    this.#options = options
  }

  /** One answer for each server, in their order. */
  answersFor(holder: Holder): readonly AccessAnswer[] {
    const questions = lazily(() => this.#questionsOf(holder))
    const key = this.#keyOf(holder, questions)
    let answers = this.#answers.get(key)
    if (!answers) {
      answers = this.#answer(holder, questions)
      this.#answers.set(key, answers)
    }
    return answers
  }

  #answer(holder: Holder, questions: () => readonly ServerQuestion[]): readonly AccessAnswer[] {
    const held = holder.policies.map(({ label, policy }) => ({
      label,
      own: isOwnedPolicy(label, this.#options.name),
      effects: this.#effectsOf(policy, questions),
    }))
    const limits = holder.boundary?.policy ? this.#effectsOf(holder.boundary.policy, questions) : undefined
    return this.#servers.map((_, index) => {
      const effects = held.map((one) => one.effects[index] ?? noEffect)
      const boundary = limits?.[index] ?? (holder.boundary ? 'unread' : undefined)
      const verdict = verdictOf(mergeEffects(effects), boundary, holder.boundary?.arn)
      const given = held.map(({ label, own }, place) => ({
        label,
        own,
        bits: both(effects[place]?.allow ?? empty, verdict.allowed),
      }))
      return answerOf(verdict, given)
    })
  }

  #effectsOf(policy: CompiledPolicy, questions: () => readonly ServerQuestion[]): readonly Effect[] {
    let known = this.#effects.get(policy)
    if (!known) {
      known = new Map()
      this.#effects.set(policy, known)
    }
    const key = principalSignature(policy, questions)
    let effects = known.get(key)
    if (!effects) {
      effects = questions().map((question) => effectOn(policy, question))
      known.set(key, effects)
    }
    return effects
  }

  /** Principals with equal keys have equal answers. */
  #keyOf(holder: Holder, questions: () => readonly ServerQuestion[]): string {
    const parts = holder.policies.map(
      ({ label, policy }) => `${this.#numberOf(label)}${principalSignature(policy, questions)}`,
    )
    const boundary = holder.boundary
    if (boundary) {
      const signature = boundary.policy ? principalSignature(boundary.policy, questions) : ''
      parts.push(`/${this.#numberOf(boundary.arn)}${signature}`)
    }
    return parts.join(' ')
  }

  #numberOf(label: string): number {
    const number = this.#labels.get(label) ?? this.#labels.size
    this.#labels.set(label, number)
    return number
  }

  #questionsOf(holder: Holder): readonly ServerQuestion[] {
    const { now } = this.#options
    const context = lowerContext(this.#options.context)
    return this.#servers.map((arn) => {
      const parsed = parseArn(arn)
      const request = {
        account: this.#account,
        holder,
        region: parsed?.region || this.#account.snapshot.region,
        controlPlane: false,
        now,
        context,
      }
      return {
        arn,
        app: parsed?.resource.startsWith('mlflow-app/') === true,
        facts: requestFacts({ ...request, resource: arn }),
        accountFacts: requestFacts({ ...request, resource: '*' }),
      }
    })
  }
}

const noEffect: Effect = { allow: empty, deny: empty, mayAllow: [], mayDeny: [] }

/** The values of the principal that a document asks about; empty for most documents. */
function principalSignature(policy: CompiledPolicy, questions: () => readonly ServerQuestion[]): string {
  if (policy.principalKeys.length === 0) return ''
  const facts = questions()[0]?.facts
  return JSON.stringify(policy.principalKeys.map((key) => facts?.valueOf(key)))
}

function answerOf(
  verdict: Verdict,
  given: readonly { label: string; own: boolean; bits: ActionBits }[],
): AccessAnswer {
  let ownBits = empty
  const elsewhere: { policy: string; actions: readonly string[] }[] = []
  for (const { label, own, bits } of given) {
    if (isEmptyBits(bits)) continue
    if (own) ownBits = { low: ownBits.low | bits.low, high: ownBits.high | bits.high }
    else elsewhere.push({ policy: label, actions: namesOf(bits) })
  }
  return {
    allowed: namesOf(verdict.allowed),
    denied: namesOf(verdict.denied),
    depends: dependsOf(verdict),
    elsewhere,
    allowedBits: verdict.allowed,
    ownBits,
  }
}

function dependsOf(verdict: Verdict): AccessRow['depends'] {
  if (isEmptyBits(verdict.depends)) return []
  const keysOf = new Map<string, readonly string[]>()
  for (const { bits, keys } of verdict.conditions) {
    for (const action of namesOf(both(bits, verdict.depends)))
      keysOf.set(action, mergeKeys(keysOf.get(action), keys))
  }
  return namesOf(verdict.depends).map((action) => ({ action, keys: keysOf.get(action) ?? [] }))
}

function lazily<T>(make: () => T): () => T {
  let value: T | undefined
  return () => {
    value ??= make()
    return value
  }
}
