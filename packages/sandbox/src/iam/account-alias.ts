import type {
  CreateAccountAliasRequest,
  DeleteAccountAliasRequest,
  GetAccountSummaryResponse,
  ListAccountAliasesRequest,
  ListAccountAliasesResponse,
} from '@aws-sdk/client-iam'
import { required, text } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { paging } from './members.ts'
import { noSuchEntity } from './refusals.ts'

const alias = text({ min: 3, max: 63, pattern: '[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]' })

export const aliasOperations = {
  ListAccountAliases: operation<ListAccountAliasesRequest, ListAccountAliasesResponse>(
    paging,
    ({ account }) => ({
      AccountAliases: account.state.alias === undefined ? [] : [account.state.alias],
      IsTruncated: false,
    }),
  ),

  /** An account has at most one alias: a new one takes the place of the old. */
  CreateAccountAlias: operation<CreateAccountAliasRequest, object>(
    { AccountAlias: required(alias) },
    ({ account }, input) => {
      account.state.alias = input.AccountAlias
      return {}
    },
  ),

  DeleteAccountAlias: operation<DeleteAccountAliasRequest, object>(
    { AccountAlias: required(alias) },
    ({ account }, input) => {
      if (account.state.alias !== input.AccountAlias) {
        throw noSuchEntity(`The account alias ${input.AccountAlias} cannot be found.`)
      }
      delete account.state.alias
      return {}
    },
  ),

  GetAccountSummary: operation<object, GetAccountSummaryResponse>({}, ({ account }) => {
    const { quotas } = account.state
    const summary = {
      Users: account.users.rows.length,
      UsersQuota: quotas.users,
      Groups: account.groups.rows.length,
      GroupsQuota: quotas.groups,
      Roles: account.roles.rows.length,
      RolesQuota: quotas.roles,
      Policies: account.policies.rows.length,
      PoliciesQuota: quotas.policies,
      PolicySizeQuota: 6144,
      PolicyVersionsInUse: account.policies.rows.reduce((sum, policy) => sum + policy.versions.length, 0),
      PolicyVersionsInUseQuota: 10_000,
      VersionsPerPolicyQuota: 5,
      GroupsPerUserQuota: quotas.groupsPerUser,
      AttachedPoliciesPerUserQuota: quotas.attachedPerUser,
      AttachedPoliciesPerRoleQuota: quotas.attachedPerRole,
      AttachedPoliciesPerGroupQuota: quotas.attachedPerGroup,
      UserPolicySizeQuota: 2048,
      GroupPolicySizeQuota: 5120,
      RolePolicySizeQuota: 10_240,
      AssumeRolePolicySizeQuota: quotas.trustPolicySize,
      AccountMFAEnabled: 1,
      GlobalEndpointTokenVersion: 1,
      Providers: 0,
      MFADevices: 0,
    }
    // The wire form of a map is its entries; the client turns them back into an object.
    return { SummaryMap: new Map(Object.entries(summary)) as unknown as Record<string, number> }
  }),
}
