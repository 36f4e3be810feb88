import { type Home, iamArn, parseArn } from '../policy/arn.ts'
import type { Statement } from '../policy/document.ts'
import { sortedUnique } from '../policy/statement-draft.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { TargetPrincipal } from './target.ts'

/** Who of this account a resource policy of another one names. */
export interface Trusted {
  /** ARNs of users and roles, as `Principal` takes them. Sorted. */
  readonly arns: readonly string[]
  /** Patterns of `aws:PrincipalArn`, for those whose ARN is not fixed; then the account itself is the principal. Sorted. */
  readonly patterns: readonly string[]
}

/**
 * Principals as other accounts can name them. A group is none, so its users of today stand in its place, or every
 * user where they are not known. A permission set acts through a role whose name ends anew in each account and
 * whenever it is made again: it stands as a pattern.
 */
export function trustedPrincipals(
  home: Home,
  snapshot: Snapshot,
  principals: readonly TargetPrincipal[],
): Trusted {
  const arns: string[] = []
  const patterns: string[] = []
  for (const principal of principals) {
    if (principal.kind === 'permission-set') patterns.push(reservedPattern(home, principal))
    else if (principal.kind !== 'group') arns.push(principal.arn)
    else if (snapshot.assumed) patterns.push(iamArn(home, 'user', '/', '*'))
    else arns.push(...membersOf(snapshot, principal.name))
  }
  return { arns: sortedUnique(arns), patterns: sortedUnique(patterns) }
}

/** ARNs of the users of a group. */
export function membersOf(snapshot: Snapshot, group: string): readonly string[] {
  const name = group.toLowerCase()
  return snapshot.users
    .filter((user) => user.groups.some((one) => one.toLowerCase() === name))
    .map((user) => user.arn)
}

/** One statement for each way of naming them; none for nobody. */
export function trustStatements(
  home: Home,
  { arns, patterns }: Trusted,
  rest: Pick<Statement, 'Sid' | 'Action' | 'Resource' | 'Condition'>,
): readonly Statement[] {
  const allow = (Sid: string, principal: readonly string[], like?: readonly string[]): Statement => {
    const ofPattern = like ? { ArnLike: { 'aws:PrincipalArn': like } } : {}
    const condition = { ...ofPattern, ...rest.Condition }
    const { Action, Resource } = rest
    return {
      Sid,
      Effect: 'Allow',
      Principal: { AWS: principal },
      ...(Action === undefined ? {} : { Action }),
      ...(Resource === undefined ? {} : { Resource }),
      ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
    }
  }
  const root = `arn:${home.partition}:iam::${home.account}:root`
  return [
    ...(arns.length > 0 ? [allow(rest.Sid ?? '', arns)] : []),
    ...(patterns.length > 0 ? [allow(`${rest.Sid}Like`, [root], patterns)] : []),
  ]
}

/** The 16 signs at the end are AWS's; a longer name of another set does not match. */
function reservedPattern(home: Home, { name, actsAs }: TargetPrincipal): string {
  const path = /^role(\/.*\/)[^/]*$/u.exec(parseArn(actsAs ?? '')?.resource ?? '')?.[1]
  // Where Identity Center is managed in us-east-1 the path names no Region.
  const start = path
    ? iamArn(home, 'role', path, '')
    : iamArn(home, 'role', '/aws-reserved/sso.amazonaws.com*/', '')
  return `${start}AWSReservedSSO_${name}_${'?'.repeat(16)}`
}
