import type { IamGroup, IamRole, IamUser, ManagedPolicy, Snapshot } from '../snapshot/snapshot.ts'

/** Look-ups over a snapshot. IAM names are unique in an account whatever their path and case. */
export interface AccountIndex {
  readonly user: (name: string) => IamUser | undefined
  readonly group: (name: string) => IamGroup | undefined
  readonly role: (name: string) => IamRole | undefined
  readonly policy: (name: string) => ManagedPolicy | undefined
  readonly byArn: (arn: string) => IamUser | IamGroup | IamRole | undefined
  readonly policyByArn: (arn: string) => ManagedPolicy | undefined
}

export function indexAccount(snapshot: Snapshot): AccountIndex {
  const users = byName(snapshot.users)
  const groups = byName(snapshot.groups)
  const roles = byName(snapshot.roles)
  // AWS-managed policies live in the account `aws` and take no name here.
  const policies = byName(snapshot.policies.filter((policy) => policy.arn.split(':')[4] === snapshot.account))
  const principals = new Map(
    [...snapshot.users, ...snapshot.groups, ...snapshot.roles].map((item) => [item.arn, item]),
  )
  const policyArns = new Map(snapshot.policies.map((policy) => [policy.arn, policy]))
  return {
    user: (name) => users.get(name.toLowerCase()),
    group: (name) => groups.get(name.toLowerCase()),
    role: (name) => roles.get(name.toLowerCase()),
    policy: (name) => policies.get(name.toLowerCase()),
    byArn: (arn) => principals.get(arn),
    policyByArn: (arn) => policyArns.get(arn),
  }
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name.toLowerCase(), item]))
}
