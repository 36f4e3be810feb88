import type { CustomPersona, Grant, GrantsFile } from '../grants/grants-file.ts'
import { expandPersonas } from '../personas/expand.ts'
import { defaultDocument, readDocument, saysTheSame } from '../plan/read-document.ts'
import { Problem } from '../problem.ts'
import type { ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'
import { compileTarget } from '../target/compile-target.ts'
import { mergedHashOf, mergedIdentity } from '../target/merged-name.ts'
import type { DraftServers } from './draft-servers.ts'
import { foldedKeys, type GrantOption, grantWeigher, likelyGrants } from './grant-options.ts'
import type { PolicyGrant } from './guess-grants.ts'
import type { OwnHolder } from './own-holders.ts'
import { covers } from './set-cover.ts'

/** Policies in which grants of one principal stand as one, since it had no room for a policy each. */
export interface MergedPolicies {
  readonly holder: OwnHolder
  readonly policies: readonly ManagedPolicy[]
  /** The grants behind them; undefined where they are not known, or would be placed otherwise today. */
  readonly grants?: readonly PolicyGrant[]
  /** Why these are left out. */
  readonly why?: 'not-found' | 'placed-otherwise'
}

interface Reading {
  readonly base: GrantsFile
  readonly snapshot: Snapshot
  readonly servers: DraftServers
  readonly personas: readonly CustomPersona[]
  readonly holders: readonly OwnHolder[]
  /** Grants behind other policies, with the ARN of each one's first policy: who shares units often shares them here too. */
  readonly understood: readonly (readonly [arn: string, grant: PolicyGrant])[]
  readonly rolePolicies: ReadonlySet<string>
  readonly now: Date
}

/**
 * The grants behind merged policies. Their statements are folded, so grants are looked for that together allow exactly
 * the same; the hash in the policies' names is of these grants, and tells which of several ways was meant.
 */
export function readMerged(reading: Reading): readonly MergedPolicies[] {
  const { base, snapshot, personas, servers, understood } = reading
  const stored = new Map(snapshot.policies.map((policy) => [policy.arn, policy]))
  const known = expandPersonas(personas)
  const weigh = grantWeigher(base, snapshot, known)
  let left = mostHashes
  return reading.holders.flatMap((holder): MergedPolicies[] => {
    const policies = holder.owned.flatMap((arn) => {
      const policy = stored.get(arn)
      return policy && mergedHashOf(policy.name) !== undefined ? [policy] : []
    })
    if (policies.length === 0) return []
    const hashes = new Set(policies.map(({ name }) => mergedHashOf(name)))
    const documents = policies.map((policy) => readDocument(defaultDocument(policy)))
    const statements = documents.flatMap((document) => [document?.Statement ?? []].flat())
    const [hash] = hashes
    const options = [
      ...understood.map(([, grant]) => grant),
      ...likelyGrants(statements, servers, [...known.values()], true),
    ].map(weigh)
    const grants =
      hashes.size === 1 && documents.every((document) => document !== undefined)
        ? findGrants(
            foldedKeys(statements),
            [...new Map(options.map((option) => [option.key, option])).values()],
            (found) =>
              left-- > 0 &&
              mergedIdentity(
                base.name,
                holder.arn,
                found.map(({ key }) => key),
              ) === hash,
          )
        : undefined
    if (!grants) return [{ holder, policies, why: 'not-found' }]
    return [
      {
        holder,
        policies,
        ...(comesBack(grants, holder, reading) ? { grants } : { why: 'placed-otherwise' }),
      },
    ]
  })
}

/** Branches of each way to search, and sets of grants that it holds against the hash. */
const patience = 4_000

/** Sets that are held against hashes for all principals together: some seconds, and they are few who have no room. */
const mostHashes = 200_000

/** The grants that the hash is of: the fewest first, then one for each server, then whatever comes. */
function findGrants(
  wanted: ReadonlySet<string>,
  options: readonly GrantOption[],
  isMeant: (grants: readonly GrantOption[]) => boolean,
): readonly PolicyGrant[] | undefined {
  const within = options.filter(
    ({ brings }) => brings.size > 0 && [...brings].every((item) => wanted.has(item)),
  )
  const largestFirst = [...within].sort((a, b) => b.brings.size - a.brings.size)
  const single = within.filter(({ value }) => value.on.length === 1)
  const ways = [
    ...[1, 2, 3, 4].map((most) => ({ from: largestFirst, most })),
    { from: single, most: single.length },
    { from: [...largestFirst].reverse(), most: within.length },
  ]
  for (const { from, most } of ways) {
    let held = 0
    for (const cover of covers(wanted, from, most, { left: patience })) {
      if (isMeant(cover)) return cover.map(({ value }) => value)
      held += 1 + within.length
      if (held > patience) break
      // A grant that the others say already stands in the hash all the same.
      const extra = within.find((option) => !cover.includes(option) && isMeant([...cover, option]))
      if (extra) return [...cover, extra].map(({ value }) => value)
    }
  }
  return undefined
}

/** Whether a file with these grants merges them to the same policies, beside what else it gives the principal. */
function comesBack(grants: readonly PolicyGrant[], holder: OwnHolder, reading: Reading): boolean {
  const { base, snapshot, personas, understood, rolePolicies, now } = reading
  const others = understood.filter(([arn]) => holder.owned.includes(arn)).map(([, grant]) => grant)
  const file: GrantsFile = {
    ...base,
    personas,
    grants: [...grants, ...others].map((grant, index): Grant => ({ index, to: [holder.ref], ...grant })),
  }
  const stored = new Map(snapshot.policies.map((policy) => [policy.arn, defaultDocument(policy)]))
  try {
    const { target } = compileTarget(file, snapshot, now)
    const made = new Map(target.policies.map(({ arn, document }) => [arn, document]))
    const held = target.attachments
      .filter(({ principal }) => principal === holder.arn)
      .map(({ policy }) => policy)
    const owned = holder.owned.filter((arn) => !rolePolicies.has(arn))
    const wanted = new Set(held.filter((arn) => !rolePolicies.has(arn) && made.has(arn)))
    return (
      wanted.size === owned.length &&
      owned.every((arn) => {
        const document = made.get(arn)
        return wanted.has(arn) && document !== undefined && saysTheSame(stored.get(arn) ?? '', document)
      })
    )
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}
