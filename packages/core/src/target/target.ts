import type { ConditionBlock, PolicyDocument, Statement } from '../policy/document.ts'
import type { Tag } from '../snapshot/snapshot.ts'
import type { TargetElsewhere } from './target-elsewhere.ts'

/** The roles, policies and attachments that should exist, and the access that they add up to. */
export interface Target {
  readonly servers: readonly TargetServer[]
  readonly principals: readonly TargetPrincipal[]
  readonly roles: readonly TargetRole[]
  readonly policies: readonly TargetPolicy[]
  /**
   * Owned attachments of every principal that the file lists, exactly; and of a role that a split makes, also the
   * policies from elsewhere that it is to hold like the shared role. Sorted by principal, then policy.
   */
  readonly attachments: readonly TargetAttachment[]
  /** Permission sets that hold their grants in their inline policy, instead of attachments. Absent where none does. */
  readonly inline?: readonly TargetInline[]
  /** What other accounts have to do for servers of theirs. Absent where every server is of this account. */
  readonly elsewhere?: readonly TargetElsewhere[]
  /** What the grants mean, for verify, written short; `expandAccess` gives a cell for each principal and server. */
  readonly access: readonly TargetAccess[]
  /**
   * Hand-made policies that the grants replace, taken off whoever the file lists: ARNs of managed ones, and
   * `inline:<name>@<holder's ARN>` for inline ones. Absent where there are none.
   */
  readonly adopted?: readonly string[]
}

export interface TargetServer {
  /** The server's key in the grants file. */
  readonly key: string
  readonly kind: 'tracking-server' | 'app'
  /** What policies say in `Resource`: an exact ARN, or a pattern for a tag rule or `all`. */
  readonly resource: string
  /** Set where servers are named by tag: `{ StringEquals: { 'aws:ResourceTag/env': 'staging' } }`. */
  readonly condition?: ConditionBlock
  /** The servers that this key means today, sorted. */
  readonly arns: readonly string[]
  readonly region: string
  /** Where its artifacts lie, as far as known: one place for a named server, several for a tag rule or `all`. */
  readonly artifacts: readonly ArtifactPlace[]
  /** KMS key ARNs. */
  readonly kms: readonly string[]
  /** ARNs of the roles that these servers use themselves, where known. */
  readonly roles: readonly string[]
  readonly planned: boolean
  /** For a server of another account: the role there (ARN) that clients assume. Then `arns` is empty: nothing here decides. */
  readonly via?: string
  /** Set for an App whose grants also give the tracking servers' actions on its ARN. */
  readonly compatible?: true
}

/** `s3://bucket/prefix`; an empty prefix is the whole bucket. */
export interface ArtifactPlace {
  readonly bucket: string
  readonly prefix: string
}

export interface TargetPrincipal {
  readonly arn: string
  readonly kind: 'user' | 'group' | 'role' | 'permission-set'
  readonly name: string
  /** The role in this account through which a permission set acts, where it is provisioned. */
  readonly actsAs?: string
  /** Who acts through it: SageMaker profiles (`d-abc/ana`), or accounts of a permission set. */
  readonly people: readonly string[]
}

export interface TargetRole {
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly purpose: 'tracking-server' | 'sagemaker' | 'split'
  /** The role is there and is not ours: our policy is attached, nothing else about it changes. */
  readonly existing: boolean
  readonly trust: PolicyDocument
  readonly description: string
  readonly tags: readonly Tag[]
  /** ARN of the permissions boundary; only of a role that a split makes. */
  readonly boundary?: string
  /** Seconds; only of a role that a split makes, where it could be read. */
  readonly maxSessionDuration?: number
  /** Whose role it is, where a split makes it. */
  readonly split?: RoleSplit
}

/** A SageMaker profile that has, or gets, an execution role of its own. */
export interface RoleSplit {
  readonly domain: string
  readonly profile: string
  readonly region: string
  /** ARN of the role that the profile shared before, where it is known and still there. */
  readonly from?: string
}

export interface TargetPolicy {
  readonly arn: string
  readonly name: string
  /** `/mlflow-iam/<file name>/` */
  readonly path: string
  readonly document: PolicyDocument
  readonly description: string
  readonly tags: readonly Tag[]
  /** What it is for, in words: `viewer on ml-dev, ml-prod`. */
  readonly purpose: string
}

export interface TargetAttachment {
  /** ARN of a user, group, role or permission set. */
  readonly principal: string
  readonly policy: string
}

/** Our statements in a permission set's one inline policy, which they may share with statements of others. */
export interface TargetInline {
  /** ARN of the permission set. */
  readonly principal: string
  /** ARN of its Identity Center instance. */
  readonly instance: string
  /** Ours, in order: each Sid begins with the mark of the grants file. */
  readonly statements: readonly Statement[]
  /** The text of the whole inline policy as it should be: what others wrote, byte for byte, then ours. */
  readonly document: string
  /** What it is for, in words: `viewer on ml-dev; data-scientist on ml-prod`. */
  readonly purpose: string
}

/** Access that some principals have on some servers. Several may speak of one principal and server: they add up. */
export interface TargetAccess {
  /** ARNs, sorted. A permission set stands as the role that it made in this account, where there is one. */
  readonly principals: readonly string[]
  /** ARNs, sorted. */
  readonly servers: readonly string[]
  /** Bare MLflow action names, sorted; `CallMlflowAppApi` for Apps. */
  readonly actions: readonly string[]
  /** The conditions (`until`, `when`) of the grants behind it; absent for unconditional access. */
  readonly conditions?: ConditionBlock
  /** AccessUI comes along: it knows no servers, and what an App itself is asked for does not hold it. */
  readonly opensUi?: true
}

/**
 * ARNs of everyone whose owned attachments are to be exactly the target's: principals that grants name, the file's
 * roles, and the roles that split profiles shared before, who are not to gain from those profiles' grants any more.
 */
export function listedPrincipals(target: Target): readonly string[] {
  const from = target.roles.flatMap((role) => role.split?.from ?? [])
  return [...new Set([...[...target.principals, ...target.roles].map(({ arn }) => arn), ...from])]
}
