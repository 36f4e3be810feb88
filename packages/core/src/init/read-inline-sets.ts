import type { CustomPersona, Grant, GrantsFile } from '../grants/grants-file.ts'
import { expandPersonas } from '../personas/expand.ts'
import type { Persona } from '../personas/persona.ts'
import type { Statement } from '../policy/document.ts'
import { canonicalJson } from '../policy/hash.ts'
import { writeDocument } from '../policy/statement-draft.ts'
import { Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { accessUnit } from '../target/access-unit.ts'
import { indexAccount } from '../target/account-index.ts'
import { compileTarget } from '../target/compile-target.ts'
import { allowanceKeys, allowTheSame, ownStatements } from '../target/inline-statements.ts'
import { InputIssues } from '../target/input-issues.ts'
import { passableRoles } from '../target/passable-roles.ts'
import { resolveServers } from '../target/resolve-servers.ts'
import { unitStatements } from '../target/unit-statements.ts'
import { type DraftServers, scopesOf } from './draft-servers.ts'
import { guessGrants, type PolicyGrant } from './guess-grants.ts'
import { type PolicyReading, readConditions } from './read-owned-policy.ts'
import { coverExactly } from './set-cover.ts'

/** A permission set whose inline policy holds statements of this file. */
export interface InlineSet {
  readonly name: string
  readonly statements: readonly Statement[]
  /** The grants behind them; undefined where they are not understood. */
  readonly grants?: readonly PolicyGrant[]
}

/**
 * The grants behind our statements in inline policies. These are folded: no statement says which grant it is of, so
 * grants are looked for that together allow exactly the same.
 */
export function readInlineSets(
  base: GrantsFile,
  snapshot: Snapshot,
  servers: DraftServers,
  personas: readonly CustomPersona[],
  now: Date,
): readonly InlineSet[] {
  const known = expandPersonas(personas)
  const resolved = resolveServers(base, snapshot, new InputIssues(base)).servers
  const passable = passableRoles(base, snapshot, indexAccount(snapshot))
  const bringsOf = (grant: PolicyGrant): ReadonlySet<string> => {
    const on = grant.on.flatMap((key) => resolved.get(key) ?? [])
    const unit = accessUnit(base, { index: 0, to: [], ...grant }, known, on)
    return allowanceKeys([writeDocument(unitStatements(snapshot, unit, passable(on))).Statement].flat())
  }
  return snapshot.permissionSets.flatMap(({ name, inlinePolicy = '' }): InlineSet[] => {
    const statements = ownStatements(inlinePolicy, base.name)
    if (statements.length === 0) return []
    // What a grant is for on a server of another account stands there alone.
    if (statements.flatMap(scopesOf).some(({ via }) => via)) return [{ name, statements }]
    const wanted = allowanceKeys(statements)
    const options = readings(statements, servers)
      .flatMap((reading) => guesses(reading, [...known.values()]))
      .map((value) => ({ value, brings: bringsOf(value) }))
    const plain = options.filter(({ value }) => value.add.length + value.remove.length === 0)
    const grants = coverExactly(wanted, plain) ?? coverExactly(wanted, options)
    const isSame = grants && saysSame({ ...base, personas }, snapshot, name, grants, now)
    return [{ name, statements, ...(grants && isSame ? { grants } : {}) }]
  })
}

/** Whether the whole way from these grants comes to the same, Identity Center's limits included. */
function saysSame(
  base: GrantsFile,
  snapshot: Snapshot,
  name: string,
  grants: readonly PolicyGrant[],
  now: Date,
): boolean {
  const to: Grant['to'] = [{ kind: 'permission-set', name, text: `permission-set/${name}` }]
  const file: GrantsFile = {
    ...base,
    grants: grants.map((grant, index) => ({ index, to, ...grant })),
    permissionSets: [{ name, policy: 'inline' }],
  }
  try {
    const set = snapshot.permissionSets.find((one) => one.name === name)
    const [made] = compileTarget(file, snapshot, now).target.inline ?? []
    return allowTheSame(made?.statements ?? [], ownStatements(set?.inlinePolicy ?? '', base.name))
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** Every persona as it is, then what says exactly these actions. */
function guesses(reading: PolicyReading, personas: readonly Persona[]): readonly PolicyGrant[] {
  const { on, until, when } = reading
  const where = { on, ...(until ? { until } : {}), ...(when ? { when } : {}) }
  const plain = personas.map(({ name }) => ({ ...where, personas: [name], add: [], remove: [] }))
  const all = [...plain, ...guessGrants(reading, undefined, personas)]
  return [...new Map(all.map((guess) => [canonicalJson(guess), guess])).values()]
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
