import type { CenterState } from './center-state.ts'
import type { OrganizationState } from './organization-state.ts'
import type { AppState, DomainState, ProfileState, ServerState, SpaceState } from './sagemaker-state.ts'

/** Everything that an account holds, as plain JSON. Times are ISO 8601; documents are text as it was sent. */
export interface AccountState {
  version: 1
  account: string
  partition: 'aws' | 'aws-us-gov'
  /** The account alias; absent where there is none. */
  alias?: string
  /** Who signs requests. The account accepts every access key that AssumeRole did not give out as this caller. */
  caller: { arn: string; userId: string }
  /** Sessions that AssumeRole gave out, newest last. */
  sessions?: SessionState[]
  /** What the account says to every signature: `valid` lets the request through. */
  signIn: 'valid' | 'expired' | 'invalid'
  /** IAM actions that the caller is refused (`iam:ListUsers`; a trailing `*` matches the rest). */
  denied: string[]
  /** With `policies`, the caller may do what the policies of its role or user allow; else everything. */
  authorization?: 'anything' | 'policies'
  quotas: Quotas
  /** Counts what was made, so that ids are the same in every run. */
  counter: number
  users: UserState[]
  groups: GroupState[]
  roles: RoleState[]
  /** Customer-managed policies. */
  policies: PolicyState[]
  servers: ServerState[]
  apps: AppState[]
  domains: DomainState[]
  profiles: ProfileState[]
  spaces: SpaceState[]
  /** IAM Identity Center, where this account can run it. */
  center?: CenterState
  /** AWS Organizations, where the account is in one. */
  organization?: OrganizationState
}

export interface Quotas {
  attachedPerUser: number
  attachedPerRole: number
  attachedPerGroup: number
  groupsPerUser: number
  users: number
  groups: number
  roles: number
  policies: number
  /** Characters of a trust policy. */
  trustPolicySize: number
}

export interface SessionState {
  accessKey: string
  arn: string
  userId: string
  until: string
}

/** AWS's own defaults (IAM User Guide, reference_iam-quotas). */
export const defaultQuotas: Readonly<Quotas> = {
  attachedPerUser: 10,
  attachedPerRole: 10,
  attachedPerGroup: 10,
  groupsPerUser: 10,
  users: 5000,
  groups: 300,
  roles: 1000,
  policies: 1500,
  trustPolicySize: 2048,
}

export interface TagState {
  Key: string
  Value: string
}

export interface InlineState {
  name: string
  document: string
}

export interface EntityState {
  name: string
  path: string
  id: string
  arn: string
  createdAt: string
}

export interface PrincipalState extends EntityState {
  inline: InlineState[]
  /** ARNs of attached managed policies, oldest attachment first. */
  attached: string[]
}

export interface UserState extends PrincipalState {
  /** Names of groups. */
  groups: string[]
  boundary?: string
  tags: TagState[]
}

export interface GroupState extends PrincipalState {}

export interface RoleState extends PrincipalState {
  trust: string
  description?: string
  maxSessionDuration: number
  boundary?: string
  tags: TagState[]
  lastUsed?: { at: string; region: string }
}

export interface PolicyState extends EntityState {
  description?: string
  updatedAt: string
  defaultVersion: string
  /** The number that the next version gets; numbers are never used again. */
  nextVersion: number
  /** Newest first, as AWS lists them. */
  versions: VersionState[]
  tags: TagState[]
}

export interface VersionState {
  id: string
  document: string
  createdAt: string
}

/** The state as others see it: to be read, saved and handed to `createSandbox`, never changed in place. */
export type SandboxState = DeepReadonly<AccountState>

export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T
