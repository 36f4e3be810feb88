import { arnName, parseArn } from '../policy/arn.ts'
import { canonicalJson } from '../policy/hash.ts'
import type { Target } from '../target/target.ts'
import { type AccessCell, expandAccess } from '../target/target-access.ts'
import type { AccessDifference, RequestContext, UnknownAccess } from './access.ts'
import type { Account, Holder } from './account.ts'
import {
  type ActionBits,
  accessUiBits,
  bitsOf,
  both,
  either,
  isEmptyBits,
  namesOf,
  noActions,
  without,
} from './action-bits.ts'
import type { CompareOptions } from './compare-access.ts'
import { compileCondition } from './conditions.ts'
import { type AccessAnswer, Evaluator, nothing } from './evaluator.ts'
import { explainDifference, isCause } from './explain-difference.ts'
import { lowerContext, requestFacts } from './facts.ts'
import { type Drift, findDrift, shortName } from './find-drift.ts'
import { isOwnedPolicy } from './owned.ts'
import { permissionSetOf } from './permission-set-of.ts'
import { contextSatisfying } from './satisfying-context.ts'
import { allOf } from './truth.ts'

/** Holds an account against a target, principal by principal. */
export class Comparer {
  readonly listed: readonly string[]
  readonly namedServers: readonly string[]
  /** Filled while the differences are gone through. */
  readonly unknown: UnknownAccess[] = []
  readonly #servers: readonly string[]
  /** Service roles of the file: theirs, though no grant lists them. */
  readonly #roles: ReadonlySet<string>
  readonly #cells: ReadonlyMap<string, readonly AccessCell[]>
  readonly #drift: readonly Drift[]
  readonly #driftOf: ReadonlyMap<string, readonly Drift[]>
  readonly #account: Account
  readonly #options: CompareOptions
  readonly #evaluators = new Map<string, Evaluator>()

