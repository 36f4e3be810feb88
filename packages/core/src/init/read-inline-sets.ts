import type { CustomPersona, Grant, GrantsFile } from '../grants/grants-file.ts'
import { expandPersonas } from '../personas/expand.ts'
import type { Statement } from '../policy/document.ts'
import { Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { compileTarget } from '../target/compile-target.ts'
import { allowTheSame, ownStatements } from '../target/inline-statements.ts'
import { type DraftServers, scopesOf } from './draft-servers.ts'
import { foldedKeys, grantWeigher, likelyGrants } from './grant-options.ts'
import type { PolicyGrant } from './guess-grants.ts'
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
  const weigh = grantWeigher(base, snapshot, known)
  return snapshot.permissionSets.flatMap(({ name, inlinePolicy = '' }): InlineSet[] => {
    const statements = ownStatements(inlinePolicy, base.name)
    if (statements.length === 0) return []
    // What a grant is for on a server of another account stands there alone.
    if (statements.flatMap(scopesOf).some(({ via }) => via)) return [{ name, statements }]
    const wanted = foldedKeys(statements)
    const options = likelyGrants(statements, servers, [...known.values()]).map(weigh)
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
