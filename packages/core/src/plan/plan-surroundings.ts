import { findAccountFindings } from '../evaluate/account-findings.ts'
import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import { permissionSetOf } from '../evaluate/permission-set-of.ts'
import { findSelfLockOut } from '../evaluate/self-lock-out.ts'
import { arnName } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { ownStatements } from '../target/inline-statements.ts'
import { isCarriedPolicy } from '../target/split-marks.ts'
import type { Target } from '../target/target.ts'
import { finding } from './findings.ts'
import type { Finding } from './plan.ts'

/** What of the account's other state bears on a plan; the rest is for `show` and the report. */
const bearing: ReadonlySet<string> = new Set(['access-stays-elsewhere', 'boundary-older-actions'])

interface Surroundings {
  readonly target: Target
  readonly before: Snapshot
  /** The account that the plan leads to. */
  readonly after: Snapshot
  readonly name: string
  readonly prefix: string
  readonly prune: boolean
  /** ARNs of principals that lose access. */
  readonly losing: readonly string[]
  readonly now: Date
}

/** What a reviewer should know about the account around the plan: access that stays, boundaries, lock-outs, strays. */
export function planSurroundings(around: Surroundings): readonly Finding[] {
  const { target, before, after, name, now } = around
  // An account that was only assumed has nothing from elsewhere.
  if (before.assumed) return []
  // As they will be: a role that a split makes has the boundary of the one that it is copied from.
  const holdsMore = principalsWithMore(after, around.prefix)
  const principals = target.principals
    .map((principal) => principal.actsAs ?? principal.arn)
    .filter((arn) => holdsMore.has(arn))
  return [
    ...findAccountFindings(after, { now, name, principals }).filter((item) => bearing.has(item.code)),
    ...stayingAccess(around),
    ...findSelfLockOut(before, after, now),
    ...strays(around),
    ...handMade(around),
  ]
}

/** Principals that hold anything beside our policies: the others need no second look. */
function principalsWithMore(snapshot: Snapshot, prefix: string): ReadonlySet<string> {
  const holdsForeign = ({ inline, attached }: Snapshot['groups'][number]): boolean =>
    inline.length > 0 || attached.some((arn) => !arn.startsWith(prefix))
  return new Set(
    [
      ...snapshot.users.filter((user) => user.boundary || user.groups.length > 0 || holdsForeign(user)),
      ...snapshot.groups.filter(holdsForeign),
      ...snapshot.roles.filter((role) => role.boundary || holdsForeign(role)),
    ].map((principal) => principal.arn),
  )
}

/** Whoever loses ours and keeps others': otherwise a removal would promise what does not happen. */
function stayingAccess({ after, name, losing, now }: Surroundings): readonly Finding[] {
  if (losing.length === 0) return []
  return evaluateAccess(after, { principals: losing, name, now }).flatMap((row) => {
    const given = new Set(row.elsewhere.flatMap((source) => source.actions))
    const kept = row.allowed.filter((action) => given.has(action)).length
    if (kept === 0) return []
    const policies = row.elsewhere.map((source) => arnName(source.policy.replace(/@.*/u, ''))).join(', ')
    const message = `${arnName(row.principal)} keeps ${kept} ${kept === 1 ? 'action' : 'actions'} on ${arnName(row.server)} through ${policies}, which this file does not manage.`
    return [finding('access-stays-elsewhere', message, { principal: row.principal, server: row.server })]
  })
}

/** Principals that keep our policies and are not in the file: left alone, but not passed over in silence. */
function strays({ target, after, name, prefix, prune }: Surroundings): readonly Finding[] {
  if (prune) return []
  const listed = new Set([...target.principals, ...target.roles].map((principal) => principal.arn))
  const reserved = new Set(target.principals.flatMap((principal) => principal.actsAs ?? []))
  const names = [...after.users, ...after.groups, ...after.roles]
    .filter((principal) => !listed.has(principal.arn) && !reserved.has(principal.arn))
    .filter(
      (principal) =>
        principal.attached.some((arn) => arn.startsWith(prefix) && !isCarriedPolicy(arn)) ||
        holdsOurStatements(principal, name),
    )
    .map(({ name }) => {
      const set = permissionSetOf(name)
      return set === undefined ? name : `permission set ${set}`
    })
    .sort()
  if (names.length === 0) return []
  const some =
    names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`
  return [
    finding(
      'not-in-file',
      `${some} ${names.length === 1 ? 'has' : 'have'} policies of this file without being listed; --prune revokes them.`,
    ),
  ]
}

/** The role of a permission set with statements of ours in the set's inline policy. */
function holdsOurStatements({ name, inline }: Snapshot['groups'][number], fileName: string): boolean {
  return (
    permissionSetOf(name) !== undefined &&
    inline.some(({ document }) => ownStatements(document, fileName).length > 0)
  )
}

/** What only a hand can have done to objects of ours; other differences are the plan's own operations. */
function handMade({ target, before }: Surroundings): readonly Finding[] {
  const wanted = new Set(target.policies.map((policy) => policy.arn))
  // The boundary of a split role is that of the role it is a copy of.
  const made = new Set(target.roles.filter((role) => !role.existing && !role.split).map((role) => role.arn))
  const number = (version: string): number => Number(version.slice(1))
  return [
    ...before.policies.flatMap((policy) => {
      const newest = Math.max(...policy.versions.map((version) => number(version.id)))
      if (!wanted.has(policy.arn) || policy.versions.length === 0 || number(policy.defaultVersion) === newest)
        return []
      const message = `Somebody made ${policy.defaultVersion} the default version of ${policy.name}; its newest is v${newest}.`
      return [finding('changed-by-hand', message)]
    }),
    ...before.roles.flatMap((role) => {
      if (!made.has(role.arn) || !role.boundary) return []
      const message = `Somebody put the permissions boundary ${arnName(role.boundary)} on role ${role.name}: it may allow less than this file says.`
      return [finding('changed-by-hand', message, { principal: role.arn })]
    }),
  ]
}