  constructor(target: Target, account: Account, options: CompareOptions) {
    const cells = expandAccess(target.access)
    const { snapshot } = account
    const principals = target.principals.map((principal) => principal.actsAs ?? principal.arn)
    this.#account = account
    this.#options = options
    this.#roles = new Set(target.roles.map((role) => role.arn))
    this.#drift = findDrift(target, snapshot, options.name)
    this.listed = sorted([...principals, ...cells.map((cell) => cell.principal)])
    this.namedServers = sorted([
      ...target.servers.flatMap((server) => server.arns),
      ...cells.map((cell) => cell.server),
    ])
    const known = [...snapshot.servers, ...snapshot.apps].map((server) => server.arn)
    this.#servers = sorted([...this.namedServers, ...known])
    this.#driftOf = groupBy(
      this.#drift.flatMap((drift) => drift.principals.map((principal) => [principal, drift])),
    )
    this.#cells = groupBy(cells.map((cell) => [cell.principal, cell]))
  }

  *differences(): Generator<AccessDifference> {
    const explained = new Set<Drift>()
    for (const principal of this.listed) {
      for (const difference of this.#differencesOf(principal)) {
        const causes = (this.#driftOf.get(principal) ?? []).filter((drift) => isCause(drift, difference))
        for (const cause of causes) explained.add(cause)
        yield {
          ...difference,
          because: [...causes.map((cause) => cause.because), difference.because].join(' '),
        }
      }
    }
    if (this.#options.prune) yield* this.#unlistedOwned()
    for (const drift of this.#drift) {
      if (explained.has(drift)) continue
      const principal = drift.principals[0] ?? drift.about
      yield { principal, server: '*', missing: [], extra: [], because: drift.because }
    }
  }

  /** Differences of one principal on every server, and in AccessUI, which knows no servers. */
  *#differencesOf(principal: string): Generator<AccessDifference> {
    const holder = this.#account.find(principal)
    const cells = this.#cells.get(principal) ?? []
    const meant = [...cells, ...this.#cellsOfGroups(holder)]
    let uiMissing = false
    for (const server of this.#servers) {
      const here = cells.filter((cell) => cell.server === server)
      let missing = noActions
      let extra = noActions
      let unsure = noActions
      let context: RequestContext = {}
      for (const cell of here) {
        const given = contextSatisfying(cell.conditions)
        const { allowedBits, heldBits, unreadAllow, unreadDeny } = this.#answer(holder, server, given)
        const wanted = bitsOf(cell.actions)
        // What our policies give is there, also where a foreign deny hangs on something that is not known.
        const absent = without(wanted, either(allowedBits, heldBits))
        const lacks = without(absent, unreadAllow)
        unsure = either(unsure, either(both(absent, unreadAllow), both(wanted, unreadDeny)))
        if (!isEmptyBits(lacks) && isEmptyBits(missing)) context = given
        missing = either(missing, lacks)
      }
      const meantHere = meant.filter((cell) => cell.server === server)
      for (const given of [{}, ...meantHere.map((cell) => contextSatisfying(cell.conditions))]) {
        const over = this.#extra(holder, meantHere, server, given)
        unsure = either(unsure, this.#perhapsExtra(holder, meantHere, server, given))
        if (!isEmptyBits(over) && isEmptyBits(missing) && isEmptyBits(extra)) context = given
        extra = either(extra, over)
      }
      this.#noteUnknown(holder, server, without(unsure, either(missing, extra)))
      // AccessUI is one right in the whole account: its absence is told once.
      if (uiMissing) missing = without(missing, accessUiBits)
      uiMissing ||= !isEmptyBits(both(missing, accessUiBits))
      if (isEmptyBits(missing) && isEmptyBits(extra)) continue
      yield this.#explained({ principal, server, missing: namesOf(missing), extra: namesOf(extra) }, context)
    }
    yield* this.#extraUi(principal, holder, meant)
  }

  /** What the file gives a user through groups: the user has it, and it is not extra. */
  #cellsOfGroups(holder: Holder | undefined): readonly AccessCell[] {
    if (!holder || holder.groups.length === 0) return []
    const names = new Set(holder.groups.map((name) => name.toLowerCase()))
    const groups = this.#account.snapshot.groups.filter((group) => names.has(group.name.toLowerCase()))
    return groups.flatMap((group) => this.#cells.get(group.arn) ?? [])
  }

  /** Beyond what the cells say that surely hold in this context: through our own policies, or (strict) at all. */
  #extra(
    holder: Holder | undefined,
    here: readonly AccessCell[],
    server: string,
    context: RequestContext,
  ): ActionBits {
    const answer = this.#answer(holder, server, context)
    const given = this.#isStrictOn(server) ? answer.allowedBits : answer.ownBits
    return this.#beyond(given, holder, here, context)
  }

  /** Beyond what the cells say, for all that is known: through policies that were not read. */
  #perhapsExtra(
    holder: Holder | undefined,
    here: readonly AccessCell[],
    server: string,
    context: RequestContext,
  ): ActionBits {
    const { unreadAllow, unreadDeny, heldBits } = this.#answer(holder, server, context)
    const given = this.#isStrictOn(server) ? unreadAllow : both(heldBits, unreadDeny)
    return this.#beyond(given, holder, here, context)
  }

  #isStrictOn(server: string): boolean {
    return this.#options.strict && this.namedServers.includes(server)
  }

  #beyond(
    given: ActionBits,
    holder: Holder | undefined,
    here: readonly AccessCell[],
    context: RequestContext,
  ): ActionBits {
    if (isEmptyBits(given) || !holder) return noActions
    let meant = accessUiBits
    for (const cell of here)
      if (this.#holds(cell, holder, context)) meant = either(meant, bitsOf(cell.actions))
    return without(given, meant)
  }

  #noteUnknown(holder: Holder | undefined, server: string, unsure: ActionBits): void {
    if (!holder || isEmptyBits(unsure)) return
    const names = holder.unread.map((arn) => arnName(arn)).join(', ')
    const because = `What ${names} says could not be read.`
    this.unknown.push({ principal: holder.arn, server, actions: namesOf(unsure), because })
  }

  *#extraUi(
    principal: string,
    holder: Holder | undefined,
    cells: readonly AccessCell[],
  ): Generator<AccessDifference> {
    const server = this.#servers.find((arn) => !arn.includes(':mlflow-app/'))
    if (
      !holder ||
      server === undefined ||
      cells.some((cell) => cell.opensUi || cell.actions.includes('AccessUI'))
    )
      return
    const answer = this.#answer(holder, server, {})
    const over = both(this.#options.strict ? answer.allowedBits : answer.ownBits, accessUiBits)
    if (isEmptyBits(over)) return
    yield { ...this.#explained({ principal, server, missing: [], extra: ['AccessUI'] }, {}), server: '*' }
  }

  /** Owned policies attached to principals that the file does not list; what groups give counts for the group. */
  *#unlistedOwned(): Generator<AccessDifference> {
    const { snapshot } = this.#account
    const listed = new Set([...this.listed, ...this.#roles])
    for (const { arn, name, attached } of [...snapshot.users, ...snapshot.groups, ...snapshot.roles]) {
      if (listed.has(arn)) continue
      const isOwn = (policy: string) => isOwnedPolicy(policy, this.#options.name)
      const written = permissionSetOf(name) === undefined ? [] : ownLabels(this.#account.find(arn), isOwn)
      const own = [...attached.filter(isOwn), ...written]
      const holder = own.length === 0 ? undefined : this.#account.find(arn)
      if (!holder) continue
      const direct = { ...holder, policies: holder.policies.filter(({ label }) => own.includes(label)) }
      const because = `The file does not list ${shortName(arn)}, which still has ${own.map(policyName).join(', ')}.`
      const found = this.#servers.flatMap((server): readonly AccessDifference[] => {
        const extra = without(this.#answer(direct, server, {}).ownBits, accessUiBits)
        return isEmptyBits(extra)
          ? []
          : [{ principal: arn, server, missing: [], extra: namesOf(extra), because }]
      })
      if (found.length > 0) yield* found
      else yield { principal: arn, server: '*', missing: [], extra: [], because }
    }
  }

  #explained(difference: Omit<AccessDifference, 'because'>, context: RequestContext): AccessDifference {
    const { now } = this.#options
    return { ...difference, because: explainDifference(this.#account.snapshot, difference, now, context) }
  }

  #answer(holder: Holder | undefined, server: string, context: RequestContext): AccessAnswer {
    if (!holder) return nothing
    const key = canonicalJson(context)
    let evaluator = this.#evaluators.get(key)
    if (!evaluator) {
      evaluator = new Evaluator(this.#account, this.#servers, {
        name: this.#options.name,
        now: this.#options.now,
        context,
      })
      this.#evaluators.set(key, evaluator)
    }
    return evaluator.answersFor(holder)[this.#servers.indexOf(server)] ?? nothing
  }

  #holds(cell: AccessCell, holder: Holder, context: RequestContext): boolean {
    if (!cell.conditions) return true
    const condition = compileCondition(cell.conditions, true, () => {})
    const facts = requestFacts({
      account: this.#account,
      holder,
      resource: cell.server,
      region: parseArn(cell.server)?.region,
      controlPlane: false,
      now: this.#options.now,
      context: lowerContext(context),
    })
    return condition !== undefined && allOf([condition.holds(facts)]) === true
  }
}

/** Labels of our statements in a permission set's inline policy. */
function ownLabels(holder: Holder | undefined, isOwn: (label: string) => boolean): readonly string[] {
  const labels = holder?.policies.map(({ label }) => label) ?? []
  return labels.filter((label) => label.startsWith('inline:') && isOwn(label))
}

function policyName(label: string): string {
  return label.startsWith('inline:') ? 'statements of ours in its inline policy' : arnName(label)
}

function groupBy<T>(entries: Iterable<readonly [string, T]>): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const [key, value] of entries) {
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  return groups
}

function sorted(items: readonly string[]): readonly string[] {
  return [...new Set(items)].sort()
}
