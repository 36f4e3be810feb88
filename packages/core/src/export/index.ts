import { cloudformationExporter, stacksetExporter } from './cloudformation/cloudformation-exporter.ts'
import type { ExportFormat, PlanExporter } from './exporter.ts'
import { policiesExporter } from './policies-exporter.ts'
import { powershellExporter } from './powershell/powershell-exporter.ts'
import { shellExporter } from './shell/shell-exporter.ts'
import { terraformExporter } from './terraform/terraform-exporter.ts'

/** What writes each format. */
export const exporters: Record<ExportFormat, PlanExporter> = {
  terraform: terraformExporter,
  cloudformation: cloudformationExporter,
  stackset: stacksetExporter,
  shell: shellExporter,
  powershell: powershellExporter,
  policies: policiesExporter,
}
