import type { GrantsFile } from '../grants/grants-file.ts'
import { type Home, iamArn } from '../policy/arn.ts'
import { sortedUnique } from '../policy/statement-draft.ts'
import type { AccountIndex } from './account-index.ts'
import type { TargetServer } from './target.ts'

/** ARNs of the roles that grants on these servers may hand to SageMaker: the file's own, else what the servers use. */
export function passableRoles(
  file: GrantsFile,
  home: Home,
  account: AccountIndex,
): (on: readonly TargetServer[]) => readonly string[] {
  const own = file.roles['tracking-server']
  return (on) =>
    own
      ? [account.role(own.name)?.arn ?? iamArn(home, 'role', '/', own.name)]
      : sortedUnique(on.flatMap((server) => server.roles))
}
