import type {
  DescribeDomainRequest,
  DescribeDomainResponse,
  DescribeSpaceRequest,
  DescribeSpaceResponse,
  ListDomainsRequest,
  ListDomainsResponse,
  ListSpacesRequest,
  ListSpacesResponse,
} from '@aws-sdk/client-sagemaker'
import type { DomainState } from '../account/sagemaker-state.ts'
import { oneOf, required, text } from '../wire/rules.ts'
import { type Call, operation } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'
import { domainId, paging, profileName } from './members.ts'
import { notFound } from './refusals.ts'
import { sorted } from './sorted.ts'

export const domainOperations = {
  ListDomains: operation<ListDomainsRequest, ListDomainsResponse>(paging, ({ account, region }, input) => {
    const found = account.state.domains.filter((domain) => domain.region === region)
    const page = tokenPage(found, input, 'ListDomains', (domain) => domain.id, 10)
    return {
      Domains: page.rows.map((domain) => ({
        DomainArn: domain.arn,
        DomainId: domain.id,
        DomainName: domain.name,
        Status: 'InService',
        CreationTime: new Date(domain.createdAt),
        LastModifiedTime: new Date(domain.updatedAt),
        Url: urlOf(domain),
      })),
      ...page.end,
    }
  }),

  DescribeDomain: operation<DescribeDomainRequest, DescribeDomainResponse>(
    { DomainId: required(domainId) },
    (call, input) => {
      const domain = domainWithId(call, input.DomainId)
      return {
        DomainArn: domain.arn,
        DomainId: domain.id,
        DomainName: domain.name,
        Status: 'InService',
        CreationTime: new Date(domain.createdAt),
        LastModifiedTime: new Date(domain.updatedAt),
        AuthMode: 'IAM',
        DefaultUserSettings: { ExecutionRole: domain.defaultRole },
        ...(domain.defaultSpaceRole === undefined
          ? {}
          : { DefaultSpaceSettings: { ExecutionRole: domain.defaultSpaceRole } }),
        AppNetworkAccessType: 'PublicInternetOnly',
        SubnetIds: ['subnet-0a1b2c3d4e5f67890'],
        VpcId: 'vpc-0a1b2c3d4e5f67890',
        Url: urlOf(domain),
      }
    },
  ),

  ListSpaces: operation<ListSpacesRequest, ListSpacesResponse>(
    {
      SortOrder: oneOf('Ascending', 'Descending'),
      SortBy: oneOf('CreationTime', 'LastModifiedTime'),
      DomainIdEquals: domainId,
      SpaceNameContains: text({ max: 63 }),
      ...paging,
    },
    ({ account, region }, input) => {
      const found = account.state.spaces
        .filter((space) => space.region === region)
        .filter((space) => (input.DomainIdEquals ?? space.domain) === space.domain)
        .filter((space) => space.name.includes(input.SpaceNameContains ?? ''))
      const rows = sorted(found, input.SortBy ?? 'CreationTime', input.SortOrder ?? 'Ascending')
      const page = tokenPage(rows, input, 'ListSpaces', (space) => `${space.domain}/${space.name}`, 10)
      return {
        Spaces: page.rows.map((space) => ({
          DomainId: space.domain,
          SpaceName: space.name,
          Status: 'InService',
          CreationTime: new Date(space.createdAt),
          LastModifiedTime: new Date(space.updatedAt),
          SpaceSettingsSummary: { AppType: space.appType },
          SpaceSharingSettingsSummary: { SharingType: space.sharing },
          ...(space.owner === undefined
            ? {}
            : { OwnershipSettingsSummary: { OwnerUserProfileName: space.owner } }),
        })),
        ...page.end,
      }
    },
  ),

  DescribeSpace: operation<DescribeSpaceRequest, DescribeSpaceResponse>(
    { DomainId: required(domainId), SpaceName: required(profileName) },
    ({ account, region }, input) => {
      const space = account.state.spaces.find(
        (each) => each.region === region && each.domain === input.DomainId && each.name === input.SpaceName,
      )
      if (space === undefined) throw notFound(`Space ${input.SpaceName} in ${input.DomainId} does not exist.`)
      return {
        DomainId: space.domain,
        SpaceArn: space.arn,
        SpaceName: space.name,
        Status: 'InService',
        CreationTime: new Date(space.createdAt),
        LastModifiedTime: new Date(space.updatedAt),
        SpaceSettings: { AppType: space.appType },
        SpaceSharingSettings: { SharingType: space.sharing },
        ...(space.owner === undefined ? {} : { OwnershipSettings: { OwnerUserProfileName: space.owner } }),
      }
    },
  ),
}

/** The domain with that id in the call's region. */
export function domainWithId({ account, region }: Call, id: string): DomainState {
  const domain = account.state.domains.find((each) => each.region === region && each.id === id)
  if (domain === undefined) throw notFound(`Domain [${id}] does not exist`)
  return domain
}

function urlOf(domain: DomainState): string {
  return `https://${domain.id}.studio.${domain.region}.sagemaker.aws`
}
