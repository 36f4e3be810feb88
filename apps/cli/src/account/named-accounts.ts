import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import type { FlagValues } from '../commands/flags.ts'

/** One of several accounts, as it was asked for. */
export interface NamedAccount {
  /** A profile of the AWS CLI, or of the sandbox. Absent offline. */
  readonly profile?: string
  /** The account that the profile must lead to, where the grants file says so. */
  readonly account?: string
  readonly region?: string
}

type NamingFlags = Pick<FlagValues, 'profile' | 'snapshot' | 'offline'>

/**
 * The accounts that are meant together: those of several `--profile`, else those that the grants file lists.
 * Undefined where one account is meant, by one `--profile`, a snapshot, or because nothing names several.
 */
export function namedAccounts(
  flags: NamingFlags,
  file?: Pick<GrantsFile, 'accounts'>,
): readonly NamedAccount[] | undefined {
  const profiles = [...new Set(flags.profile)]
  if (profiles.length > 1) return profiles.map((profile) => ({ profile }))
  if (profiles.length === 1 || flags.snapshot !== undefined || !file || file.accounts.length === 0)
    return undefined
  return file.accounts.map(({ account, profile, region }) => ({
    account,
    ...(flags.offline ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
  }))
}
