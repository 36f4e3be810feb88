import type { Plan } from '../plan/plan.ts'

/** Every format on offer, in the order in which people ask for them: its name, and one line on what it is. */
export const exportFormats = {
  terraform: { label: 'Terraform', hint: 'one module, import blocks for what already exists' },
  cloudformation: { label: 'CloudFormation', hint: 'one template, change-set steps in the README' },
  shell: { label: 'Shell script', hint: 'AWS CLI; prints only, until run with --apply' },
  powershell: { label: 'PowerShell', hint: 'for PowerShell 7; prints only, until run with -Apply' },
  stackset: { label: 'StackSets', hint: 'one template for many accounts' },
  policies: { label: 'Policies', hint: 'the JSON documents alone' },
} as const

export type ExportFormat = keyof typeof exportFormats

/** Turns a plan into the text of files. Pure: no clock, no disk, no network. */
export interface PlanExporter {
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
