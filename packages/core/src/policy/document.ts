/** A policy document as IAM stores it. Foreign documents may hold either form of each member. */
export interface PolicyDocument {
  readonly Version?: string
  readonly Id?: string
  readonly Statement: Statement | readonly Statement[]
}

export interface Statement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: unknown
  readonly NotPrincipal?: unknown
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly NotResource?: string | readonly string[]
  readonly Condition?: ConditionBlock
}

/** Operator -> condition key -> values: `{ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }`. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

/** The exact text sent to AWS and shown to people: two-space JSON. IAM does not count white space. */
export function documentText(document: PolicyDocument): string {
  return JSON.stringify(document, null, 2)
}
