import type {
  DescribeUserProfileRequest,
  DescribeUserProfileResponse,
  ListUserProfilesRequest,
  ListUserProfilesResponse,
  UpdateUserProfileRequest,
  UpdateUserProfileResponse,
  UserSettings,
} from '@aws-sdk/client-sagemaker'
import type { ProfileState } from '../account/sagemaker-state.ts'
import { oneOf, opaque, required, text } from '../wire/rules.ts'
import { type Call, operation } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'
import { domainWithId } from './domains.ts'
import { domainId, paging, profileName, roleArn } from './members.ts'
import { checkServiceRole } from './passed-role.ts'
import { inUse, invalid, notFound } from './refusals.ts'
import { sorted } from './sorted.ts'

export const profileOperations = {
  ListUserProfiles: operation<ListUserProfilesRequest, ListUserProfilesResponse>(
    {
      SortOrder: oneOf('Ascending', 'Descending'),
      SortBy: oneOf('CreationTime', 'LastModifiedTime'),
      DomainIdEquals: domainId,
      UserProfileNameContains: text({ max: 63 }),
      ...paging,
    },
    ({ account, region }, input) => {
      const found = account.state.profiles
        .filter((profile) => profile.region === region)
        .filter((profile) => (input.DomainIdEquals ?? profile.domain) === profile.domain)
        .filter((profile) => profile.name.includes(input.UserProfileNameContains ?? ''))
      const rows = sorted(found, input.SortBy ?? 'CreationTime', input.SortOrder ?? 'Ascending')
      const page = tokenPage(rows, input, 'ListUserProfiles', (each) => `${each.domain}/${each.name}`, 10)
      return {
        UserProfiles: page.rows.map((profile) => ({
          DomainId: profile.domain,
          UserProfileName: profile.name,
          Status: profile.transition?.status ?? 'InService',
          CreationTime: new Date(profile.createdAt),
          LastModifiedTime: new Date(profile.updatedAt),
        })),
        ...page.end,
      }
    },
  ),

  DescribeUserProfile: operation<DescribeUserProfileRequest, DescribeUserProfileResponse>(
    { DomainId: required(domainId), UserProfileName: required(profileName) },
    (call, input) => {
      const profile = profileNamed(call, input.DomainId, input.UserProfileName)
      return {
        DomainId: profile.domain,
        UserProfileArn: profile.arn,
        UserProfileName: profile.name,
        Status: profile.transition?.status ?? 'InService',
        CreationTime: new Date(profile.createdAt),
        LastModifiedTime: new Date(profile.updatedAt),
        UserSettings: profile.role === undefined ? {} : { ExecutionRole: profile.role },
      }
    },
  ),

  /** Of the settings, the account keeps the execution role. */
  UpdateUserProfile: operation<UpdateUserProfileRequest, UpdateUserProfileResponse>(
    {
      DomainId: required(domainId),
      UserProfileName: required(profileName),
      UserSettings: opaque<UserSettings>(),
    },
    (call, input) => {
      const profile = profileNamed(call, input.DomainId, input.UserProfileName)
      if (profile.transition !== undefined) {
        throw inUse(
          `UserProfile ${profile.name} in ${profile.domain} is in status ${profile.transition.status}.`,
        )
      }
      const role: unknown = input.UserSettings?.ExecutionRole
      if (role !== undefined && role !== null) profile.role = checkedRole(call, role)
      profile.updatedAt = call.now.toISOString()
      profile.transition = { status: 'Updating', requests: 2 }
      return { UserProfileArn: profile.arn }
    },
  ),
}

function checkedRole(call: Call, role: unknown): string {
  const complaints: string[] = []
  const arn = roleArn.read(role, 'userSettings.executionRole', complaints)
  if (arn === undefined || complaints.length > 0) {
    throw invalid(`1 validation error detected: ${complaints.join('; ')}`)
  }
  checkServiceRole(call.account, arn)
  return arn
}

function profileNamed(call: Call, domain: string, name: string): ProfileState {
  domainWithId(call, domain)
  const { account, region } = call
  const profile = account.state.profiles.find(
    (each) => each.region === region && each.domain === domain && each.name === name,
  )
  if (profile === undefined) throw notFound(`UserProfile [${name}] in Domain [${domain}] does not exist`)
  return profile
}
