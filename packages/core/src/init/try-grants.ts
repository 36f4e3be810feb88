import type { CustomPersona, Grant, GrantsFile, PrincipalRef } from '../grants/grants-file.ts'
import { expandPersonas } from '../personas/expand.ts'
import type { Persona } from '../personas/persona.ts'
import { defaultDocument, saysTheSame } from '../plan/read-document.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { Problem } from '../problem.ts'
import type { ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'
import { accessUnit } from '../target/access-unit.ts'
import { compileTarget } from '../target/compile-target.ts'
import { InputIssues } from '../target/input-issues.ts'
import { resolveServers } from '../target/resolve-servers.ts'
import type { TargetPolicy } from '../target/target.ts'
import type { PolicyGrant } from './guess-grants.ts'
import type { PolicyReading } from './read-owned-policy.ts'

/** A policy of this file that somebody holds. */
export interface HeldPolicy {
  readonly policy: ManagedPolicy
  readonly holders: readonly PrincipalRef[]
  /** The word in its name; undefined where the file chose the name. */
  readonly word: string | undefined
  readonly document?: PolicyDocument
  readonly reading?: PolicyReading
}

/** The ARNs of all policies that a guess makes, where they are exactly those that are there, this one first of them. */
export type Makes = (
  guess: PolicyGrant,
  personas: readonly CustomPersona[],
  held: HeldPolicy,
) => readonly string[] | undefined

/** Tries a guess by compiling it: only what gives the same policies again counts. */
export function policyMaker(
  base: GrantsFile,
  snapshot: Snapshot,
  rolePolicies: ReadonlySet<string>,
  now: Date,
): Makes {
  const { servers } = resolveServers(base, snapshot, new InputIssues(base))
  const stored = new Map(snapshot.policies.map((policy) => [policy.arn, defaultDocument(policy)]))
  const expanded = new WeakMap<readonly CustomPersona[], ReadonlyMap<string, Persona>>()
  return (guess, custom, { policy, holders }) => {
    const grant: Grant = { index: 0, to: holders, ...guess }
    const file = { ...base, personas: custom, grants: [grant] }
    if (grant.policyName === undefined) {
      // The name alone rules most guesses out, and is far sooner made than the whole target.
      const personas = expanded.get(custom) ?? expandPersonas(custom)
      expanded.set(custom, personas)
      const on = grant.on.flatMap((key) => servers.get(key) ?? [])
      const { word, hash } = accessUnit(file, grant, personas, on)
      if (policy.name !== `mlflow-iam-${word}-${hash}`) return undefined
    }
    const made = compiled(file, snapshot, now).filter(({ arn }) => !rolePolicies.has(arn))
    return made.some(({ arn }) => arn === policy.arn) &&
      made.every(({ arn, document }) => saysTheSame(stored.get(arn) ?? '', document))
      ? made.map(({ arn }) => arn)
      : undefined
  }
}

/** A guess that cannot be carried out is none. */
function compiled(file: GrantsFile, snapshot: Snapshot, now: Date): readonly TargetPolicy[] {
  try {
    return compileTarget(file, snapshot, now).target.policies
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}
