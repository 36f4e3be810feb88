import type { Plan } from '../plan/plan.ts'

export type ExportFormat = 'shell' | 'powershell' | 'cloudformation' | 'stackset' | 'terraform' | 'policies'

/** Turns a plan into the text of files. Pure: no clock, no disk, no network. */
export interface PlanExporter {
  readonly id: ExportFormat
  readonly label: string
  /** One line: what it is for. */
  readonly hint: string
  /** The one file that `-o -` prints; absent where the format is several files. */
  readonly mainFile?: (options: ExportOptions) => string
  render(plan: Plan, options: ExportOptions): readonly ExportedFile[]
}

export interface ExportOptions {
  /** CloudFormation as JSON, Terraform as `.tf.json`. */
  readonly json: boolean
  readonly readme: boolean
  readonly toolVersion: string
}

export interface ExportedFile {
  /** Relative to the folder, with `/`: `policies/viewer-1a2b3c4d.json`. */
  readonly path: string
  readonly text: string
  readonly executable: boolean
}
