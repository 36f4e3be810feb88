import type { OperationAction, OperationInputs, Request } from '../plan/operation.ts'
import { canonicalJson } from '../policy/hash.ts'
import type {
  InlinePolicy,
  ManagedPolicy,
  PermissionSet,
  Snapshot,
  Tag,
  UserProfile,
} from '../snapshot/snapshot.ts'
import { type AccountIndex, indexAccount } from '../target/account-index.ts'

/** Whether an account is as a request would leave it, and what AWS would have answered. */
export type Effect =
  | { readonly state: 'there'; readonly answer: Readonly<Record<string, string>> }
  | { readonly state: 'not-there' }
  /** Nothing that was read shows it: sending the request again is harmless. */
  | { readonly state: 'cannot-tell' }

/** A snapshot with the look-ups that effects need. */
export interface AccountView extends AccountIndex {
  readonly permissionSet: (arn: string) => PermissionSet | undefined
  readonly profile: (domain: string, name: string) => UserProfile | undefined
}

export function viewAccount(snapshot: Snapshot): AccountView {
  const sets = new Map(snapshot.permissionSets.map((set) => [set.arn, set]))
  const profiles = new Map(snapshot.profiles.map((profile) => [`${profile.domain}/${profile.name}`, profile]))
  return {
    ...indexAccount(snapshot),
    permissionSet: (arn) => sets.get(arn),
    profile: (domain, name) => profiles.get(`${domain}/${name}`),
  }
}

/** Looks in the account for what a request does. Its values must be filled in. */
export function findEffect(request: Request, account: AccountView): Effect {
  const find = finders[request.action] as (account: AccountView, input: Request['input']) => Effect
  return find(account, request.input)
}

const notThere: Effect = { state: 'not-there' }
const cannotTell: Effect = { state: 'cannot-tell' }

function there(answer: Readonly<Record<string, string>> = {}): Effect {
  return { state: 'there', answer }
}

function when(isThere: boolean | undefined): Effect {
  return isThere ? there() : notThere
}

type Finders = {
  readonly [A in OperationAction]: (account: AccountView, input: OperationInputs[A]) => Effect
}

