import type { TargetPrincipal } from '@mlflow-iam/core/target/target'
import { count } from '../ui/text.ts'
import type { PrincipalInfo } from './people.ts'

/** Whom a change reaches: people where they are known, and the principals behind which nobody is. */
export interface Reach {
  /** IAM users, members of groups and SageMaker profiles, each once. */
  readonly people: ReadonlySet<string>
  /** Roles that no profile uses: service roles, jobs, machines. */
  readonly roles: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  /** Accounts that a permission set is assigned to: who holds it there is not read. */
  readonly accounts: ReadonlySet<string>
}

/** Whom one principal stands for. */
export function reachOf(info: PrincipalInfo, target: TargetPrincipal | undefined): Reach {
  const kind = target?.kind ?? (info.kind === 'unknown' && info.arn.includes(':role/') ? 'role' : info.kind)
  const behind = target && target.people.length > 0 ? target.people : info.people
  const named = (prefix: string) => new Set(behind.map((name) => `${prefix}/${name}`))
  const alone = new Set([info.arn])
  const nobody = { people: none, roles: none, groups: none, accounts: none }
  switch (kind) {
    case 'group':
      return behind.length > 0 ? { ...nobody, people: named('user') } : { ...nobody, groups: alone }
    case 'role':
      return behind.length > 0 ? { ...nobody, people: named('profile') } : { ...nobody, roles: alone }
    case 'permission-set':
      return { ...nobody, accounts: new Set(behind) }
    default:
      return { ...nobody, people: new Set([`user/${info.name}`]) }
  }
}

const none: ReadonlySet<string> = new Set()

/** All of them together; who is in several counts once. */
export function joinReach(list: readonly Reach[]): Reach {
  const join = (key: keyof Reach) => new Set(list.flatMap((each) => [...each[key]]))
  return { people: join('people'), roles: join('roles'), groups: join('groups'), accounts: join('accounts') }
}

/** How many there are of all kinds; 0 is nobody. */
export function reachSize({ people, roles, groups, accounts }: Reach): number {
  return people.size + roles.size + groups.size + accounts.size
}

/** `9 people, 1 role and 4 accounts`; `nobody` where it reaches none. */
export function reachWords({ people, roles, groups, accounts }: Reach): string {
  const parts = [
    people.size > 0 ? [count(people.size, 'person', 'people')] : [],
    roles.size > 0 ? [count(roles.size, 'role')] : [],
    groups.size > 0 ? [count(groups.size, 'group')] : [],
    accounts.size > 0 ? [count(accounts.size, 'account')] : [],
  ].flat()
  const last = parts.pop()
  if (last === undefined) return 'nobody'
  return parts.length > 0 ? `${parts.join(', ')} and ${last}` : last
}
