import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { arnName } from '../policy/arn.ts'
import { canonicalJson } from '../policy/hash.ts'
import { policyLimits, policySize } from '../policy/measure.ts'
import { sortedUnique } from '../policy/statement-draft.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { TargetPrincipal } from './target.ts'
import type { TargetElsewhere } from './target-elsewhere.ts'
import { membersOf } from './trusted-principals.ts'
import { groupBy, type ViaGrant } from './via-grants.ts'

/** What a reviewer should know about roles of other accounts: who gains by sharing them, and what is left to do there. */
export function otherAccountFindings(
  snapshot: Snapshot,
  grants: readonly ViaGrant[],
  elsewhere: readonly TargetElsewhere[],
): readonly Finding[] {
  return [
    ...elsewhere.map(toDo),
    ...elsewhere.flatMap(({ roles }) => roles.flatMap(trustTooLong)),
    ...[...groupBy(grants, ({ server }) => server.via)].flatMap(([via, own]) => [
      ...sharedRole(via, own),
      ...groupsAsUsers(snapshot, via, own),
    ]),
  ]
}

function toDo({ account, roles, buckets, keys }: TargetElsewhere): Finding {
  const parts = [
    ...roles.map(({ role }) => `trust and permissions of role ${arnName(role)}`),
    ...buckets.map(({ bucket }) => `the bucket policy of ${bucket}`),
    ...keys.map(({ key }) => `the key policy of ${arnName(key)}`),
  ]
  return finding(
    'other-account-to-do',
    `Account ${account} has its part to do, which nobody signed in here can: ${parts.join(', ')}. The exports hold the documents and commands.`,
  )
}

function trustTooLong({ role, trust }: TargetElsewhere['roles'][number]): readonly Finding[] {
  const size = policySize(trust)
  if (size <= policyLimits.trust) return []
  return [
    finding(
      'trust-too-long',
      `The trust policy of ${arnName(role)} would have ${size} characters for these statements alone; IAM takes ${policyLimits.trust}, or 4096 on request. Grant to a role or permission set that people share.`,
    ),
  ]
}

/**
 * A role is one identity: whoever assumes it has what all grants through it give together. Conditions on one of a
 * principal's grants do not hold where another lets it assume the role without them.
 */
function sharedRole(via: string, grants: readonly ViaGrant[]): readonly Finding[] {
  const byServer = groupBy(grants, ({ server }) => server.resource)
  const principals = new Map<string, TargetPrincipal>(
    grants.flatMap((grant) => grant.principals.map((principal) => [principal.arn, principal] as const)),
  )
  return [...principals.values()].flatMap((principal) => {
    const own = grants.filter((grant) => grant.principals.some(({ arn }) => arn === principal.arn))
    const ways = sortedUnique(own.map(({ unit }) => canonicalJson(unit.conditions ?? null)))
    return [...byServer].flatMap(([server, all]) => {
      const given = sortedUnique(all.flatMap(({ unit }) => unit.actions))
      const gained = sortedUnique(
        ways.flatMap((way) => {
          const meant = own.filter(
            ({ unit, server: on }) =>
              on.resource === server && (!unit.conditions || canonicalJson(unit.conditions) === way),
          )
          const actions = new Set(meant.flatMap(({ unit }) => unit.actions))
          return given.filter((action) => !actions.has(action))
        }),
      )
      if (gained.length === 0) return []
      const names = gained.length <= 4 ? gained : [...gained.slice(0, 3), `${gained.length - 3} more`]
      return [
        finding(
          'shared-via-role',
          `${principal.kind} ${principal.name} gains ${names.join(', ')} on ${arnName(server)}: whoever may assume ${arnName(via)} has what all grants through it give together. Use a role for each persona there to keep them apart.`,
          { principal: principal.arn, server },
        ),
      ]
    })
  })
}

function groupsAsUsers(snapshot: Snapshot, via: string, grants: readonly ViaGrant[]): readonly Finding[] {
  const groups = new Map(
    grants.flatMap(({ principals }) =>
      principals.flatMap((one) => (one.kind === 'group' ? [[one.name, one.arn] as const] : [])),
    ),
  )
  return [...groups].map(([name, principal]) => {
    const members = membersOf(snapshot, name).map(arnName)
    const who = snapshot.assumed
      ? 'so every user of this account is trusted, and its own policies decide'
      : members.length === 0
        ? 'and it has no users whom the policy could name'
        : `so its users of today are named: ${members.join(', ')}. Whoever joins later has to be added there`
    return finding(
      'group-named-as-users',
      `Group ${name} cannot be named in the trust policy of ${arnName(via)}, ${who}.`,
      { principal },
    )
  })
}
