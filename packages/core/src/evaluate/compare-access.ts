import { arnName, parseArn } from '../policy/arn.ts'
import { canonicalJson } from '../policy/hash.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { Target } from '../target/target.ts'
import { type AccessCell, expandAccess } from '../target/target-access.ts'
import type { AccessDifference, AccessRow, RequestContext } from './access.ts'
import { type Account, accountOf, type Holder } from './account.ts'
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
import { compileCondition } from './conditions.ts'
import { evaluateAccess } from './evaluate-access.ts'
import { type AccessAnswer, Evaluator, nothing } from './evaluator.ts'
import { explainDifference, isCause } from './explain-difference.ts'
import { lowerContext, requestFacts } from './facts.ts'
import { type Drift, findDrift, shortName } from './find-drift.ts'
import { isOwnedPolicy } from './owned.ts'
import { contextSatisfying } from './satisfying-context.ts'
import { allOf } from './truth.ts'

export interface CompareOptions {
  /** `name` of the grants file: the owner mark. */
  readonly name: string
  readonly now: Date
  /** Extra access from elsewhere is a difference too, on the servers that the file names. */
  readonly strict: boolean
  /** Owned access of principals that the file does not list is a difference too. */
  readonly prune?: boolean
}

export interface Comparison {
  readonly ok: boolean
  /** What the principals of the file can do on its servers, as `evaluateAccess` says it. */
  readonly access: readonly AccessRow[]
  readonly differences: readonly AccessDifference[]
}

/**
 * Does the account give exactly this access? Missing access and extra through our own policies are always
 * differences. Access under conditions is asked for twice: by a request that meets them, which must pass, and
 * by one of which nothing is known, which our own policies must not let pass.
 */
export function compareAccess(target: Target, snapshot: Snapshot, options: CompareOptions): Comparison {
  const account = accountOf(snapshot)
  const comparer = new Comparer(target, account, options)
  const differences = [...comparer.differences()].sort(
    (a, b) => compare(a.principal, b.principal) || compare(a.server, b.server),
  )
  const access = evaluateAccess(snapshot, {
    principals: comparer.listed,
    servers: comparer.namedServers,
    name: options.name,
    now: options.now,
  })
  return { ok: differences.length === 0, access, differences }
}

class Comparer {
  readonly listed: readonly string[]
  readonly namedServers: readonly string[]
  readonly #servers: readonly string[]
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
    const cells = this.#cells.get(principal) ?? []
    const holder = this.#account.find(principal)
    let uiMissing = false
    for (const server of this.#servers) {
      const here = cells.filter((cell) => cell.server === server)
      let missing = noActions
      let extra = noActions
      let context: RequestContext = {}
      for (const cell of here) {
        const given = contextSatisfying(cell.conditions)
        const { allowedBits, heldBits } = this.#answer(holder, server, given)
        // What our policies give is there, also where a foreign deny hangs on something that is not known.
        const lacks = without(bitsOf(cell.actions), either(allowedBits, heldBits))
        if (!isEmptyBits(lacks) && isEmptyBits(missing)) context = given
        missing = either(missing, lacks)
      }
      for (const given of [{}, ...here.map((cell) => contextSatisfying(cell.conditions))]) {
        const over = this.#extra(holder, here, server, given)
        if (!isEmptyBits(over) && isEmptyBits(missing) && isEmptyBits(extra)) context = given
        extra = either(extra, over)
      }
      // AccessUI is one right in the whole account: its absence is told once.
      if (uiMissing) missing = without(missing, accessUiBits)
      uiMissing ||= !isEmptyBits(both(missing, accessUiBits))
      if (isEmptyBits(missing) && isEmptyBits(extra)) continue
      yield this.#explained({ principal, server, missing: namesOf(missing), extra: namesOf(extra) }, context)
    }
    yield* this.#extraUi(principal, holder, cells)
  }

  /** Beyond what the cells say that surely hold in this context: through our own policies, or (strict) at all. */
  #extra(
    holder: Holder | undefined,
    here: readonly AccessCell[],
    server: string,
    context: RequestContext,
  ): ActionBits {
    const answer = this.#answer(holder, server, context)
    const strict = this.#options.strict && this.namedServers.includes(server)
    const given = strict ? answer.allowedBits : answer.ownBits
    if (isEmptyBits(given) || !holder) return noActions
    let meant = accessUiBits
    for (const cell of here)
      if (this.#holds(cell, holder, context)) meant = either(meant, bitsOf(cell.actions))
    return without(given, meant)
  }

  *#extraUi(
    principal: string,
    holder: Holder | undefined,
    cells: readonly AccessCell[],
  ): Generator<AccessDifference> {
    const server = this.#servers.find((arn) => !arn.includes(':mlflow-app/'))
    if (!holder || server === undefined || cells.some((cell) => cell.actions.includes('AccessUI'))) return
    const answer = this.#answer(holder, server, {})
    const over = both(this.#options.strict ? answer.allowedBits : answer.ownBits, accessUiBits)
    if (isEmptyBits(over)) return
    yield { ...this.#explained({ principal, server, missing: [], extra: ['AccessUI'] }, {}), server: '*' }
  }

  /** Owned policies on principals that the file does not list. */
  *#unlistedOwned(): Generator<AccessDifference> {
    const listed = new Set(this.listed)
    for (const arn of this.#account.holders) {
      const holder = listed.has(arn) ? undefined : this.#account.find(arn)
      const own = holder?.policies.filter(({ label }) => isOwnedPolicy(label, this.#options.name)) ?? []
      if (own.length === 0) continue
      const names = [...new Set(own.map(({ label }) => arnName(label)))].join(', ')
      const because = `The file does not list ${shortName(arn)}, which still has ${names}.`
      const found = this.#servers.flatMap((server): readonly AccessDifference[] => {
        const extra = without(this.#answer(holder, server, {}).ownBits, accessUiBits)
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
