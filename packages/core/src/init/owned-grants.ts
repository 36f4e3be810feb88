import type { CustomPersona, Grant, GrantsFile, PrincipalRef } from '../grants/grants-file.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { expandPersonas } from '../personas/expand.ts'
import { defaultDocument, readDocument, saysTheSame } from '../plan/read-document.ts'
import type { ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'
import { accessUnit } from '../target/access-unit.ts'
import { compileTarget } from '../target/compile-target.ts'
import { InputIssues } from '../target/input-issues.ts'
import { ownedPrefix } from '../target/owned.ts'
import { resolveServers } from '../target/resolve-servers.ts'
import { isCarriedPolicy } from '../target/split-marks.ts'
import type { DraftServers } from './draft-servers.ts'
import { guessGrants, guessPersonas, type PolicyGrant, policyWord } from './guess-grants.ts'
import { type OwnHolder, ownHolders, refOf } from './own-holders.ts'
import { type PolicyReading, readOwnedPolicy } from './read-owned-policy.ts'

export interface OwnedGrants {
  readonly grants: readonly Grant[]
  readonly personas: readonly CustomPersona[]
  /** What of ours the grants do not say: `plan --prune` would take it away. */
  readonly unsaid: readonly string[]
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
    const holder = holders.find((item) => item.owned.includes(policy.arn))
    const document = readDocument(defaultDocument(policy))
    const reading = document && readOwnedPolicy(document, servers, builtInPersonas)
    return holder
      ? [{ policy, to: holder.ref, word: policyWord(policy.name), ...(reading ? { reading } : {}) }]
      : []
  })
  const makes = compiler(base, snapshot, rolePolicies, now)
  const personas = customPersonas(held, makes)
  const known = [...expandPersonas(personas).values()]
  const understood = new Map<string, PolicyGrant>()
  for (const item of held) {
    const guesses = item.reading ? guessGrants(item.reading, item.word, known) : []
    const fixed = guesses.map((guess) => ({ ...guess, policyName: item.policy.name }))
    const found = [...guesses, ...fixed].find((guess) => makes(guess, personas, item))
    if (found) understood.set(item.policy.arn, found)
  }
  const whole = holders.filter(({ owned: arns }) =>
    arns.every((arn) => understood.has(arn) || rolePolicies.has(arn)),
  )
  const grants = [...understood].flatMap(([arn, policyGrant]) => {
    const to = whole.filter((holder) => holder.owned.includes(arn)).map(({ ref }) => ref)
    return to.length > 0 ? [{ to, ...policyGrant }] : []
  })
  const used = new Set(grants.flatMap((grant) => grant.personas))
  return {
    grants: grants.map((grant, index) => ({ index, ...grant })),
    personas: personas.filter(({ name }) => used.has(name)),
    unsaid: [
      ...held.filter(({ policy }) => !understood.has(policy.arn)).map((item) => leftOut(item, holders)),
      ...owned
        .filter((policy) => !held.some((item) => item.policy === policy))
        .map((policy) => unheld(policy, snapshot)),
    ],
  }
}

interface HeldPolicy {
  readonly policy: ManagedPolicy
  readonly to: PrincipalRef
  readonly word: string | undefined
  readonly reading?: PolicyReading
}

type Makes = (guess: PolicyGrant, personas: readonly CustomPersona[], held: HeldPolicy) => boolean

/** Tries a guess by compiling it: only what gives the same policy again counts. */
function compiler(base: GrantsFile, snapshot: Snapshot, rolePolicies: ReadonlySet<string>, now: Date): Makes {
  const { servers } = resolveServers(base, snapshot, new InputIssues(base))
  return (guess, personas, { policy, to }) => {
    const grant: Grant = { index: 0, to: [to], ...guess }
    const file = { ...base, personas, grants: [grant] }
    if (grant.policyName === undefined) {
      // The name alone rules most guesses out, and is far sooner made than the whole target.
      const on = grant.on.flatMap((key) => servers.get(key) ?? [])
      const { word, hash } = accessUnit(file, grant, expandPersonas(personas), on)
      if (policy.name !== `mlflow-iam-${word}-${hash}`) return false
    }
    const made = compileTarget(file, snapshot, now).target.policies.filter(
      ({ arn }) => !rolePolicies.has(arn),
    )
    const [only] = made
    return (
      made.length === 1 && only?.arn === policy.arn && saysTheSame(defaultDocument(policy), only.document)
    )
  }
}

/** Personas that the lost file defined: their names stand in the policies', their actions in the documents. */
function customPersonas(held: readonly HeldPolicy[], makes: Makes): readonly CustomPersona[] {
  const taken = new Set([...builtInPersonas.map(({ name }) => name), 'multi', 'custom', 'merged'])
  const found: CustomPersona[] = []
  for (const item of held) {
    const { word, reading } = item
    if (word === undefined || taken.has(word) || !/^[a-z0-9-]{1,40}$/u.test(word)) continue
    if (reading === undefined || reading.actions.size === 0) continue
    const { actions, ...where } = reading
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

/** A sentence for each policy that no grant says, with whoever has it. */
function leftOut({ policy }: HeldPolicy, holders: readonly OwnHolder[]): string {
  const who = holders
    .filter(({ owned }) => owned.includes(policy.arn))
    .map(({ ref }) => ref.text)
    .sort()
  const one = who.length === 1
  return `${policy.name} is ours, but says what no single grant says: ${who.join(', ')}, who ${one ? 'has' : 'have'} it, ${one ? 'is' : 'are'} left out.`
}

/** A policy that nobody has, or only through a permission set that could not be read. */
function unheld({ arn, name }: ManagedPolicy, snapshot: Snapshot): string {
  const roles = snapshot.roles.filter(({ attached }) => attached.includes(arn))
  if (roles.length === 0) return `${name} is ours, and nobody has it.`
  const sets = roles.map((role) => refOf(role.arn).text).sort()
  return `${name} is ours, held through ${sets.join(', ')}, which could not be read.`
}
