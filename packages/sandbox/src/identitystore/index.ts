import type {
  ListGroupMembershipsRequest,
  ListGroupMembershipsResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  ListUsersRequest,
  ListUsersResponse,
} from '@aws-sdk/client-identitystore'
import type { Account } from '../account/account.ts'
import type { CenterState } from '../account/center-state.ts'
import { uuidOf } from '../account/ids.ts'
import { Refusal } from '../wire/refusal.ts'
import { ignored, required, text, whole } from '../wire/rules.ts'
import { operation, type Service } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'

const storeId = text({ min: 1, max: 36, pattern: 'd-[0-9a-f]{10}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' })
const paging = { MaxResults: whole(1, 100), NextToken: text({ min: 1, max: 65_535 }) }
const usual = 50

/** The directory of IAM Identity Center, to be read. */
export const identityStore: Service = {
  id: 'identitystore',
  protocol: 'json',
  signingNames: ['identitystore'],
  version: 'AWSIdentityStore',
  operations: {
    ListUsers: operation<ListUsersRequest, ListUsersResponse>(
      { IdentityStoreId: required(storeId), ...paging, Filters: ignored(), Extensions: ignored() },
      ({ account }, input) => {
        const { users, identityStoreId } = storeOf(account, input.IdentityStoreId)
        const page = tokenPage(users, input, 'ListUsers', (user) => user.id, usual)
        return {
          Users: page.rows.map((user) => ({
            IdentityStoreId: identityStoreId,
            UserId: user.id,
            UserName: user.userName,
            DisplayName: user.displayName,
            Emails: [{ Value: user.email, Primary: true }],
          })),
          ...page.end,
        }
      },
    ),

    ListGroups: operation<ListGroupsRequest, ListGroupsResponse>(
      { IdentityStoreId: required(storeId), ...paging, Filters: ignored() },
      ({ account }, input) => {
        const { groups, identityStoreId } = storeOf(account, input.IdentityStoreId)
        const page = tokenPage(groups, input, 'ListGroups', (group) => group.id, usual)
        return {
          Groups: page.rows.map((group) => ({
            IdentityStoreId: identityStoreId,
            GroupId: group.id,
            DisplayName: group.name,
          })),
          ...page.end,
        }
      },
    ),

    ListGroupMemberships: operation<ListGroupMembershipsRequest, ListGroupMembershipsResponse>(
      { IdentityStoreId: required(storeId), GroupId: required(text({ min: 1, max: 47 })), ...paging },
      ({ account }, input) => {
        const { groups, identityStoreId } = storeOf(account, input.IdentityStoreId)
        const group = groups.find((each) => each.id === input.GroupId)
        if (group === undefined) throw new Refusal('ResourceNotFoundException', 'GROUP not found.', 400)
        const page = tokenPage(group.members, input, 'ListGroupMemberships', (id) => id, usual)
        return {
          GroupMemberships: page.rows.map((id) => ({
            IdentityStoreId: identityStoreId,
            MembershipId: uuidOf(`${group.id}/${id}`),
            GroupId: group.id,
            MemberId: { UserId: id },
          })),
          ...page.end,
        }
      },
    ),
  },
}

function storeOf({ state }: Account, id: string): CenterState {
  if (state.center?.identityStoreId !== id) {
    throw new Refusal('ResourceNotFoundException', `Identity store ${id} was not found.`, 400)
  }
  return state.center
}
