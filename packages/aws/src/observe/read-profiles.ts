import type { SageMakerDomain, UserProfile } from '@mlflow-iam/core/snapshot/snapshot'
import { given } from '../given.ts'
import { mapAtOnce } from '../read.ts'
import type { RegionNeed } from './needs.ts'
import { pages } from './read-servers.ts'
import type { Reading } from './reading.ts'

/** Reads SageMaker domains and their user profiles, with the roles that both act through. */
export async function readProfiles(
  reading: Reading,
  region: string,
  need: RegionNeed,
): Promise<{ domains: SageMakerDomain[]; profiles: UserProfile[] }> {
  const { client, api } = await reading.connection.sageMaker(region)
  const listed = await pages(async (NextToken) => {
    const page = await reading.must('sagemaker:ListDomains', `list the SageMaker domains of ${region}`, () =>
      client.send(new api.ListDomainsCommand({ MaxResults: 100, ...NextToken })),
    )
    return [page.Domains ?? [], page.NextToken]
  })
  const wanted = listed.filter(
    ({ DomainId = '' }) => (need.names?.has(DomainId) ?? true) && !need.but?.has(DomainId),
  )
  const domains = await mapAtOnce(wanted, 4, async ({ DomainId = '', DomainArn, DomainName }) => {
    const domain = await reading.must('sagemaker:DescribeDomain', `read the domain ${DomainId}`, () =>
      client.send(new api.DescribeDomainCommand({ DomainId })),
    )
    return {
      id: DomainId,
      arn: DomainArn ?? '',
      name: DomainName ?? DomainId,
      region,
      ...given('defaultRole', domain.DefaultUserSettings?.ExecutionRole),
      ...given('defaultSpaceRole', domain.DefaultSpaceSettings?.ExecutionRole),
    }
  })
  const profiles: UserProfile[] = []
  for (const { id, arn } of domains) {
    const names = await pages(async (NextToken) => {
      const page = await reading.must('sagemaker:ListUserProfiles', `list the profiles of ${id}`, () =>
        client.send(new api.ListUserProfilesCommand({ DomainIdEquals: id, MaxResults: 100, ...NextToken })),
      )
      return [page.UserProfiles ?? [], page.NextToken]
    })
    const read = await mapAtOnce(names, 4, async ({ UserProfileName = '' }) => {
      const profile = await reading.must(
        'sagemaker:DescribeUserProfile',
        `read the profile ${id}/${UserProfileName}`,
        () => client.send(new api.DescribeUserProfileCommand({ DomainId: id, UserProfileName })),
      )
      return {
        domain: id,
        name: UserProfileName,
        arn: profile.UserProfileArn ?? `${arn.replace(':domain/', ':user-profile/')}/${UserProfileName}`,
        region,
        ...given('role', profile.UserSettings?.ExecutionRole),
      }
    })
    profiles.push(...read)
  }
  return { domains, profiles }
}
