import type {
  CreateUserRequest,
  CreateUserResponse,
  DeleteUserRequest,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
} from '@aws-sdk/client-iam'
import type { UserState } from '../account/state.ts'
import { required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { boundaryPolicy } from './boundaries.ts'
import { describeUser } from './describe.ts'
import { userNamed } from './find.ts'
import { arn, name64, name128, paging, path, pathPrefix, tags } from './members.ts'
import { pageEnd, pageOf } from './paging.ts'
import { alreadyExists, deleteConflict, limitExceeded, validationError } from './refusals.ts'
import { newTags } from './tags.ts'

export const userOperations = {
  CreateUser: operation<CreateUserRequest, CreateUserResponse>(
    { UserName: required(name64), Path: path, PermissionsBoundary: arn, Tags: tags },
    ({ account, now }, input) => {
      if (account.users.find(input.UserName.toLowerCase()) !== undefined) {
        throw alreadyExists(`User with name ${input.UserName} already exists.`)
      }
      const { quotas } = account.state
      if (account.users.rows.length >= quotas.users) {
        throw limitExceeded(`Cannot exceed quota for UsersPerAccount: ${quotas.users}`)
      }
      const boundary = boundaryPolicy(account, input.PermissionsBoundary)
      const userPath = input.Path ?? '/'
      const user: UserState = {
        name: input.UserName,
        path: userPath,
        id: account.newId('AIDA'),
        arn: account.iamArn('user', userPath, input.UserName),
        createdAt: now.toISOString(),
        inline: [],
        attached: [],
        groups: [],
        tags: newTags(input.Tags),
      }
      account.users.add(user)
      account.setBoundary(user, boundary)
      return { User: describeUser(user, 'full') }
    },
  ),

  GetUser: operation<GetUserRequest, GetUserResponse>({ UserName: name128 }, ({ account, caller }, input) => {
    const name =
      input.UserName ??
      (caller.arn.includes(':user/') ? caller.arn.slice(caller.arn.lastIndexOf('/') + 1) : '')
    if (name === '') throw validationError('Must specify userName when calling with non-User credentials')
    return { User: describeUser(userNamed(account, name), 'full') }
  }),

  ListUsers: operation<ListUsersRequest, ListUsersResponse>(
    { PathPrefix: pathPrefix, ...paging },
    ({ account }, input) => {
      const page = pageOf(account.users, input, 'ListUsers', (user) =>
        user.path.startsWith(input.PathPrefix ?? '/'),
      )
      return { Users: page.rows.map((user) => describeUser(user, 'listed')), ...pageEnd(page) }
    },
  ),

  DeleteUser: operation<DeleteUserRequest, object>({ UserName: required(name128) }, ({ account }, input) => {
    const user = userNamed(account, input.UserName)
    if (user.attached.length > 0)
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    if (user.inline.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
    if (user.groups.length > 0)
      throw deleteConflict('Cannot delete entity, must remove users from group first.')
    account.setBoundary(user, undefined)
    account.users.remove(user)
    return {}
  }),
}
