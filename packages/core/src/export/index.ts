import type { ExportFormat, PlanExporter } from './exporter.ts'
import { policiesExporter } from './policies-exporter.ts'
import { shellExporter } from './shell/shell-exporter.ts'

/** Every format on offer, in the order in which the export screen lists them. */
export const exporters: Partial<Record<ExportFormat, PlanExporter>> = {
  shell: shellExporter,
  policies: policiesExporter,
}
