import { parseArn } from '@mlflow-iam/core/policy/arn'
import type { IamRole, SageMakerDomain, UserProfile } from '@mlflow-iam/core/snapshot/snapshot'
import { splitProfileOf } from '@mlflow-iam/core/target/split-marks'
import { readProfiles } from './read-profiles.ts'
import type { Reading } from './reading.ts'

/** What SageMaker knows of people: domains and their user profiles. */
export interface Studio {
  readonly domains: readonly SageMakerDomain[]
  readonly profiles: readonly UserProfile[]
}

/**
 * Adds the domains of profiles for which a split made a role, where they were not read already: such a role may go
 * only when it is known that nobody uses it. Costs nothing in an account without any.
 */
export async function withSplitProfiles(
  reading: Reading,
  roles: readonly IamRole[],
  studio: Studio,
): Promise<Studio> {
  const missing = new Map<string, Set<string>>()
  for (const role of roles) {
    const arn = parseArn(splitProfileOf(role) ?? '')
    const domain = arn?.resource.split('/')[1]
    if (!arn || domain === undefined || studio.domains.some(({ id }) => id === domain)) continue
    missing.set(arn.region, (missing.get(arn.region) ?? new Set()).add(domain))
  }
  const found = [studio]
  for (const [region, names] of missing) {
    const need = { required: false, regions: [region], names }
    const none: Studio = { domains: [], profiles: [] }
    found.push(await reading.part<Studio>('profiles', false, none, () => readProfiles(reading, region, need)))
  }
  return {
    domains: found.flatMap(({ domains }) => domains),
    profiles: found.flatMap(({ profiles }) => profiles),
  }
}
