import type {
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesForRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleDescriptionRequest,
  UpdateRoleDescriptionResponse,
  UpdateRoleRequest,
  UpdateRoleResponse,
} from '@aws-sdk/client-iam'
import type { Account } from '../account/account.ts'
import type { RoleState } from '../account/state.ts'
import { required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { boundaryPolicy } from './boundaries.ts'
import { describeRole } from './describe.ts'
import { ownRoleNamed, roleNamed } from './find.ts'
import {
  arn,
  document,
  name64,
  paging,
  path,
  pathPrefix,
  roleDescription,
  sessionDuration,
  tags,
} from './members.ts'
import { pageEnd, pageOf } from './paging.ts'
import { countedSize } from './policy-size.ts'
import { alreadyExists, deleteConflict, limitExceeded } from './refusals.ts'
import { newTags } from './tags.ts'
import { checkTrustPolicy } from './trust-grammar.ts'

export const roleOperations = {
  CreateRole: operation<CreateRoleRequest, CreateRoleResponse>(
    {
      RoleName: required(name64),
      AssumeRolePolicyDocument: required(document),
      Path: path,
      Description: roleDescription,
      MaxSessionDuration: sessionDuration,
      PermissionsBoundary: arn,
      Tags: tags,
    },
    ({ account, now }, input) => {
      if (account.roles.find(input.RoleName.toLowerCase()) !== undefined) {
        throw alreadyExists(`Role with name ${input.RoleName} already exists.`)
      }
      checkTrust(account, input.AssumeRolePolicyDocument)
      const { quotas } = account.state
      if (account.roles.rows.length >= quotas.roles) {
        throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${quotas.roles}`)
      }
      const boundary = boundaryPolicy(account, input.PermissionsBoundary)
      const rolePath = input.Path ?? '/'
      const role: RoleState = {
        name: input.RoleName,
        path: rolePath,
        id: account.newId('AROA'),
        arn: account.iamArn('role', rolePath, input.RoleName),
        createdAt: now.toISOString(),
        trust: input.AssumeRolePolicyDocument,
        ...(input.Description === undefined ? {} : { description: input.Description }),
        maxSessionDuration: input.MaxSessionDuration ?? 3600,
        inline: [],
        attached: [],
        tags: newTags(input.Tags),
      }
      account.roles.add(role)
      account.setBoundary(role, boundary)
      return { Role: describeRole(role, 'full') }
    },
  ),

  GetRole: operation<GetRoleRequest, GetRoleResponse>(
    { RoleName: required(name64) },
    ({ account }, input) => ({
      Role: describeRole(roleNamed(account, input.RoleName), 'full'),
    }),
  ),

  ListRoles: operation<ListRolesRequest, ListRolesResponse>(
    { PathPrefix: pathPrefix, ...paging },
    ({ account }, input) => {
      const page = pageOf(account.roles, input, 'ListRoles', (role) =>
        role.path.startsWith(input.PathPrefix ?? '/'),
      )
      return { Roles: page.rows.map((role) => describeRole(role, 'listed')), ...pageEnd(page) }
    },
  ),

  DeleteRole: operation<DeleteRoleRequest, object>({ RoleName: required(name64) }, ({ account }, input) => {
    const role = ownRoleNamed(account, input.RoleName)
    if (role.attached.length > 0)
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    if (role.inline.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
    account.setBoundary(role, undefined)
    account.roles.remove(role)
    return {}
  }),

  /** The account has no instance profiles; tools ask before they delete a role. */
  ListInstanceProfilesForRole: operation<
    ListInstanceProfilesForRoleRequest,
    ListInstanceProfilesForRoleResponse
  >({ RoleName: required(name64), ...paging }, ({ account }, input) => {
    roleNamed(account, input.RoleName)
    return { InstanceProfiles: [], IsTruncated: false }
  }),

  UpdateAssumeRolePolicy: operation<UpdateAssumeRolePolicyRequest, object>(
    { RoleName: required(name64), PolicyDocument: required(document) },
    ({ account }, input) => {
      const role = ownRoleNamed(account, input.RoleName)
      checkTrust(account, input.PolicyDocument)
      role.trust = input.PolicyDocument
      return {}
    },
  ),

  UpdateRole: operation<UpdateRoleRequest, UpdateRoleResponse>(
    { RoleName: required(name64), Description: roleDescription, MaxSessionDuration: sessionDuration },
    ({ account }, input) => {
      const role = ownRoleNamed(account, input.RoleName)
      if (input.Description !== undefined) role.description = input.Description
      if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = input.MaxSessionDuration
      return {}
    },
  ),

  UpdateRoleDescription: operation<UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse>(
    { RoleName: required(name64), Description: required(roleDescription) },
    ({ account }, input) => {
      const role = ownRoleNamed(account, input.RoleName)
      role.description = input.Description
      return { Role: describeRole(role, 'full') }
    },
  ),
}

function checkTrust(account: Account, trust: string): void {
  checkTrustPolicy(account, trust)
  const { trustPolicySize } = account.state.quotas
  if (countedSize(trust) > trustPolicySize) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${trustPolicySize}`)
  }
}
