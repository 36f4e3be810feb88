import type {
  EntityType,
  GetAccountAuthorizationDetailsRequest,
  GetAccountAuthorizationDetailsResponse,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from '@aws-sdk/client-iam'
import type { Account } from '../account/account.ts'
import type { GroupState, PolicyState, PrincipalState, RoleState, UserState } from '../account/state.ts'
import { Table } from '../account/table.ts'
import { list, oneOf } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { boundaryOf, describeAttached, describePolicyDetail, lastUseOf } from './describe.ts'
import { encodeDocument } from './encode-document.ts'
import { paging } from './members.ts'
import { defaultPage, readMarker, writeMarker } from './paging.ts'
import { validationError } from './refusals.ts'

/** The order in which one read of the account goes through it. */
const kinds = ['User', 'Group', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const
const scope = 'GetAccountAuthorizationDetails'

export const accountDetailOperations = {
  GetAccountAuthorizationDetails: operation<
    GetAccountAuthorizationDetailsRequest,
    GetAccountAuthorizationDetailsResponse
  >({ Filter: list(oneOf(...kinds)), ...paging }, ({ account }, input) => {
    const wanted = kinds.filter((kind) => !input.Filter?.length || input.Filter.includes(kind))
    const page = readPage(account, wanted, input.MaxItems ?? defaultPage, startOf(input.Marker))
    const { users, groups, roles, policies } = page
    return {
      UserDetailList: users,
      GroupDetailList: groups,
      RoleDetailList: roles,
      Policies: policies,
      IsTruncated: page.next !== undefined,
      ...(page.next === undefined ? {} : { Marker: page.next }),
    }
  }),
}

interface Start {
  readonly kind: EntityType
  readonly after: string
}

/** Markers hold the kind and the last name seen. */
function startOf(marker: string | undefined): Start | undefined {
  if (marker === undefined) return undefined
  const [kindName, after = ''] = readMarker(marker, scope).split(' ')
  const kind = kinds.find((each) => each === kindName)
  if (kind === undefined) throw validationError('Invalid Marker.')
  return { kind, after }
}

function readPage(account: Account, wanted: readonly EntityType[], limit: number, start: Start | undefined) {
  const users: UserDetail[] = []
  const groups: GroupDetail[] = []
  const roles: RoleDetail[] = []
  const policies: ManagedPolicyDetail[] = []
  const readers: Record<EntityType, () => Reader> = {
    User: () => reader(account.users, (user) => users.push(userDetail(user))),
    Group: () => reader(account.groups, (group) => groups.push(groupDetail(group))),
    Role: () => reader(account.roles, (role) => roles.push(roleDetail(role))),
    LocalManagedPolicy: () => reader(account.policies, addPolicy),
    // AWS's own policies appear where something uses them.
    AWSManagedPolicy: () => reader(new Table(account.usedAwsPolicies(), (policy) => policy.arn), addPolicy),
  }
  function addPolicy(policy: PolicyState) {
    policies.push(describePolicyDetail(account, policy))
  }
  const found = () => users.length + groups.length + roles.length + policies.length
  const first = start === undefined ? 0 : wanted.indexOf(start.kind)
  if (first < 0) throw validationError('Invalid Marker.')
  let last = ''
  for (const kind of wanted.slice(first)) {
    const { length, keyAt, take, after } = readers[kind]()
    let index = kind === start?.kind ? after(start.after) : 0
    for (; index < length; index += 1) {
      if (found() >= limit) return { users, groups, roles, policies, next: writeMarker(scope, last) }
      take(index)
      last = `${kind} ${keyAt(index)}`
    }
  }
  return { users, groups, roles, policies, next: undefined }
}

interface Reader {
  readonly length: number
  readonly keyAt: (index: number) => string
  readonly take: (index: number) => void
  readonly after: (key: string) => number
}

function reader<Row extends object>(table: Table<Row>, add: (row: Row) => void): Reader {
  const at = (index: number) => table.rows[index] as Row
  return {
    length: table.rows.length,
    keyAt: (index) => table.keyOf(at(index)),
    take: (index) => add(at(index)),
    after: (key) => table.after(key),
  }
}

function userDetail(user: UserState): UserDetail {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    ...(user.inline.length === 0 ? {} : { UserPolicyList: inlineOf(user) }),
    GroupList: user.groups,
    AttachedManagedPolicies: describeAttached(user.attached),
    ...boundaryOf(user),
    Tags: user.tags,
  }
}

function groupDetail(group: GroupState): GroupDetail {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: new Date(group.createdAt),
    GroupPolicyList: inlineOf(group),
    AttachedManagedPolicies: describeAttached(group.attached),
  }
}

function roleDetail(role: RoleState): RoleDetail {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    InstanceProfileList: [],
    RolePolicyList: inlineOf(role),
    AttachedManagedPolicies: describeAttached(role.attached),
    ...boundaryOf(role),
    Tags: role.tags,
    RoleLastUsed: lastUseOf(role),
  }
}

function inlineOf(holder: PrincipalState): PolicyDetail[] {
  return holder.inline.map((policy) => ({
    PolicyName: policy.name,
    PolicyDocument: encodeDocument(policy.document),
  }))
}
