import type {
  ListPolicyTagsRequest,
  ListPolicyTagsResponse,
  ListRoleTagsRequest,
  ListRoleTagsResponse,
  ListUserTagsRequest,
  ListUserTagsResponse,
  Tag,
  TagPolicyRequest,
  TagRoleRequest,
  TagUserRequest,
  UntagPolicyRequest,
  UntagRoleRequest,
  UntagUserRequest,
} from '@aws-sdk/client-iam'
import type { TagState } from '../account/state.ts'
import { required } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { ownPolicyAt, ownRoleNamed, policyAt, roleNamed, userNamed } from './find.ts'
import { arn, name64, name128, paging, tagKeys, tags } from './members.ts'
import { pageEnd, pageOfList } from './paging.ts'
import { invalidInput, limitExceeded } from './refusals.ts'

const mostTags = 50

/** Tags for something new. Keys are compared without regard to case, and may come once. */
export function newTags(given: readonly Tag[] | undefined): TagState[] {
  return withTags([], given ?? [])
}

/** `held` with `given` on top: an equal key takes the new value and keeps its place. */
export function withTags(held: readonly TagState[], given: readonly Tag[]): TagState[] {
  const merged = new Map(held.map((tag) => [tag.Key.toLowerCase(), tag]))
  const seen = new Set<string>()
  for (const { Key = '', Value = '' } of given) {
    const key = Key.toLowerCase()
    if (key.startsWith('aws:')) throw invalidInput('Tag keys that start with aws: are reserved for AWS use.')
    if (seen.has(key)) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    }
    seen.add(key)
    merged.set(key, { Key: merged.get(key)?.Key ?? Key, Value })
  }
  if (merged.size > mostTags) {
    throw limitExceeded('The number of tags has reached the maximum limit of 50.')
  }
  return [...merged.values()]
}

function without(held: readonly TagState[], keys: readonly string[]): TagState[] {
  const gone = new Set(keys.map((key) => key.toLowerCase()))
  return held.filter((tag) => !gone.has(tag.Key.toLowerCase()))
}

export const tagOperations = {
  TagUser: operation<TagUserRequest, object>(
    { UserName: required(name128), Tags: required(tags) },
    ({ account }, input) => {
      const user = userNamed(account, input.UserName)
      user.tags = withTags(user.tags, input.Tags)
      return {}
    },
  ),
  UntagUser: operation<UntagUserRequest, object>(
    { UserName: required(name128), TagKeys: required(tagKeys) },
    ({ account }, input) => {
      const user = userNamed(account, input.UserName)
      user.tags = without(user.tags, input.TagKeys)
      return {}
    },
  ),
  ListUserTags: operation<ListUserTagsRequest, ListUserTagsResponse>(
    { UserName: required(name128), ...paging },
    ({ account }, input) => {
      const page = pageOfList(userNamed(account, input.UserName).tags, input, 'ListUserTags')
      return { Tags: [...page.rows], ...pageEnd(page) }
    },
  ),
  TagRole: operation<TagRoleRequest, object>(
    { RoleName: required(name64), Tags: required(tags) },
    ({ account }, input) => {
      const role = ownRoleNamed(account, input.RoleName)
      role.tags = withTags(role.tags, input.Tags)
      return {}
    },
  ),
  UntagRole: operation<UntagRoleRequest, object>(
    { RoleName: required(name64), TagKeys: required(tagKeys) },
    ({ account }, input) => {
      const role = ownRoleNamed(account, input.RoleName)
      role.tags = without(role.tags, input.TagKeys)
      return {}
    },
  ),
  ListRoleTags: operation<ListRoleTagsRequest, ListRoleTagsResponse>(
    { RoleName: required(name64), ...paging },
    ({ account }, input) => {
      const page = pageOfList(roleNamed(account, input.RoleName).tags, input, 'ListRoleTags')
      return { Tags: [...page.rows], ...pageEnd(page) }
    },
  ),
  TagPolicy: operation<TagPolicyRequest, object>(
    { PolicyArn: required(arn), Tags: required(tags) },
    ({ account }, input) => {
      const policy = ownPolicyAt(account, input.PolicyArn)
      policy.tags = withTags(policy.tags, input.Tags)
      return {}
    },
  ),
  UntagPolicy: operation<UntagPolicyRequest, object>(
    { PolicyArn: required(arn), TagKeys: required(tagKeys) },
    ({ account }, input) => {
      const policy = ownPolicyAt(account, input.PolicyArn)
      policy.tags = without(policy.tags, input.TagKeys)
      return {}
    },
  ),
  ListPolicyTags: operation<ListPolicyTagsRequest, ListPolicyTagsResponse>(
    { PolicyArn: required(arn), ...paging },
    ({ account }, input) => {
      const page = pageOfList(policyAt(account, input.PolicyArn).tags, input, 'ListPolicyTags')
      return { Tags: [...page.rows], ...pageEnd(page) }
    },
  ),
}
