import type { Partition } from '../snapshot/snapshot.ts'

/**
 * The desired state, as `grants.yaml` says it, checked and with its shorthands written out: lists where the
 * file may hold one value, full names where it may hold a prefix-less one. Bare MLflow action names.
 */
export interface GrantsFile {
  readonly version: 1
  readonly name: string
  readonly account?: string
  readonly partition: Partition
  readonly region?: string
  readonly servers: readonly GrantsServer[]
  readonly roles: { readonly 'tracking-server'?: TrackingServerRole; readonly sagemaker?: SageMakerRole }
  readonly personas: readonly CustomPersona[]
  readonly grants: readonly Grant[]
  /** Profiles that get an execution role of their own. */
  readonly split: readonly SplitRole[]
  /** Hand-made policies that the grants replace: names or ARNs of managed ones, `inline:NAME@role/NAME` for inline ones. */
  readonly adopt: readonly string[]
  /** Permission sets of which the file says how they hold their grants; the others refer to managed policies. */
  readonly permissionSets: readonly PermissionSetForm[]
  /** The accounts that the file is for, where it names several; then it has no `account`. */
  readonly accounts: readonly FileAccount[]
  /** Finds the place of a dotted path (`grants.0.on.1`) in the text, for errors found later than parsing. */
  readonly locate: Locate
}

export type Locate = (path: string) => {
  readonly file: string
  readonly line: number
  readonly column: number
}

export type GrantsServer = {
  readonly key: string
  readonly artifacts?: string
  readonly kms: readonly string[]
} & (
  | { readonly kind: 'name'; readonly region?: string; readonly planned: boolean }
  | {
      readonly kind: 'arn'
      readonly arn: string
      readonly planned: boolean
      /** ARN of the role in the server's account that the MLflow client assumes; the server is not of this account. */
      readonly via?: string
    }
  | { readonly kind: 'tag'; readonly tags: Readonly<Record<string, string>>; readonly region?: string }
  | { readonly kind: 'all'; readonly region?: string }
  | {
      readonly kind: 'app'
      readonly app: string
      readonly access: 'full'
      /** Also give the `sagemaker-mlflow` actions on the App's ARN. */
      readonly compatible: boolean
    }
)

export interface SplitRole {
  /** `profile/d-abc123/ben` */
  readonly profile: string
  /** The name of the new role, where the file chooses it. */
  readonly role?: string
}

export interface PermissionSetForm {
  readonly name: string
  readonly policy: 'reference' | 'inline'
}

export interface FileAccount {
  /** 12 digits. */
  readonly account: string
  /** A profile of the AWS CLI. */
  readonly profile: string
  readonly region?: string
}

export interface TrackingServerRole {
  readonly name: string
  readonly policy: RolePolicy
  readonly buckets: readonly string[]
  readonly kms: readonly string[]
  readonly registry: boolean
  readonly existing: boolean
  readonly trust: { readonly sourceAccount: boolean }
}

export interface SageMakerRole {
  readonly name: string
  readonly policy: RolePolicy
  /** Names of roles it may pass to SageMaker. */
  readonly passes: readonly string[]
  readonly existing: boolean
  readonly trust: { readonly sourceAccount: boolean }
}

/** `documented` is the AWS guide's JSON, statement for statement; `narrow` is scoped to what the file names. */
export type RolePolicy = 'documented' | 'narrow'

export interface CustomPersona {
  readonly name: string
  readonly title?: string
  readonly extends: readonly string[]
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

export interface Grant {
  /** Its index in the file's `grants`, for messages: `grants.<index>`. */
  readonly index: number
  readonly to: readonly PrincipalRef[]
  readonly personas: readonly string[]
  /** Keys of `servers`. Every key of the file where the file leaves `on` out. */
  readonly on: readonly string[]
  /** Set where the file leaves `on` out: servers that are added to the file later are meant too. */
  readonly everyServer?: boolean
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** The instant at which it ends, ISO 8601 UTC: the date `2027-03-31` is `2027-04-01T00:00:00Z`. */
  readonly until?: string
  readonly when?: GrantConditions
  readonly policyName?: string
}

export type PrincipalRef =
  | {
      readonly kind: 'user' | 'group' | 'role'
      readonly name: string /** Only where the file gives one. */
      readonly path?: string /** Only where the file gives the full ARN. */
      readonly arn?: string
      readonly text: string
    }
  | { readonly kind: 'profile'; readonly domain: string; readonly name: string; readonly text: string }
  | { readonly kind: 'domain'; readonly domain: string; readonly text: string }
  | { readonly kind: 'permission-set'; readonly name: string; readonly text: string }

export interface GrantConditions {
  readonly mfa?: boolean
  /** CIDR blocks. */
  readonly ip: readonly string[]
  readonly vpce: readonly string[]
  readonly vpc: readonly string[]
  readonly sessionTags: Readonly<Record<string, string>>
}
