import type {
  AttachCustomerManagedPolicyReferenceToPermissionSetRequest,
  AttachManagedPolicyToPermissionSetRequest,
  DeleteInlinePolicyFromPermissionSetRequest,
  DetachCustomerManagedPolicyReferenceFromPermissionSetRequest,
  DetachManagedPolicyFromPermissionSetRequest,
  PutInlinePolicyToPermissionSetRequest,
} from '@aws-sdk/client-sso-admin'
import type { Account } from '../account/account.ts'
import type { PermissionSetState } from '../account/center-state.ts'
import { checkIdentityPolicy } from '../iam/policy-grammar.ts'
import { countedSize } from '../iam/policy-size.ts'
import { Refusal } from '../wire/refusal.ts'
import { required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { setAt } from './find.ts'
import { inlinePolicy, instanceArn, managedPolicyArn, permissionSetArn, policyReference } from './members.ts'
import { conflict, invalid, notFound, overQuota } from './refusals.ts'

const set = { InstanceArn: required(instanceArn), PermissionSetArn: required(permissionSetArn) }
const mostPolicies = 20
const largestInline = 10_240

export const centerWrites = {
  AttachCustomerManagedPolicyReferenceToPermissionSet: operation<
    AttachCustomerManagedPolicyReferenceToPermissionSetRequest,
    object
  >({ ...set, CustomerManagedPolicyReference: required(policyReference) }, ({ account }, input) => {
    const found = setAt(account, input.InstanceArn, input.PermissionSetArn)
    const { Name = '', Path = '/' } = input.CustomerManagedPolicyReference
    if (found.customerManaged.some((each) => each.Name === Name)) {
      throw conflict(`Customer managed policy reference ${Path}${Name} is already attached.`)
    }
    checkRoom(found)
    found.customerManaged.push({ Name, Path })
    return outdate(account, found)
  }),

  DetachCustomerManagedPolicyReferenceFromPermissionSet: operation<
    DetachCustomerManagedPolicyReferenceFromPermissionSetRequest,
    object
  >({ ...set, CustomerManagedPolicyReference: required(policyReference) }, ({ account }, input) => {
    const found = setAt(account, input.InstanceArn, input.PermissionSetArn)
    const { Name = '', Path = '/' } = input.CustomerManagedPolicyReference
    const rest = found.customerManaged.filter((each) => each.Name !== Name || each.Path !== Path)
    if (rest.length === found.customerManaged.length) {
      throw notFound(`Customer managed policy reference ${Path}${Name} is not attached.`)
    }
    found.customerManaged = rest
    return outdate(account, found)
  }),

  AttachManagedPolicyToPermissionSet: operation<AttachManagedPolicyToPermissionSetRequest, object>(
    { ...set, ManagedPolicyArn: required(managedPolicyArn) },
    ({ account }, input) => {
      const found = setAt(account, input.InstanceArn, input.PermissionSetArn)
      if (found.managed.includes(input.ManagedPolicyArn)) {
        throw conflict(`Policy ${input.ManagedPolicyArn} is already attached.`)
      }
      if (account.policyByArn(input.ManagedPolicyArn) === undefined) {
        throw notFound(`Policy ${input.ManagedPolicyArn} does not exist.`)
      }
      checkRoom(found)
      found.managed.push(input.ManagedPolicyArn)
      return outdate(account, found)
    },
  ),

  DetachManagedPolicyFromPermissionSet: operation<DetachManagedPolicyFromPermissionSetRequest, object>(
    { ...set, ManagedPolicyArn: required(managedPolicyArn) },
    ({ account }, input) => {
      const found = setAt(account, input.InstanceArn, input.PermissionSetArn)
      if (!found.managed.includes(input.ManagedPolicyArn)) {
        throw notFound(`Policy ${input.ManagedPolicyArn} is not attached.`)
      }
      found.managed = found.managed.filter((arn) => arn !== input.ManagedPolicyArn)
      return outdate(account, found)
    },
  ),

  PutInlinePolicyToPermissionSet: operation<PutInlinePolicyToPermissionSetRequest, object>(
    { ...set, InlinePolicy: required(inlinePolicy) },
    ({ account }, input) => {
      const found = setAt(account, input.InstanceArn, input.PermissionSetArn)
      checkInline(input.InlinePolicy)
      found.inline = input.InlinePolicy
      return outdate(account, found)
    },
  ),

  DeleteInlinePolicyFromPermissionSet: operation<DeleteInlinePolicyFromPermissionSetRequest, object>(
    set,
    ({ account }, input) => {
      const found = setAt(account, input.InstanceArn, input.PermissionSetArn)
      if (found.inline === undefined) throw notFound('The permission set has no inline policy.')
      delete found.inline
      return outdate(account, found)
    },
  ),
}

function checkInline(document: string): void {
  try {
    checkIdentityPolicy(document)
  } catch (error) {
    if (error instanceof Refusal) throw invalid(error.message)
    throw error
  }
  if (countedSize(document) > largestInline) {
    throw overQuota(`The inline policy is larger than ${largestInline} bytes.`)
  }
}

function checkRoom(set: PermissionSetState): void {
  if (set.managed.length + set.customerManaged.length >= mostPolicies) {
    throw overQuota(`A permission set can have at most ${mostPolicies} managed policies.`)
  }
}

/** A changed set reaches its accounts only when it is provisioned. */
function outdate(account: Account, set: PermissionSetState): object {
  if (account.state.center !== undefined) set.outdated = [...set.accounts]
  return {}
}
