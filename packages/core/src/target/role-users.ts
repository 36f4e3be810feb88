import type { IamRole, Snapshot, UserProfile } from '../snapshot/snapshot.ts'
import { currentRole } from './split-roles.ts'

/**
 * What in SageMaker acts through a role, in words; undefined where nothing is known to. IAM deletes a role in use
 * without a word. `apart` are profiles that do not count.
 */
export function userOfRole(
  role: Pick<IamRole, 'arn'>,
  snapshot: Snapshot,
  apart: (profile: UserProfile) => boolean = () => false,
): string | undefined {
  const user = snapshot.profiles.find(
    (profile) => currentRole(profile, snapshot) === role.arn && !apart(profile),
  )
  if (user) return `profile ${user.domain}/${user.name} acts through it`
  const domain = snapshot.domains.find(
    ({ defaultRole, defaultSpaceRole }) => defaultRole === role.arn || defaultSpaceRole === role.arn,
  )
  if (domain) return `domain ${domain.id} uses it`
  const server = [...snapshot.servers, ...snapshot.apps].find((one) => one.role === role.arn)
  return server && `${server.name} uses it`
}

/** Why it is not known whether anything uses a role, in words: what was not seen is not the same as what is not. */
export function whyUsersUnknown({ unknown }: Snapshot): string | undefined {
  const part = unknown.find(({ part, notOffered }) => users.has(part) && !notOffered)
  return part && `whether any of the ${words[part.part]} use it cannot be seen (${part.action} is refused)`
}

const words: Readonly<Record<string, string>> = {
  servers: 'tracking servers',
  apps: 'MLflow Apps',
  profiles: 'SageMaker profiles',
}
const users: ReadonlySet<string> = new Set(Object.keys(words))
