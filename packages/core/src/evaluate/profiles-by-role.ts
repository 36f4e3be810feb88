import type { Snapshot, UserProfile } from '../snapshot/snapshot.ts'

/** The SageMaker profiles that act through each role, by the role's ARN; profiles without a role inherit their domain's. */
export function profilesByRole(snapshot: Snapshot): ReadonlyMap<string, readonly UserProfile[]> {
  const defaults = new Map(snapshot.domains.map((domain) => [domain.id, domain.defaultRole]))
  const profiles = new Map<string, UserProfile[]>()
  for (const profile of snapshot.profiles) {
    const role = profile.role ?? defaults.get(profile.domain)
    if (role === undefined) continue
    const known = profiles.get(role)
    if (known) known.push(profile)
    else profiles.set(role, [profile])
  }
  return profiles
}
