import type { Plan } from '../../plan/plan.ts'
import type { ExportOptions } from '../exporter.ts'
import { otherAccountsSection } from './other-accounts.ts'
import { accessTable, findingList, heading, page } from './parts.ts'

/** The README beside the bare documents: whose they are. */
export function policiesReadme(plan: Plan, options: ExportOptions): string {
  const sentence =
    'The policy documents alone: `policies/<name>.json` for each policy, `policies/<role>.trust.json` for each role.'
  return page(
    heading(plan, options.toolVersion, sentence),
    findingList(plan),
    accessTable(plan),
    otherAccountsSection(plan, { inline: false }),
  )
}
