/** What `show` and `verify` print: who can do what, whoever granted it (contract: `docs/guide`, machine output). */
export interface AccessRow {
  /** ARN. */
  readonly principal: string
  /** ARN of a tracking server or App. */
  readonly server: string
  /** Bare MLflow action names, sorted: everything effective. `CallMlflowAppApi` for an App. */
  readonly allowed: readonly string[]
  /** Actions that some statement allows and another (or the boundary) takes away. */
  readonly denied: readonly string[]
  /** Actions that hang on a condition whose key is not known here, with those keys; or on policies that were not read, with their ARNs. */
  readonly depends: readonly { readonly action: string; readonly keys: readonly string[] }[]
  /** What foreign policies give: `policy` is the managed policy's ARN, or `inline:<name>@<holder's ARN>`. */
  readonly elsewhere: readonly { readonly policy: string; readonly actions: readonly string[] }[]
  /** For a server of another account: that account, which alone knows what is allowed. The lists are empty then. */
  readonly decidedIn?: string
}

export type Outcome = 'allowed' | 'explicit-deny' | 'implicit-deny' | 'depends'

/** One decision, and the statement that made it. */
export interface Decision {
  readonly outcome: Outcome
  /** Managed policy ARN or `inline:<name>@<holder's ARN>`; absent for an implicit deny. */
  readonly policy?: string
  /** The statement's Sid, or its place from 1: `#2`. */
  readonly statement?: string
  /** Condition keys that decide and are not known, for `depends`. */
  readonly keys: readonly string[]
}

/** Values of condition keys that are known: `{ 'aws:MultiFactorAuthPresent': ['true'] }`. Keys compare ignoring case. */
export type RequestContext = Readonly<Record<string, readonly string[]>>

/** What cannot be compared, since policies were not read that may allow or deny it. */
export interface UnknownAccess {
  readonly principal: string
  readonly server: string
  readonly actions: readonly string[]
  /** One sentence: what was not read. */
  readonly because: string
}

export interface AccessDifference {
  readonly principal: string
  readonly server: string
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  /** One sentence: through what, or what is not there. */
  readonly because: string
}
