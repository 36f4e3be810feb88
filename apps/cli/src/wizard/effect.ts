import type { ApplyEvent } from '@mlflow-iam/aws'
import type { ExportFormat } from '@mlflow-iam/core/export/exporter'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { AccountChoice, Planned, WizardIdentity, WizardVerification } from './account.ts'
import type { DraftSession } from './drafts.ts'
import type { Edit } from './edit.ts'
import type { Found } from './evidence.ts'
import type { Key } from './keys.ts'
import type { DraftInfo, Exporting, Notice, ScreenId, TodayAccess } from './model.ts'
import type { LastRun } from './taking-back.ts'

/** Work that a key asks for. Data only: `effects.ts` is the one place that does it. */
export type Effect =
  | { readonly type: 'load-drafts' }
  | { readonly type: 'load-choices' }
  | { readonly type: 'identify'; readonly choice: AccountChoice; readonly region?: string }
  | { readonly type: 'observe' }
  | { readonly type: 'evaluate'; readonly snapshot: Snapshot; readonly name: string }
  | { readonly type: 'plan'; readonly edit: Edit }
  | { readonly type: 'plan-rollback'; readonly journal: string }
  | { readonly type: 'apply'; readonly plan: Plan }
  | {
      readonly type: 'resume-apply'
      readonly journal: string
      /** Ids of operations that are left out, with everything that needs them. */
      readonly leaveOut: readonly string[]
    }
  | { readonly type: 'stop-apply' }
  | { readonly type: 'rollback'; readonly journal: string }
  | { readonly type: 'verify'; readonly plan: Plan }
  | {
      readonly type: 'export'
      readonly plan: Plan
      readonly format: ExportFormat | 'grants'
      readonly dir: string
      readonly edit: Edit
      readonly readme: boolean
    }
  | {
      readonly type: 'render-export'
      readonly plan: Plan
      readonly format: ExportFormat | 'grants'
      readonly edit: Edit
      readonly readme: boolean
    }
  | { readonly type: 'save-draft'; readonly edit: Edit; readonly session: DraftSession }
  | { readonly type: 'open-draft'; readonly name: string }
  | { readonly type: 'discard-draft'; readonly name: string }
  | { readonly type: 'open-file'; readonly path: string }
  | { readonly type: 'import-evidence'; readonly path: string }
  | { readonly type: 'save-file'; readonly path: string; readonly edit: Edit; readonly force: boolean }
  | { readonly type: 'save-plan'; readonly plan: Plan }
  | { readonly type: 'save-commands'; readonly plan: Plan }
  | { readonly type: 'save-report'; readonly plan: Plan; readonly snapshot: Snapshot }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'pager'; readonly text: string }
  | { readonly type: 'sign-in' }
  | { readonly type: 'suspend' }

/** What comes back, and what the terminal sends. */
export type Message =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'drafts'; readonly drafts: readonly DraftInfo[] }
  | { readonly type: 'last-run'; readonly run: LastRun }
  | { readonly type: 'draft-opened'; readonly edit: Edit; readonly session: DraftSession }
  | { readonly type: 'file-opened'; readonly edit: Edit; readonly path: string }
  | { readonly type: 'draft-saved'; readonly at: string }
  | { readonly type: 'choices'; readonly choices: readonly AccountChoice[] }
  | { readonly type: 'identified'; readonly identity: WizardIdentity; readonly choice: AccountChoice }
  | { readonly type: 'observed'; readonly snapshot: Snapshot }
  | {
      readonly type: 'evaluated'
      readonly today: TodayAccess
      readonly snapshot: Snapshot
      /** What policies of this name give already, as choices. */
      readonly owned?: Edit
    }
  | { readonly type: 'evidence-found'; readonly found: Found }
  | { readonly type: 'planned'; readonly planned: Planned; readonly edit: Edit }
  | { readonly type: 'rollback-shown'; readonly planned: Planned; readonly journal: string }
  | { readonly type: 'apply-event'; readonly event: ApplyEvent }
  | { readonly type: 'rollback-planned'; readonly plan: Plan }
  | { readonly type: 'second' }
  | { readonly type: 'verified'; readonly verification: WizardVerification }
  | { readonly type: 'exported'; readonly dir: string; readonly paths: readonly string[] }
  | {
      readonly type: 'export-rendered'
      readonly files: NonNullable<Exporting['files']>
      readonly runner: string
    }
  | { readonly type: 'said'; readonly text: string; readonly tone: 'plain' | 'warn' }
  | { readonly type: 'failed'; readonly of: FailedPart; readonly notice: Notice }

export type FailedPart = 'choices' | 'identity' | 'snapshot' | 'plan' | 'run' | 'verification' | 'other'

export interface Outcome {
  readonly model: import('./model.ts').Model
  readonly effects?: readonly Effect[]
  readonly go?: 'next' | 'back' | ScreenId
}
