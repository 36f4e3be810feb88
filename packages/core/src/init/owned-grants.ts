import type { CustomPersona, Grant, GrantsFile, PermissionSetForm } from '../grants/grants-file.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { expandPersonas } from '../personas/expand.ts'
import { defaultDocument, readDocument } from '../plan/read-document.ts'
import { canonicalJson } from '../policy/hash.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { mergedHashOf } from '../target/merged-name.ts'
import { ownedPrefix } from '../target/owned.ts'
import { isCarriedPolicy } from '../target/split-marks.ts'
import type { DraftServers } from './draft-servers.ts'
import { guessByName, guessGrants, guessPersonas, type PolicyGrant, policyWord } from './guess-grants.ts'
import { leftOut, mergedLeftOut, setLeftOut, unheld, unreadSets, withItsHolders } from './left-out.ts'
import { ownHolders } from './own-holders.ts'
import { readInlineSets } from './read-inline-sets.ts'
import { readMerged } from './read-merged.ts'
import { type PolicyReading, readOwnedPolicy } from './read-owned-policy.ts'
import { type HeldPolicy, type Makes, policyMaker } from './try-grants.ts'

export interface OwnedGrants {
  readonly grants: readonly Grant[]
  readonly personas: readonly CustomPersona[]
  readonly permissionSets: readonly PermissionSetForm[]
  /** What of ours the grants do not say: `plan --prune` would take it away. */
  readonly unsaid: readonly string[]
  /** ARNs of principals with policies of ours that are left out: a file that lists them any other way would take these away. */
  readonly leftOut: ReadonlySet<string>
}

/** The grants whose compiled policies are exactly the ones that are there, for principals that are wholly understood. */
export function ownedGrants(
  base: GrantsFile,
  snapshot: Snapshot,
  servers: DraftServers,
  rolePolicies: ReadonlySet<string>,
  now: Date,
): OwnedGrants {
  const prefix = ownedPrefix(snapshot, base.name)
  const holders = ownHolders(snapshot, prefix)
  const owned = snapshot.policies.filter(
    ({ arn }) => arn.startsWith(prefix) && !rolePolicies.has(arn) && !isCarriedPolicy(arn),
  )
  const held = owned.flatMap((policy): HeldPolicy[] => {
    const who = holders.filter((item) => item.owned.includes(policy.arn)).map(({ ref }) => ref)
    const document = readDocument(defaultDocument(policy))
    const reading = document && readOwnedPolicy(document, servers, builtInPersonas)
    const word = policyWord(policy.name)
    return who.length > 0
      ? [{ policy, holders: who, word, ...(document ? { document } : {}), ...(reading ? { reading } : {}) }]
      : []
  })
  const makes = policyMaker(base, snapshot, rolePolicies, now)
  const single = held.filter(({ policy }) => mergedHashOf(policy.name) === undefined)
  const personas = customPersonas(single, makes)
  const { grants: understood, policies: told } = understand(single, servers, personas, makes)
  const merged = readMerged({ base, snapshot, servers, personas, holders, understood, rolePolicies, now })
  const policies = new Set([
    ...told,
    ...merged.flatMap(({ grants, policies: parts }) => (grants ? parts.map(({ arn }) => arn) : [])),
  ])
  const sets = readInlineSets(base, snapshot, servers, personas, now)
  const written = new Set(sets.map(({ name }) => name))
  const whole = holders.filter(
    ({ ref, owned: arns }) =>
      arns.every((arn) => policies.has(arn) || rolePolicies.has(arn)) &&
      !(ref.kind === 'permission-set' && written.has(ref.name)),
  )
  const mixed = new Set(
    holders.flatMap(({ ref }) => (ref.kind === 'permission-set' && written.has(ref.name) ? [ref.name] : [])),
  )
  const inline = sets.filter(({ name, grants }) => grants && !mixed.has(name))
  const grants = together([
    ...understood.flatMap(([arn, policyGrant]) => {
      const to = whole.filter((holder) => holder.owned.includes(arn)).map(({ ref }) => ref)
      return to.length > 0 ? [{ to, ...policyGrant }] : []
    }),
    ...merged.flatMap(({ holder, grants: own = [] }) =>
      whole.includes(holder) ? own.map((grant) => ({ to: [holder.ref], ...grant })) : [],
    ),
    ...inline.flatMap(({ name, grants: own = [] }) =>
      own.map((grant) => ({
        to: [{ kind: 'permission-set' as const, name, text: `permission-set/${name}` }],
        ...grant,
      })),
    ),
  ])
  const listed = new Set(whole.map(({ ref }) => ref.text))
  const used = new Set(grants.flatMap((grant) => grant.personas))
  return {
    grants: grants.map((grant, index) => ({ index, ...grant })),
    personas: personas.filter(({ name }) => used.has(name)),
    leftOut: new Set(holders.flatMap((holder) => (whole.includes(holder) ? [] : [holder.arn]))),
    permissionSets: inline.map(({ name }) => ({ name, policy: 'inline' })),
    unsaid: [
      ...single.filter(({ policy }) => !policies.has(policy.arn)).map(leftOut),
      ...merged.flatMap((each) => (each.why ? [mergedLeftOut(each, each.why, snapshot)] : [])),
      ...held
        .filter(
          ({ policy, holders: who }) =>
            policies.has(policy.arn) && who.every(({ text }) => !listed.has(text)),
        )
        .map(withItsHolders),
      ...sets.filter((set) => !inline.includes(set)).map((set) => setLeftOut(set, mixed.has(set.name))),
      ...owned
        .filter((policy) => !held.some((item) => item.policy === policy))
        .map((policy) => unheld(policy, snapshot)),
      ...unreadSets(snapshot, base.name),
    ],
  }
}

