import type { Request } from '../plan/operation.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { AccountIndex } from '../target/account-index.ts'
import { userOfRole, whyUsersUnknown } from '../target/role-users.ts'
import type { JournalStep } from './read-journal.ts'

/**
 * The roles that a run made and that something has come to use since, by name, and why they stay. Profiles that the
 * run itself moved go back before the role does.
 */
export function rolesInUse(
  steps: readonly JournalStep[],
  account: Pick<AccountIndex, 'role'>,
  snapshot: Snapshot,
): ReadonlyMap<string, string> {
  const ran = steps.flatMap(({ operation, state }) =>
    state === 'waiting' || state === 'failed' ? [] : [operation],
  )
  const moved = new Set(
    ran.flatMap(({ action, input }) =>
      action === 'UpdateUserProfile' ? `${input.DomainId}/${input.UserProfileName}` : [],
    ),
  )
  const used = new Map<string, string>()
  for (const { action, input } of ran) {
    const role = action === 'CreateRole' ? account.role(input.RoleName) : undefined
    if (role === undefined) continue
    const reason =
      userOfRole(role, snapshot, ({ domain, name }) => moved.has(`${domain}/${name}`)) ??
      whyUsersUnknown(snapshot)
    if (reason !== undefined) used.set(role.name, reason)
  }
  return used
}

/** Why a request is not taken back: it made a role that is in use, or gave that role what it works with. */
export function whyInUse({ action, input }: Request, used: ReadonlyMap<string, string>): string | undefined {
  if (action !== 'CreateRole' && action !== 'AttachRolePolicy') return undefined
  const reason = used.get(input.RoleName)
  return reason === undefined ? undefined : `role ${input.RoleName} stays, as ${reason}`
}
