import type { SplitRole } from '../grants/grants-file.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { isOwnedRole } from '../target/owned.ts'
import { splitProfileOf } from '../target/split-marks.ts'
import { currentRole, splitRoleName } from '../target/split-roles.ts'

/** The profiles that act through a role which a split of this file made. */
export function readSplits(snapshot: Snapshot, fileName: string): readonly SplitRole[] {
  const roles = snapshot.roles.filter((role) => isOwnedRole(role, fileName))
  return snapshot.profiles
    .flatMap((profile): readonly SplitRole[] => {
      const current = currentRole(profile, snapshot)
      const role = roles.find((one) => one.arn === current && splitProfileOf(one) === profile.arn)
      if (!role) return []
      const text = `profile/${profile.domain}/${profile.name}`
      const isMadeUp = role.name === splitRoleName(fileName, text)
      return [{ profile: text, ...(isMadeUp ? {} : { role: role.name }) }]
    })
    .sort((a, b) => (a.profile < b.profile ? -1 : 1))
}