const finders: Finders = {
  CreateRole: (account, input) => {
    const role = account.role(input.RoleName)
    const same =
      role?.path === (input.Path ?? '/') &&
      sameJson(role.trust, input.AssumeRolePolicyDocument) &&
      (input.PermissionsBoundary === undefined || role.boundary === input.PermissionsBoundary) &&
      hasTags(role.tags, input.Tags ?? [])
    return role && same ? there({ 'Role.Arn': role.arn, 'Role.RoleId': role.id }) : notThere
  },
  UpdateAssumeRolePolicy: (account, input) => {
    const role = account.role(input.RoleName)
    return when(role && sameJson(role.trust, input.PolicyDocument))
  },
  TagRole: (account, input) => when(hasTags(account.role(input.RoleName)?.tags ?? [], input.Tags)),
  UntagRole: (account, input) =>
    when(!account.role(input.RoleName)?.tags.some((tag) => input.TagKeys.includes(tag.Key))),
  DeleteRole: (account, input) => when(account.role(input.RoleName) === undefined),
  CreatePolicy: (account, input) => {
    const policy = account.policy(input.PolicyName)
    const same = policy?.path === (input.Path ?? '/') && findVersion(policy, input.PolicyDocument)
    return policy && same ? there({ 'Policy.Arn': policy.arn, 'Policy.PolicyId': policy.id }) : notThere
  },
  CreatePolicyVersion: (account, input) => {
    const policy = account.policyByArn(input.PolicyArn)
    const version = policy && findVersion(policy, input.PolicyDocument, input.SetAsDefault)
    return version === undefined ? notThere : there({ 'PolicyVersion.VersionId': version })
  },
  SetDefaultPolicyVersion: (account, input) =>
    when(account.policyByArn(input.PolicyArn)?.defaultVersion === input.VersionId),
  DeletePolicyVersion: (account, input) =>
    // A version that is still a reference was never made by this run.
    when(
      typeof input.VersionId === 'string' &&
        !account.policyByArn(input.PolicyArn)?.versions.some((version) => version.id === input.VersionId),
    ),
  DeletePolicy: (account, input) => when(account.policyByArn(input.PolicyArn) === undefined),
  TagPolicy: (account, input) => {
    const tags = account.policyByArn(input.PolicyArn)?.tags
    return tags === undefined ? cannotTell : when(hasTags(tags, input.Tags))
  },
  UntagPolicy: (account, input) => {
    const tags = account.policyByArn(input.PolicyArn)?.tags
    return tags === undefined ? cannotTell : when(!tags.some((tag) => input.TagKeys.includes(tag.Key)))
  },
  AttachUserPolicy: (account, input) =>
    when(account.user(input.UserName)?.attached.includes(input.PolicyArn)),
  AttachGroupPolicy: (account, input) =>
    when(account.group(input.GroupName)?.attached.includes(input.PolicyArn)),
  AttachRolePolicy: (account, input) =>
    when(account.role(input.RoleName)?.attached.includes(input.PolicyArn)),
  DetachUserPolicy: (account, input) =>
    when(!account.user(input.UserName)?.attached.includes(input.PolicyArn)),
  DetachGroupPolicy: (account, input) =>
    when(!account.group(input.GroupName)?.attached.includes(input.PolicyArn)),
  DetachRolePolicy: (account, input) =>
    when(!account.role(input.RoleName)?.attached.includes(input.PolicyArn)),
  PutUserPolicy: (account, input) => when(hasInline(account.user(input.UserName), input)),
  PutGroupPolicy: (account, input) => when(hasInline(account.group(input.GroupName), input)),
  PutRolePolicy: (account, input) => when(hasInline(account.role(input.RoleName), input)),
  DeleteUserPolicy: (account, input) => when(!hasInline(account.user(input.UserName), input)),
  DeleteGroupPolicy: (account, input) => when(!hasInline(account.group(input.GroupName), input)),
  DeleteRolePolicy: (account, input) => when(!hasInline(account.role(input.RoleName), input)),
  UpdateUserProfile: (account, input) => {
    const profile = account.profile(input.DomainId, input.UserProfileName)
    return profile === undefined ? cannotTell : when(profile.role === input.UserSettings.ExecutionRole)
  },
  AttachCustomerManagedPolicyReferenceToPermissionSet: (account, input) => {
    const refers = refersTo(account, input)
    return refers === undefined ? cannotTell : when(refers)
  },
  DetachCustomerManagedPolicyReferenceFromPermissionSet: (account, input) => {
    const refers = refersTo(account, input)
    return refers === undefined ? cannotTell : when(!refers)
  },
  PutInlinePolicyToPermissionSet: (account, input) => {
    const set = account.permissionSet(input.PermissionSetArn)
    if (set === undefined) return cannotTell
    return when(set.inlinePolicy !== undefined && sameJson(set.inlinePolicy, input.InlinePolicy))
  },
  DeleteInlinePolicyFromPermissionSet: (account, input) => {
    const set = account.permissionSet(input.PermissionSetArn)
    return set === undefined ? cannotTell : when(!set.inlinePolicy)
  },
  ProvisionPermissionSet: () => cannotTell,
}

/** Whether a holder has an inline policy of this name and, where one is given, this document. */
function hasInline(
  holder: { readonly inline: readonly InlinePolicy[] } | undefined,
  { PolicyName, PolicyDocument }: { readonly PolicyName: string; readonly PolicyDocument?: string },
): boolean {
  const policy = holder?.inline.find(({ name }) => name === PolicyName)
  return policy !== undefined && (PolicyDocument === undefined || sameJson(policy.document, PolicyDocument))
}

/** The version that has this document: the default one where it must be, else the newest that has it. */
function findVersion(policy: ManagedPolicy, document: string, mustBeDefault = false): string | undefined {
  const same = policy.versions.filter((version) => sameJson(version.document, document)).map(({ id }) => id)
  if (same.includes(policy.defaultVersion)) return policy.defaultVersion
  return mustBeDefault ? undefined : same[0]
}

function hasTags(tags: readonly Tag[], wanted: readonly Tag[]): boolean {
  return wanted.every(({ Key, Value }) => tags.some((tag) => tag.Key === Key && tag.Value === Value))
}

function refersTo(
  account: AccountView,
  input: OperationInputs['AttachCustomerManagedPolicyReferenceToPermissionSet'],
): boolean | undefined {
  const { Name, Path } = input.CustomerManagedPolicyReference
  return account
    .permissionSet(input.PermissionSetArn)
    ?.customerManaged.some(({ name, path }) => name === Name && path === Path)
}

function sameJson(a: string, b: string): boolean {
  if (a === b) return true
  try {
    return canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b))
  } catch {
    return false
  }
}
