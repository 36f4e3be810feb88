import { grantsForAccount } from '@mlflow-iam/core/grants/for-account'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import { count } from '../output/count.ts'

/**
 * Reads everything that can be looked at, or what a grants file names. `profile` is the one that must lead to the
 * file's account.
 */
export async function readSnapshotOf(
  account: Account,
  whole: GrantsFile | undefined,
  profile?: string,
): Promise<Snapshot> {
  if (whole === undefined) return account.observe({})
  const file = whole.accounts.length === 0 ? whole : grantsForAccount(whole, await account.id())
  const expected = file.account !== undefined && profile !== undefined
  return account.observe({ file, ...(expected ? { expected: file.account, profile } : {}) })
}

/** `12 users, 6 groups, …`. */
export function snapshotWords({ users, groups, roles, policies, servers }: Snapshot): string {
  return [
    count(users.length, 'user'),
    count(groups.length, 'group'),
    count(roles.length, 'role'),
    count(policies.length, 'policy', 'policies'),
    count(servers.length, 'server'),
  ].join(', ')
}