/** Guesses that a name alone can tell, for all policies together: it takes seconds to try so many. */
const mostByName = 120_000

/** Without a name that can be held against them, guesses are compiled one by one: the likeliest have to do. */
const mostNamed = 40

/** Grants by the first policy that each makes, and every policy that is explained by one. */
function understand(
  held: readonly HeldPolicy[],
  servers: DraftServers,
  custom: readonly CustomPersona[],
  makes: Makes,
): { grants: readonly [string, PolicyGrant][]; policies: ReadonlySet<string> } {
  const known = [...expandPersonas(custom).values()]
  const grants: [string, PolicyGrant][] = []
  const policies = new Set<string>()
  const take = (item: HeldPolicy, guesses: Iterable<PolicyGrant>): boolean => {
    for (const guess of guesses) {
      const made = makes(guess, custom, item)
      if (!made) continue
      grants.push([item.policy.arn, guess])
      for (const arn of made) policies.add(arn)
      return true
    }
    return false
  }
  let patience = mostByName
  const byName = function* ({ word }: HeldPolicy, reading: PolicyReading): Generator<PolicyGrant> {
    for (const guess of guessByName(reading, word, known)) {
      if (patience-- <= 0) return
      yield guess
    }
  }
  const open = () => held.filter(({ policy }) => !policies.has(policy.arn))
  for (const item of held) {
    const { reading, word } = item
    if (!reading) continue
    const found = take(item, guessGrants(reading, word, known))
    if (!found) take(item, byName(item, reading))
  }
  // What did not fit one policy stands in several, which the same principals hold.
  for (const item of open()) {
    const parts = open().filter((other) => other.word === item.word && sameHolders(other, item))
    const Statement = parts.flatMap(({ document }) => [document?.Statement ?? []].flat())
    const reading = parts.length > 1 ? readOwnedPolicy({ Statement }, servers, builtInPersonas) : undefined
    if (reading && !take(item, guessGrants(reading, item.word, known))) take(item, byName(item, reading))
  }
  for (const item of open()) {
    const { reading, word, policy } = item
    // What it is for in another account stands nowhere but in the name.
    if (!reading || (reading.silent && reading.elsewhere)) continue
    const guesses = guessGrants(reading, word, known).slice(0, mostNamed)
    take(
      item,
      guesses.map((guess) => ({ ...guess, policyName: policy.name })),
    )
  }
  return { grants, policies }
}

function sameHolders(one: HeldPolicy, other: HeldPolicy): boolean {
  const texts = ({ holders }: HeldPolicy) => holders.map(({ text }) => text).join(' ')
  return texts(one) === texts(other)
}

/** Grants of the same to several stand as one. */
function together(grants: readonly Omit<Grant, 'index'>[]): readonly Omit<Grant, 'index'>[] {
  const byContent = new Map<string, Omit<Grant, 'index'>>()
  for (const grant of grants) {
    const { to, ...content } = grant
    const key = canonicalJson(content)
    const earlier = byContent.get(key)
    byContent.set(key, earlier ? { ...earlier, to: [...earlier.to, ...to] } : grant)
  }
  return [...byContent.values()]
}

/** Personas that the lost file defined: their names stand in the policies', their actions in the documents. */
function customPersonas(held: readonly HeldPolicy[], makes: Makes): readonly CustomPersona[] {
  const taken = new Set([...builtInPersonas.map(({ name }) => name), 'multi', 'custom', 'merged'])
  const found: CustomPersona[] = []
  for (const item of held) {
    const { word, reading } = item
    if (word === undefined || taken.has(word) || !/^[a-z0-9-]{1,40}$/u.test(word)) continue
    if (reading === undefined || reading.actions.size === 0) continue
    const { actions, on, until, when } = reading
    const where = { on, ...(until ? { until } : {}), ...(when ? { when } : {}) }
    const grant: PolicyGrant = { ...where, personas: [word], add: [], remove: [] }
    const persona = guessPersonas(word, actions, builtInPersonas).find((guess) =>
      makes(grant, [...found, guess], item),
    )
    if (!persona) continue
    taken.add(word)
    found.push(persona)
  }
  return found
}
