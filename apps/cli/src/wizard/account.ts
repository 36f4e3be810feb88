import type { AccessDifference, AccessRow } from '@mlflow-iam/core/evaluate/access'
import type { ExportFormat } from '@mlflow-iam/core/export/exporter'
import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'

/** One account that could be worked on: an AWS profile, the environment's own keys, or the sandbox. */
export interface AccountChoice {
  readonly name: string
  /** `SSO`, `keys`, `role`, `built in`, … */
  readonly signIn: string
  readonly account?: string
  readonly alias?: string
  readonly region?: string
  /** "47 min left", "no expiry", "expired". */
  readonly session: string
  readonly expired: boolean
}

/** Who is signed in, and what was found out about their rights. */
export interface WizardIdentity {
  readonly account: string
  readonly arn: string
  readonly region: string
  readonly alias?: string
  /** Words for "You can": `read IAM`, `change IAM`, …; `unknown` where probing is not possible. */
  readonly rights: readonly { readonly what: string; readonly state: 'yes' | 'no' | 'unknown' }[]
}

/** What an apply tells while it runs. A superset of what the screen draws may come; the rest is ignored. */
export type WizardApplyEvent =
  | { readonly event: 'started'; readonly total: number; readonly journal?: string }
  | { readonly event: 'sending'; readonly operation: Operation }
  | { readonly event: 'waiting'; readonly operation?: Operation; readonly why: string }
  | {
      readonly event: 'throttled'
      readonly operation: Operation
      readonly attempt: number
      readonly concurrency: number
    }
  | {
      readonly event: 'done'
      readonly operation: Operation
      readonly milliseconds?: number
      readonly already?: boolean
    }
  | {
      readonly event: 'failed'
      readonly operation: Operation
      readonly what: string
      readonly why: string
      readonly fix: readonly string[]
    }
  | {
      readonly event: 'finished'
      readonly ok: boolean
      readonly done: number
      readonly failed: number
      readonly journal?: string
    }

export interface WizardApplyOptions {
  readonly onError: 'stop' | 'continue' | 'rollback'
  /** Aborted by Ctrl-C: finish the calls in flight, start none. */
  readonly signal: AbortSignal
  /** Goes on with this journal instead of starting one. */
  readonly resume?: string
}

export interface WizardVerification {
  readonly ok: boolean
  readonly access: readonly AccessRow[]
  readonly differences: readonly AccessDifference[]
  /** "policies as read" or "IAM simulation". */
  readonly method: string
}

export interface WizardExport {
  readonly dir: string
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
}

/**
 * Everything the wizard needs from the outside world about AWS. Each call may be slow or throw a `Problem`;
 * none of them writes to AWS except `apply` and `rollback`.
 */
export interface WizardAccount {
  choices(): Promise<readonly AccountChoice[]>
  /** Makes a choice the current account. */
  choose(choice: AccountChoice, region?: string): Promise<void>
  identity(): Promise<WizardIdentity>
  /** Reads the account, with the grants file's needs in mind. */
  observe(fileText: string): Promise<Snapshot>
  plan(fileText: string, fileName: string): Promise<Plan>
  apply(plan: Plan, options: WizardApplyOptions): AsyncIterable<WizardApplyEvent>
  rollback?(journal: string, options: WizardApplyOptions): AsyncIterable<WizardApplyEvent>
  verify(plan: Plan): Promise<WizardVerification>
  exportPlan(plan: Plan, format: ExportFormat, dir: string): Promise<WizardExport>
  /** The command that signs in again, for `L`. */
  signInCommand(): readonly string[] | undefined
  /** Flags that reach the same account from a shell: `--sandbox`, `--profile ml-prod-admin`. */
  shellFlags(): string
}
