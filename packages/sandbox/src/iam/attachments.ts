import type {
  AttachGroupPolicyRequest,
  AttachRolePolicyRequest,
  AttachUserPolicyRequest,
  DetachGroupPolicyRequest,
  DetachRolePolicyRequest,
  DetachUserPolicyRequest,
  ListAttachedGroupPoliciesRequest,
  ListAttachedGroupPoliciesResponse,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListAttachedUserPoliciesRequest,
  ListAttachedUserPoliciesResponse,
} from '@aws-sdk/client-iam'
import type { Account } from '../account/account.ts'
import type { PrincipalState } from '../account/state.ts'
import { required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { describeAttached } from './describe.ts'
import { checkPolicyArn, groupNamed, ownRoleNamed, roleNamed, userNamed } from './find.ts'
import { arn, name64, name128, paging, policyPath } from './members.ts'
import { type Page, pageEnd, pageOfList } from './paging.ts'
import { limitExceeded, noSuchEntity, notAttachable } from './refusals.ts'

type Kind = 'User' | 'Group' | 'Role'

export const attachmentOperations = {
  AttachUserPolicy: operation<AttachUserPolicyRequest, object>(
    { UserName: required(name128), PolicyArn: required(arn) },
    ({ account }, input) => attach(account, 'User', userNamed(account, input.UserName), input.PolicyArn),
  ),
  AttachGroupPolicy: operation<AttachGroupPolicyRequest, object>(
    { GroupName: required(name128), PolicyArn: required(arn) },
    ({ account }, input) => attach(account, 'Group', groupNamed(account, input.GroupName), input.PolicyArn),
  ),
  AttachRolePolicy: operation<AttachRolePolicyRequest, object>(
    { RoleName: required(name64), PolicyArn: required(arn) },
    ({ account }, input) => attach(account, 'Role', ownRoleNamed(account, input.RoleName), input.PolicyArn),
  ),
  DetachUserPolicy: operation<DetachUserPolicyRequest, object>(
    { UserName: required(name128), PolicyArn: required(arn) },
    ({ account }, input) => detach(account, userNamed(account, input.UserName), input.PolicyArn),
  ),
  DetachGroupPolicy: operation<DetachGroupPolicyRequest, object>(
    { GroupName: required(name128), PolicyArn: required(arn) },
    ({ account }, input) => detach(account, groupNamed(account, input.GroupName), input.PolicyArn),
  ),
  DetachRolePolicy: operation<DetachRolePolicyRequest, object>(
    { RoleName: required(name64), PolicyArn: required(arn) },
    ({ account }, input) => detach(account, ownRoleNamed(account, input.RoleName), input.PolicyArn),
  ),
  ListAttachedUserPolicies: operation<ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse>(
    { UserName: required(name128), PathPrefix: policyPath, ...paging },
    ({ account }, input) => listed(attachedPage(userNamed(account, input.UserName), input)),
  ),
  ListAttachedGroupPolicies: operation<ListAttachedGroupPoliciesRequest, ListAttachedGroupPoliciesResponse>(
    { GroupName: required(name128), PathPrefix: policyPath, ...paging },
    ({ account }, input) => listed(attachedPage(groupNamed(account, input.GroupName), input)),
  ),
  ListAttachedRolePolicies: operation<ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse>(
    { RoleName: required(name64), PathPrefix: policyPath, ...paging },
    ({ account }, input) => listed(attachedPage(roleNamed(account, input.RoleName), input)),
  ),
}

/** Attaching what is attached already changes nothing and is no error. */
function attach(account: Account, kind: Kind, holder: PrincipalState, policyArn: string): object {
  checkPolicyArn(policyArn)
  const policy = account.policyByArn(policyArn)
  if (policy === undefined) throw noSuchEntity(`Policy ${policyArn} does not exist or is not attachable.`)
  if (policy.path.startsWith('/aws-service-role/')) {
    throw notAttachable(`Cannot attach a Service Role Policy to a Customer Role.`)
  }
  if (holder.attached.includes(policyArn)) return {}
  const most = account.state.quotas[`attachedPer${kind}`]
  if (holder.attached.length >= most) {
    throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${most}`)
  }
  account.attach(holder, policyArn)
  return {}
}

function detach(account: Account, holder: PrincipalState, policyArn: string): object {
  checkPolicyArn(policyArn)
  if (!holder.attached.includes(policyArn)) throw noSuchEntity(`Policy ${policyArn} was not found.`)
  account.detach(holder, policyArn)
  return {}
}

function attachedPage(
  holder: PrincipalState,
  input: { PathPrefix?: string | undefined; Marker?: string | undefined; MaxItems?: number | undefined },
): Page<string> {
  const prefix = input.PathPrefix ?? '/'
  const fitting = holder.attached.filter((each) =>
    each.slice(each.indexOf(':policy/') + 7).startsWith(prefix),
  )
  return pageOfList(fitting, input, 'ListAttachedPolicies')
}

function listed(page: Page<string>) {
  return { AttachedPolicies: describeAttached(page.rows), ...pageEnd(page) }
}
