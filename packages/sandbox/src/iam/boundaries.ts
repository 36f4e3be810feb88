import type {
  DeleteRolePermissionsBoundaryRequest,
  DeleteUserPermissionsBoundaryRequest,
  PutRolePermissionsBoundaryRequest,
  PutUserPermissionsBoundaryRequest,
} from '@aws-sdk/client-iam'
import type { Account } from '../account/account.ts'
import { required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { checkPolicyArn, ownRoleNamed, userNamed } from './find.ts'
import { arn, name64, name128 } from './members.ts'
import { noSuchEntity } from './refusals.ts'

/** A boundary that may be set: a managed policy that is there. */
export function boundaryPolicy(account: Account, policyArn: string | undefined): string | undefined {
  if (policyArn === undefined) return undefined
  checkPolicyArn(policyArn)
  if (account.policyByArn(policyArn) === undefined) {
    throw noSuchEntity(`Scope ARN: ${policyArn} does not exist or is not attachable.`)
  }
  return policyArn
}

export const boundaryOperations = {
  PutUserPermissionsBoundary: operation<PutUserPermissionsBoundaryRequest, object>(
    { UserName: required(name64), PermissionsBoundary: required(arn) },
    ({ account }, input) => {
      const user = userNamed(account, input.UserName)
      account.setBoundary(user, boundaryPolicy(account, input.PermissionsBoundary))
      return {}
    },
  ),

  PutRolePermissionsBoundary: operation<PutRolePermissionsBoundaryRequest, object>(
    { RoleName: required(name64), PermissionsBoundary: required(arn) },
    ({ account }, input) => {
      const role = ownRoleNamed(account, input.RoleName)
      account.setBoundary(role, boundaryPolicy(account, input.PermissionsBoundary))
      return {}
    },
  ),

  DeleteUserPermissionsBoundary: operation<DeleteUserPermissionsBoundaryRequest, object>(
    { UserName: required(name128) },
    ({ account }, input) => {
      const user = userNamed(account, input.UserName)
      if (user.boundary === undefined)
        throw noSuchEntity(`User ${user.name} does not have a permissions boundary.`)
      account.setBoundary(user, undefined)
      return {}
    },
  ),

  DeleteRolePermissionsBoundary: operation<DeleteRolePermissionsBoundaryRequest, object>(
    { RoleName: required(name64) },
    ({ account }, input) => {
      const role = ownRoleNamed(account, input.RoleName)
      if (role.boundary === undefined)
        throw noSuchEntity(`Role ${role.name} does not have a permissions boundary.`)
      account.setBoundary(role, undefined)
      return {}
    },
  ),
}
