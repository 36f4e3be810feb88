import type { OperationAction } from '@mlflow-iam/core/plan/operation'
import type { ExitCode } from '@mlflow-iam/core/problem'
import type { Timing } from '../time.ts'

/** What happens while a plan is carried out, in the order in which it happens. */
export type ApplyEvent =
  | {
      readonly event: 'started'
      readonly plan: string
      readonly operations: number
      readonly journal: string | null
    }
  | {
      readonly event: 'sending'
      readonly operation: string
      readonly action: OperationAction
      readonly at: string
    }
  | { readonly event: 'done'; readonly operation: string; readonly ms: number; readonly already?: true }
  | {
      readonly event: 'throttled'
      readonly operation: string
      readonly attempt: number
      readonly of: number
      readonly waitMs: number
      /** Calls at once from now on. */
      readonly concurrency: number
    }
  /** AWS needs time, or is asked what became of a call. `operation` is absent where many wait together. */
  | { readonly event: 'settling'; readonly operation?: string; readonly what: string }
  | { readonly event: 'failed'; readonly operation: string; readonly error: ApplyError }
  /** Not sent, because an operation that it needs failed or was left out; `because` names it, or says `left out`. */
  | { readonly event: 'skipped'; readonly operation: string; readonly because: string }
  /** Sent, and nobody knows what became of it. Resuming asks AWS. */
  | { readonly event: 'unknown'; readonly operation: string }
  /** The operations done so far are being taken back. */
  | {
      readonly event: 'rolling-back'
      readonly plan: string
      readonly operations: number
      readonly journal: string | null
    }
  | {
      readonly event: 'finished'
      readonly ok: boolean
      readonly done: number
      readonly failed: number
      readonly journal: string | null
      readonly interrupted?: true
      /** Everything that had been done was taken back. */
      readonly rolledBack?: true
    }

export interface ApplyError {
  readonly code: string
  readonly what: string
  readonly why: string
  readonly fix: readonly string[]
  readonly exit: ExitCode
}

export interface ApplyOptions {
  /** The journal's file; by default `mlflow-iam-<plan id>.journal.jsonl` in `folder`. */
  readonly journal?: string
  /** Where the default journal goes. Default: the working folder. */
  readonly folder?: string
  /** Where locks are kept. Default: `$XDG_STATE_HOME/mlflow-iam`. */
  readonly stateFolder?: string
  /** Calls at once. Default 4. */
  readonly concurrency?: number
  readonly onError?: 'stop' | 'continue' | 'rollback'
  /** Ids of operations that are not to be sent; what needs them is skipped as if they had failed. */
  readonly leaveOut?: ReadonlySet<string>
  /** Finish the calls that are out, start none. */
  readonly signal?: AbortSignal
  /** Leave at once; calls that are out are reported as unknown. */
  readonly abandon?: AbortSignal
  /** Milliseconds to wait for AWS to show what was written. Default two minutes. */
  readonly settleMs?: number
  readonly timing?: Timing
  /** For a rollback: the journal that this plan undoes. */
  readonly undoes?: string
}
