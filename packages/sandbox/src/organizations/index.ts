import type {
  DescribeOrganizationResponse,
  ListAccountsRequest,
  ListAccountsResponse,
} from '@aws-sdk/client-organizations'
import type { Account } from '../account/account.ts'
import type { OrganizationState } from '../account/organization-state.ts'
import { Refusal } from '../wire/refusal.ts'
import { text, whole } from '../wire/rules.ts'
import { operation, type Service } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'

/** AWS Organizations, to be read. */
export const organizations: Service = {
  id: 'organizations',
  protocol: 'json',
  signingNames: ['organizations'],
  version: 'AWSOrganizationsV20161128',
  operations: {
    DescribeOrganization: operation<object, DescribeOrganizationResponse>({}, ({ account }) => {
      const organization = organizationOf(account)
      const { id, managementAccount, managementEmail } = organization
      return {
        Organization: {
          Id: id,
          Arn: arnOf(account, organization, `organization/${id}`),
          FeatureSet: 'ALL',
          MasterAccountId: managementAccount,
          MasterAccountArn: arnOf(account, organization, `account/${id}/${managementAccount}`),
          MasterAccountEmail: managementEmail,
        },
      }
    }),

    /** Only the management account may ask. */
    ListAccounts: operation<ListAccountsRequest, ListAccountsResponse>(
      { NextToken: text({ max: 100_000 }), MaxResults: whole(1, 20) },
      ({ account }, input) => {
        const organization = organizationOf(account)
        if (organization.managementAccount !== account.state.account) {
          throw new Refusal(
            'AccessDeniedException',
            "You don't have permissions to access this resource.",
            400,
          )
        }
        const page = tokenPage(organization.accounts, input, 'ListAccounts', (each) => each.id, 20)
        return {
          Accounts: page.rows.map((each) => ({
            Id: each.id,
            Arn: arnOf(account, organization, `account/${organization.id}/${each.id}`),
            Name: each.name,
            Email: each.email,
            Status: 'ACTIVE',
            JoinedMethod: 'CREATED',
            JoinedTimestamp: new Date(each.joinedAt),
          })),
          ...page.end,
        }
      },
    ),
  },
}

function organizationOf({ state }: Account): OrganizationState {
  if (state.organization === undefined) {
    throw new Refusal(
      'AWSOrganizationsNotInUseException',
      'Your account is not a member of an organization.',
      400,
    )
  }
  return state.organization
}

function arnOf(account: Account, organization: OrganizationState, resource: string): string {
  return `arn:${account.state.partition}:organizations::${organization.managementAccount}:${resource}`
}
