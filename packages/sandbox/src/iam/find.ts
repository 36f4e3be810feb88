import type { Account } from '../account/account.ts'
import type { GroupState, PolicyState, RoleState, UserState } from '../account/state.ts'
import { invalidInput, noSuchEntity, unmodifiable } from './refusals.ts'

export function userNamed(account: Account, name: string): UserState {
  const user = account.users.find(name.toLowerCase())
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`)
  return user
}

export function groupNamed(account: Account, name: string): GroupState {
  const group = account.groups.find(name.toLowerCase())
  if (group === undefined) throw noSuchEntity(`The group with name ${name} cannot be found.`)
  return group
}

export function roleNamed(account: Account, name: string): RoleState {
  const role = account.roles.find(name.toLowerCase())
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`)
  return role
}

/** A role that people may change: service-linked roles and those of Identity Center belong to AWS. */
export function ownRoleNamed(account: Account, name: string): RoleState {
  const role = roleNamed(account, name)
  if (role.path.startsWith('/aws-service-role/') || role.path.startsWith('/aws-reserved/')) {
    throw unmodifiable(
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    )
  }
  return role
}

/** A managed policy by ARN, customer's or AWS's. */
export function policyAt(account: Account, arn: string): PolicyState {
  checkPolicyArn(arn)
  const policy = account.policyByArn(arn)
  if (policy === undefined) throw noSuchEntity(`Policy ${arn} was not found.`)
  return policy
}

/** A customer-managed policy: AWS's own cannot be changed from an account. */
export function ownPolicyAt(account: Account, arn: string): PolicyState {
  const policy = policyAt(account, arn)
  if (isAwsManaged(policy.arn)) {
    throw invalidInput(`Cannot modify AWS managed policy ${arn}.`)
  }
  return policy
}

export function isAwsManaged(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::aws:policy\//.test(arn)
}

export function checkPolicyArn(arn: string): void {
  if (!/^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\u0021-\u007e]+$/.test(arn)) {
    throw invalidInput(`ARN ${arn} is not valid.`)
  }
}
