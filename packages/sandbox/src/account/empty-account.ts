import { type AccountState, defaultQuotas, type SandboxState } from './state.ts'

/** An account with nothing in it: no alias, no principals, no servers, AWS's default quotas. */
export function emptyAccount(
  account = '123456789012',
  partition: AccountState['partition'] = 'aws',
): SandboxState {
  return newAccount(account, partition)
}

/** The same, to be filled in. */
export function newAccount(account: string, partition: AccountState['partition']): AccountState {
  return {
    version: 1,
    account,
    partition,
    caller: {
      arn: `arn:${partition}:sts::${account}:assumed-role/Admin/ana`,
      userId: 'AROAQX4NEBZ7ADMIN3KLM:ana',
    },
    signIn: 'valid',
    denied: [],
    quotas: { ...defaultQuotas },
    counter: 0,
    users: [],
    groups: [],
    roles: [],
    policies: [],
    servers: [],
    apps: [],
    domains: [],
    profiles: [],
    spaces: [],
  }
}
