import type { ConditionBlock, PolicyDocument } from '../policy/document.ts'

/**
 * What another account has to do before grants of this one work there. Nothing of it is among a plan's operations:
 * whoever may change that account carries it out.
 */
export interface TargetElsewhere {
  /** 12 digits. */
  readonly account: string
  /** The roles there that clients of this account assume. Sorted by ARN. */
  readonly roles: readonly ElsewhereRole[]
  /** Buckets of artifacts; where they are of this account, nothing needs doing. Sorted by name. */
  readonly buckets: readonly ElsewhereBucket[]
  /** KMS keys of that account. Sorted by ARN. */
  readonly keys: readonly ElsewhereKey[]
}

export interface ElsewhereRole {
  /** ARN. */
  readonly role: string
  /** Statements that its trust policy needs, as a document: who of this account may assume it. */
  readonly trust: PolicyDocument
  /** What it has to allow: everything that the grants through it give, together, since a role is one identity. */
  readonly permissions: PolicyDocument
  /** The grants behind it, and this account's half of them. */
  readonly access: readonly ElsewhereAccess[]
}

/** Access that some principals have on servers of another account, through one role of it. */
export interface ElsewhereAccess {
  /** ARNs, sorted. A permission set stands as the role that it made in this account, where there is one. */
  readonly principals: readonly string[]
  /** ARNs, sorted. */
  readonly servers: readonly string[]
  /** Bare MLflow action names, sorted: what the role has to allow for these principals. */
  readonly actions: readonly string[]
  /** What they need in S3 by their own credentials. */
  readonly s3: readonly ('read' | 'write' | 'list')[]
  /** The conditions (`until`, `when`) under which they may assume the role. */
  readonly conditions?: ConditionBlock
}

export interface ElsewhereBucket {
  readonly bucket: string
  /** Statements that its bucket policy needs, as a document. */
  readonly policy: PolicyDocument
}

export interface ElsewhereKey {
  /** ARN. */
  readonly key: string
  /** Statements that its key policy needs beside its own, as a document. A key policy of these alone would lock its account out. */
  readonly policy: PolicyDocument
}
