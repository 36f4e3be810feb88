import type { PrincipalRef, SplitRole } from '../grants/grants-file.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { isOwnedRole } from '../target/owned.ts'
import { splitProfileOf, splitSourceOf } from '../target/split-marks.ts'
import { currentRole, splitRoleName } from '../target/split-roles.ts'

/**
 * The profiles that act through a role which a split of this file made. A file that lists a split takes from both its
 * roles what no grant says: where one of them has such policies of ours (`leftOut`, by ARN), the split stays out, too.
 * A grant to the role of a split is one to its profile: `granted` tells whom it was written for.
 */
export function readSplits(
  snapshot: Snapshot,
  fileName: string,
  leftOut: ReadonlySet<string>,
): {
  readonly split: readonly SplitRole[]
  readonly unsaid: readonly string[]
  readonly granted: (principal: PrincipalRef) => PrincipalRef
} {
  const roles = snapshot.roles.filter((role) => isOwnedRole(role, fileName))
  const unsaid: string[] = []
  const profiles = new Map<string, PrincipalRef>()
  const split = snapshot.profiles
    .flatMap((profile): readonly SplitRole[] => {
      const current = currentRole(profile, snapshot)
      const role = roles.find((one) => one.arn === current && splitProfileOf(one) === profile.arn)
      if (!role) return []
      const text = `profile/${profile.domain}/${profile.name}`
      const source = splitSourceOf(role, snapshot)
      const stuck = [role, ...(source ? [source] : [])].filter(({ arn }) => leftOut.has(arn))
      if (stuck.length > 0) {
        const names = stuck.map(({ name }) => `role/${name}`).join(' and ')
        unsaid.push(`${text} has the role ${role.name} of a split, which is left out with ${names}.`)
        return []
      }
      const { domain, name } = profile
      profiles.set(`role/${role.name}`, { kind: 'profile', domain, name, text })
      const isMadeUp = role.name === splitRoleName(fileName, text)
      return [{ profile: text, ...(isMadeUp ? {} : { role: role.name }) }]
    })
    .sort((a, b) => (a.profile < b.profile ? -1 : 1))
  const granted = (principal: PrincipalRef) => profiles.get(principal.text) ?? principal
  return { split, unsaid: unsaid.sort(), granted }
}
