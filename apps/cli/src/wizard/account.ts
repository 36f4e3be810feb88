import type { ApplyEvent } from '@mlflow-iam/aws'
import type { Comparison } from '@mlflow-iam/core/evaluate/compare-access'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'

/** One account that could be worked on: an AWS profile, the environment's own keys, or the sandbox. */
export interface AccountChoice {
  /** The AWS profile that it stands for. */
  readonly profile?: string
  readonly name: string
  /** `SSO`, `keys`, `role`, `built in`, … */
  readonly signIn: string
  readonly account?: string
  readonly alias?: string
  readonly region?: string
  /** "47 min left", "no expiry", "expired". */
  readonly session: string
  readonly expired: boolean
  /** It is the one that `--profile` names. */
  readonly asked?: true
}

/** Who is signed in, and where. */
export interface WizardIdentity {
  readonly account: string
  readonly arn: string
  readonly region: string
  readonly alias?: string
}

export interface WizardApplyOptions {
  readonly onError: 'stop' | 'continue' | 'rollback'
  /** Ids of operations that are left out, with everything that needs them. */
  readonly leaveOut?: ReadonlySet<string>
  /** Aborted by Ctrl-C: finish the calls in flight, start none. */
  readonly signal: AbortSignal
}

export interface WizardVerification extends Comparison {
  /** "policies as read" or "IAM simulation". */
  readonly method: string
}

export interface Planned {
  readonly plan: Plan
  readonly snapshot: Snapshot
}

/**
 * Everything the wizard needs from the outside world about AWS. Each call may be slow or throw a `Problem`;
 * none of them writes to AWS except `apply`, `resume` and `rollback`, which throw before anything is sent where the
 * caller certainly may not send it.
 */
export interface WizardAccount {
  choices(): Promise<readonly AccountChoice[]>
  /** Makes a choice the current account. */
  choose(choice: AccountChoice, region?: string): Promise<void>
  identity(): Promise<WizardIdentity>
  /** Reads everything that can be looked at. */
  observe(): Promise<Snapshot>
  /** What a grants file would change in the account as it is now, and that reading of it. */
  plan(fileText: string): Promise<Planned>
  apply(plan: Plan, options: WizardApplyOptions): AsyncIterable<ApplyEvent>
  /** Goes on with an apply that stopped. */
  resume(journal: string, options: WizardApplyOptions): AsyncIterable<ApplyEvent>
  /** What taking an apply back would do, with as much of the account as that and the caller's rights need; and doing it. */
  planRollback(journal: string): Promise<Planned>
  rollback(journal: string, planned: Planned, options: WizardApplyOptions): AsyncIterable<ApplyEvent>
  verify(plan: Plan): Promise<WizardVerification>
  /** The command that signs in again, for `L`. */
  signInCommand(): readonly string[] | undefined
  /** Flags that reach the same account from a shell: `--sandbox`, `--profile ml-prod-admin`. */
  shellFlags(): string
}
