import type {
  DeleteGroupPolicyRequest,
  DeleteRolePolicyRequest,
  DeleteUserPolicyRequest,
  GetGroupPolicyRequest,
  GetGroupPolicyResponse,
  GetRolePolicyRequest,
  GetRolePolicyResponse,
  GetUserPolicyRequest,
  GetUserPolicyResponse,
  ListGroupPoliciesRequest,
  ListGroupPoliciesResponse,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  ListUserPoliciesRequest,
  ListUserPoliciesResponse,
  PutGroupPolicyRequest,
  PutRolePolicyRequest,
  PutUserPolicyRequest,
} from '@aws-sdk/client-iam'
import type { InlineState, PrincipalState } from '../account/state.ts'
import { required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { encodeDocument } from './encode-document.ts'
import { groupNamed, ownRoleNamed, roleNamed, userNamed } from './find.ts'
import { document, name64, name128, paging } from './members.ts'
import { pageEnd, pageOfList } from './paging.ts'
import { checkIdentityPolicy } from './policy-grammar.ts'
import { countedSize } from './policy-size.ts'
import { limitExceeded, noSuchEntity } from './refusals.ts'

type Kind = 'user' | 'group' | 'role'

/** Characters that all inline policies of one holder may have together, white space not counted. */
const largestTotal: Record<Kind, number> = { user: 2048, group: 5120, role: 10_240 }

export const inlinePolicyOperations = {
  PutUserPolicy: operation<PutUserPolicyRequest, object>(
    { UserName: required(name128), PolicyName: required(name128), PolicyDocument: required(document) },
    ({ account }, input) => put('user', userNamed(account, input.UserName), input),
  ),
  PutGroupPolicy: operation<PutGroupPolicyRequest, object>(
    { GroupName: required(name128), PolicyName: required(name128), PolicyDocument: required(document) },
    ({ account }, input) => put('group', groupNamed(account, input.GroupName), input),
  ),
  PutRolePolicy: operation<PutRolePolicyRequest, object>(
    { RoleName: required(name64), PolicyName: required(name128), PolicyDocument: required(document) },
    ({ account }, input) => put('role', ownRoleNamed(account, input.RoleName), input),
  ),

  GetUserPolicy: operation<GetUserPolicyRequest, GetUserPolicyResponse>(
    { UserName: required(name128), PolicyName: required(name128) },
    ({ account }, input) => {
      const user = userNamed(account, input.UserName)
      return { UserName: user.name, ...get('user', user, input.PolicyName) }
    },
  ),
  GetGroupPolicy: operation<GetGroupPolicyRequest, GetGroupPolicyResponse>(
    { GroupName: required(name128), PolicyName: required(name128) },
    ({ account }, input) => {
      const group = groupNamed(account, input.GroupName)
      return { GroupName: group.name, ...get('group', group, input.PolicyName) }
    },
  ),
  GetRolePolicy: operation<GetRolePolicyRequest, GetRolePolicyResponse>(
    { RoleName: required(name64), PolicyName: required(name128) },
    ({ account }, input) => {
      const role = roleNamed(account, input.RoleName)
      return { RoleName: role.name, ...get('role', role, input.PolicyName) }
    },
  ),

  ListUserPolicies: operation<ListUserPoliciesRequest, ListUserPoliciesResponse>(
    { UserName: required(name128), ...paging },
    ({ account }, input) => names(userNamed(account, input.UserName), input),
  ),
  ListGroupPolicies: operation<ListGroupPoliciesRequest, ListGroupPoliciesResponse>(
    { GroupName: required(name128), ...paging },
    ({ account }, input) => names(groupNamed(account, input.GroupName), input),
  ),
  ListRolePolicies: operation<ListRolePoliciesRequest, ListRolePoliciesResponse>(
    { RoleName: required(name64), ...paging },
    ({ account }, input) => names(roleNamed(account, input.RoleName), input),
  ),

  DeleteUserPolicy: operation<DeleteUserPolicyRequest, object>(
    { UserName: required(name128), PolicyName: required(name128) },
    ({ account }, input) => remove('user', userNamed(account, input.UserName), input.PolicyName),
  ),
  DeleteGroupPolicy: operation<DeleteGroupPolicyRequest, object>(
    { GroupName: required(name128), PolicyName: required(name128) },
    ({ account }, input) => remove('group', groupNamed(account, input.GroupName), input.PolicyName),
  ),
  DeleteRolePolicy: operation<DeleteRolePolicyRequest, object>(
    { RoleName: required(name64), PolicyName: required(name128) },
    ({ account }, input) => remove('role', ownRoleNamed(account, input.RoleName), input.PolicyName),
  ),
}

/** Writes or overwrites; the limit counts all inline policies of the holder. */
function put(
  kind: Kind,
  holder: PrincipalState,
  input: { readonly PolicyName: string; readonly PolicyDocument: string },
): object {
  checkIdentityPolicy(input.PolicyDocument)
  const others = holder.inline.filter((policy) => policy.name !== input.PolicyName)
  const total = others.reduce((sum, policy) => sum + countedSize(policy.document), 0)
  if (total + countedSize(input.PolicyDocument) > largestTotal[kind]) {
    throw limitExceeded(
      `Maximum policy size of ${largestTotal[kind]} bytes exceeded for ${kind} ${holder.name}`,
    )
  }
  const held = holder.inline.find((policy) => policy.name === input.PolicyName)
  if (held === undefined) holder.inline.push({ name: input.PolicyName, document: input.PolicyDocument })
  else held.document = input.PolicyDocument
  return {}
}

function get(kind: Kind, holder: PrincipalState, policyName: string) {
  const policy = inlineNamed(kind, holder, policyName)
  return { PolicyName: policy.name, PolicyDocument: encodeDocument(policy.document) }
}

function remove(kind: Kind, holder: PrincipalState, policyName: string): object {
  holder.inline.splice(holder.inline.indexOf(inlineNamed(kind, holder, policyName)), 1)
  return {}
}

function inlineNamed(kind: Kind, holder: PrincipalState, policyName: string): InlineState {
  const policy = holder.inline.find((each) => each.name === policyName)
  if (policy === undefined) throw noSuchEntity(`The ${kind} policy with name ${policyName} cannot be found.`)
  return policy
}

function names(
  holder: PrincipalState,
  input: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
) {
  const page = pageOfList(holder.inline, input, 'ListInlinePolicies')
  return { PolicyNames: page.rows.map((policy) => policy.name), ...pageEnd(page) }
}
