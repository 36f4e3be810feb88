import type { GrantsFile } from '../grants/grants-file.ts'
import type { Persona } from '../personas/persona.ts'
import type { Statement } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import { writeDocument } from '../policy/statement-draft.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { accessUnit } from '../target/access-unit.ts'
import { indexAccount } from '../target/account-index.ts'
import { allowanceKeys } from '../target/inline-statements.ts'
import { InputIssues } from '../target/input-issues.ts'
import { passableRoles } from '../target/passable-roles.ts'
import { resolveServers } from '../target/resolve-servers.ts'
import { unitStatements } from '../target/unit-statements.ts'
import { type DraftServers, scopesOf } from './draft-servers.ts'
import { guessGrants, guessMore, type PolicyGrant } from './guess-grants.ts'
import { type PolicyReading, readConditions } from './read-owned-policy.ts'
import type { Option } from './set-cover.ts'

/** A grant that may be one of several behind folded statements. */
export interface GrantOption extends Option<PolicyGrant> {
  /** What the hash in a policy's name is made of. */
  readonly key: string
}

/** Says what a grant would allow, for a file of these servers and personas. */
export function grantWeigher(
  base: GrantsFile,
  snapshot: Snapshot,
  personas: ReadonlyMap<string, Persona>,
): (grant: PolicyGrant) => GrantOption {
  const resolved = resolveServers(base, snapshot, new InputIssues(base)).servers
  const passable = passableRoles(base, snapshot, indexAccount(snapshot))
  return (grant) => {
    const on = grant.on.flatMap((key) => resolved.get(key) ?? [])
    const unit = accessUnit(base, { index: 0, to: [], ...grant }, personas, on)
    const document = writeDocument(unitStatements(snapshot, unit, passable(on)))
    return { value: grant, key: unit.key, brings: foldedKeys([document.Statement].flat()) }
  }
}

/** What statements allow, however they are folded: actions on resources, and servers of other accounts. */
export function foldedKeys(statements: readonly Statement[]): ReadonlySet<string> {
  // Several servers may be reached through one role: the statement's Sid alone tells them apart.
  const beyond = statements
    .flatMap(scopesOf)
    .flatMap(({ resource, via }) => (via ? [`through ${resource}`] : []))
  return new Set([...allowanceKeys(statements), ...beyond])
}

/**
 * Grants that may stand behind folded statements, each persona as it is before any with exceptions. Where a hash tells
 * which ones were meant, also those that nothing else would speak for.
 */
export function likelyGrants(
  statements: readonly Statement[],
  servers: DraftServers,
  personas: readonly Persona[],
  hasHash = false,
): readonly PolicyGrant[] {
  const all = readings(statements, servers).flatMap((reading) => [
    ...guesses(reading, personas),
    ...(hasHash ? guessMore(reading, personas) : []),
  ])
  return [...new Map(all.map((grant) => [canonicalJson(grant), grant])).values()]
}

/** Every persona as it is, then what says exactly these actions. */
function guesses(reading: PolicyReading, personas: readonly Persona[]): readonly PolicyGrant[] {
  const { on, until, when } = reading
  const where = { on, ...(until ? { until } : {}), ...(when ? { when } : {}) }
  const plain = personas.map(({ name }) => ({ ...where, personas: [name], add: [], remove: [] }))
  return [...plain, ...guessGrants(reading, undefined, personas)]
}

/** How many servers' combinations are tried; each is a handful of guesses. */
const mostPlaces = 60

/**
 * What may have been one grant: under the same `until` and `when`, the servers of one statement, of several, or each
 * alone, with the actions that all of them have.
 */
function readings(statements: readonly Statement[], servers: DraftServers): readonly PolicyReading[] {
  const byConditions = new Map<string, Statement[]>()
  for (const statement of statements) {
    const key = canonicalJson(readConditions(statement.Condition ?? {}))
    byConditions.set(key, [...(byConditions.get(key) ?? []), statement])
  }
  return [...byConditions.values()].flatMap((own) => {
    const conditions = readConditions(own[0]?.Condition ?? {})
    const actions = new Map<string, Set<string>>()
    const places: (readonly string[])[] = []
    for (const statement of own) {
      const on = [...new Set(scopesOf(statement).flatMap((scope) => servers.keyOf(scope) ?? []))].sort()
      if (on.length > 0) places.push(on)
      for (const key of on) {
        const held = actions.get(key) ?? new Set()
        for (const action of [statement.Action ?? []].flat()) held.add(action)
        actions.set(key, held)
      }
    }
    return placesOf(places).map((on) => ({ actions: commonActions(on, actions), on, ...conditions }))
  })
}

function placesOf(places: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const every = [...new Set(places.flat())].sort()
  const pairs = places.flatMap((one, index) => places.slice(index + 1).map((two) => [...one, ...two]))
  const all = [...places, every, ...every.map((key) => [key]), ...pairs].map((on) => [...new Set(on)].sort())
  return [...new Map(all.map((on) => [on.join(' '), on])).values()].slice(0, mostPlaces)
}

/** Bare MLflow actions. AccessUI knows no servers: it came with what opens the UI of one. */
function commonActions(
  on: readonly string[],
  actions: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const [first, ...others] = on.map((key) => actions.get(key) ?? new Set<string>())
  return new Set(
    [...(first ?? [])]
      .filter((action) => others.every((set) => set.has(action)))
      .flatMap((action) => {
        if (/^sagemaker:CreatePresignedMlflow/u.test(action)) return ['AccessUI']
        const [service, name = ''] = action.split(':')
        return service === 'sagemaker-mlflow' && name !== '*' ? [name] : []
      }),
  )
}
