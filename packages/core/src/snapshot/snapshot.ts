/**
 * What was read from an account, and when. Everything that decides (`target`, `plan`, `evaluate`) reads this
 * and nothing else, so a snapshot saved to a file answers exactly as the account did.
 *
 * Policy documents are kept as decoded text, exactly as AWS stores them; foreign ones may not even be JSON.
 */
export interface Snapshot {
  readonly version: 1
  /** ISO 8601, UTC. */
  readonly takenAt: string
  readonly account: string
  readonly partition: Partition
  /** The default region of this reading. */
  readonly region: string
  /** The account alias; absent where there is none or it could not be read. */
  readonly alias?: string
  /** ARN of who read it; absent offline. */
  readonly caller?: string
  /** True for the account that `--offline` assumes: it holds what the grants file names, and nothing else. */
  readonly assumed?: boolean
  readonly users: readonly IamUser[]
  readonly groups: readonly IamGroup[]
  readonly roles: readonly IamRole[]
  /** Customer-managed policies, and those AWS-managed ones that something is attached to. */
  readonly policies: readonly ManagedPolicy[]
  readonly servers: readonly TrackingServer[]
  readonly apps: readonly MlflowApp[]
  readonly domains: readonly SageMakerDomain[]
  readonly profiles: readonly UserProfile[]
  readonly permissionSets: readonly PermissionSet[]
  /** Quotas where they differ from AWS's defaults and could be read. */
  readonly quotas?: {
    readonly attachedPerRole?: number
    readonly attachedPerUser?: number
    readonly attachedPerGroup?: number
  }
  /** What could not be read: never the same as "there is none". */
  readonly unknown: readonly UnknownPart[]
}

export type Partition = 'aws' | 'aws-us-gov'

export interface UnknownPart {
  /** What is missing: `servers`, `profiles`, `permission-sets`, `alias`, `managed-policies`, … */
  readonly part: string
  /** The AWS action that was refused or is not offered, `sagemaker:ListMlflowTrackingServers`. */
  readonly action: string
  readonly why: string
  /** The endpoint has no such operation, so that there is nothing of the kind either. */
  readonly notOffered?: true
}

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface InlinePolicy {
  readonly name: string
  readonly document: string
}

interface Principal {
  readonly arn: string
  readonly name: string
  readonly path: string
  /** AWS's own id (AIDA…, AROA…, AGPA…): a recreated principal has another. */
  readonly id: string
  readonly inline: readonly InlinePolicy[]
  /** ARNs of the managed policies attached, in AWS's order. */
  readonly attached: readonly string[]
}

export interface IamUser extends Principal {
  /** Names of the groups the user is in. */
  readonly groups: readonly string[]
  /** ARN of the permissions boundary. */
  readonly boundary?: string
  readonly tags: readonly Tag[]
}

export interface IamGroup extends Principal {}

export interface IamRole extends Principal {
  readonly boundary?: string
  readonly tags: readonly Tag[]
  /** Decoded text of the trust policy. */
  readonly trust: string
  readonly description?: string
  readonly maxSessionDuration?: number
}

export interface ManagedPolicy {
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly id: string
  readonly defaultVersion: string
  /** Newest first, as AWS lists them. AWS-managed policies have their default version only. */
  readonly versions: readonly PolicyVersion[]
  /** Only where they were read; one read of the account does not return them. */
  readonly tags?: readonly Tag[]
  readonly description?: string
}

export interface PolicyVersion {
  readonly id: string
  readonly document: string
  /** ISO 8601. */
  readonly createdAt?: string
}

export interface TrackingServer {
  readonly arn: string
  readonly name: string
  readonly region: string
  /** SageMaker's own word: `Created`, `Stopped`, `Creating`, … */
  readonly status?: string
  readonly size?: string
  readonly mlflowVersion?: string
  /** `s3://bucket/prefix`. */
  readonly artifacts?: string
  /** ARN of the role that the server itself uses. */
  readonly role?: string
  readonly tags: readonly Tag[]
}

export interface MlflowApp {
  readonly arn: string
  readonly name: string
  readonly region: string
  readonly status?: string
  readonly artifacts?: string
  readonly role?: string
  readonly tags: readonly Tag[]
}

export interface SageMakerDomain {
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly region: string
  /** ARNs. Spaces use `defaultSpaceRole`, else `defaultRole`. */
  readonly defaultRole?: string
  readonly defaultSpaceRole?: string
}

export interface UserProfile {
  readonly domain: string
  readonly name: string
  readonly arn: string
  readonly region: string
  /** ARN of the profile's own execution role; absent where it inherits the domain's. */
  readonly role?: string
}

export interface PermissionSet {
  readonly arn: string
  readonly instanceArn: string
  readonly name: string
  readonly description?: string
  readonly inlinePolicy?: string
  readonly managedPolicies: readonly string[]
  readonly customerManaged: readonly { readonly name: string; readonly path: string }[]
  /** Ids of the accounts that it is provisioned to. */
  readonly accounts: readonly string[]
}
