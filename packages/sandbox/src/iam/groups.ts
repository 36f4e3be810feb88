import type {
  AddUserToGroupRequest,
  CreateGroupRequest,
  CreateGroupResponse,
  DeleteGroupRequest,
  GetGroupRequest,
  GetGroupResponse,
  ListGroupsForUserRequest,
  ListGroupsForUserResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  RemoveUserFromGroupRequest,
} from '@aws-sdk/client-iam'
import type { GroupState } from '../account/state.ts'
import { required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { describeGroup, describeUser } from './describe.ts'
import { groupNamed, userNamed } from './find.ts'
import { name128, paging, path, pathPrefix } from './members.ts'
import { pageEnd, pageOf, pageOfList } from './paging.ts'
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from './refusals.ts'

export const groupOperations = {
  CreateGroup: operation<CreateGroupRequest, CreateGroupResponse>(
    { GroupName: required(name128), Path: path },
    ({ account, now }, input) => {
      if (account.groups.find(input.GroupName.toLowerCase()) !== undefined) {
        throw alreadyExists(`Group with name ${input.GroupName} already exists.`)
      }
      const { quotas } = account.state
      if (account.groups.rows.length >= quotas.groups) {
        throw limitExceeded(`Cannot exceed quota for GroupsPerAccount: ${quotas.groups}`)
      }
      const groupPath = input.Path ?? '/'
      const group: GroupState = {
        name: input.GroupName,
        path: groupPath,
        id: account.newId('AGPA'),
        arn: account.iamArn('group', groupPath, input.GroupName),
        createdAt: now.toISOString(),
        inline: [],
        attached: [],
      }
      account.groups.add(group)
      return { Group: describeGroup(group) }
    },
  ),

  GetGroup: operation<GetGroupRequest, GetGroupResponse>(
    { GroupName: required(name128), ...paging },
    ({ account }, input) => {
      const group = groupNamed(account, input.GroupName)
      const page = pageOf(account.users, input, 'GetGroup', (user) => user.groups.includes(group.name))
      return {
        Group: describeGroup(group),
        Users: page.rows.map((user) => describeUser(user, 'listed')),
        ...pageEnd(page),
      }
    },
  ),

  ListGroups: operation<ListGroupsRequest, ListGroupsResponse>(
    { PathPrefix: pathPrefix, ...paging },
    ({ account }, input) => {
      const page = pageOf(account.groups, input, 'ListGroups', (group) =>
        group.path.startsWith(input.PathPrefix ?? '/'),
      )
      return { Groups: page.rows.map(describeGroup), ...pageEnd(page) }
    },
  ),

  ListGroupsForUser: operation<ListGroupsForUserRequest, ListGroupsForUserResponse>(
    { UserName: required(name128), ...paging },
    ({ account }, input) => {
      const page = pageOfList(userNamed(account, input.UserName).groups, input, 'ListGroupsForUser')
      return {
        Groups: page.rows.map((name) => describeGroup(groupNamed(account, name))),
        ...pageEnd(page),
      }
    },
  ),

  DeleteGroup: operation<DeleteGroupRequest, object>(
    { GroupName: required(name128) },
    ({ account }, input) => {
      const group = groupNamed(account, input.GroupName)
      if (account.users.rows.some((user) => user.groups.includes(group.name))) {
        throw deleteConflict('Cannot delete entity, must remove users from group first.')
      }
      if (group.attached.length > 0)
        throw deleteConflict('Cannot delete entity, must detach all policies first.')
      if (group.inline.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
      account.groups.remove(group)
      return {}
    },
  ),

  AddUserToGroup: operation<AddUserToGroupRequest, object>(
    { GroupName: required(name128), UserName: required(name128) },
    ({ account }, input) => {
      const group = groupNamed(account, input.GroupName)
      const user = userNamed(account, input.UserName)
      if (user.groups.includes(group.name)) return {}
      const { quotas } = account.state
      if (user.groups.length >= quotas.groupsPerUser) {
        throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${quotas.groupsPerUser}`)
      }
      user.groups.push(group.name)
      return {}
    },
  ),

  RemoveUserFromGroup: operation<RemoveUserFromGroupRequest, object>(
    { GroupName: required(name128), UserName: required(name128) },
    ({ account }, input) => {
      const group = groupNamed(account, input.GroupName)
      const user = userNamed(account, input.UserName)
      if (!user.groups.includes(group.name)) {
        throw noSuchEntity(`User ${user.name} is not in group ${group.name}.`)
      }
      user.groups = user.groups.filter((name) => name !== group.name)
      return {}
    },
  ),
}
