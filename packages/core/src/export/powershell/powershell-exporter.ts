import type { PlanExporter } from '../exporter.ts'
import { otherAccountFiles } from '../other-accounts.ts'
import { policyFiles } from '../policies-exporter.ts'
import { scriptReadme } from '../readme/script-readme.ts'
import { renderApplyPs1, renderRollbackPs1 } from './render-scripts.ts'

/** The shell export's twin for PowerShell 7. */
export const powershellExporter: PlanExporter = {
  mainFile: () => 'apply.ps1',
  render: (plan, options) => [
    { path: 'apply.ps1', text: renderApplyPs1(plan, options.toolVersion), executable: false },
    { path: 'rollback.ps1', text: renderRollbackPs1(plan, options.toolVersion), executable: false },
    ...policyFiles(plan),
    ...otherAccountFiles(plan),
    { path: 'README.md', text: scriptReadme(plan, options, 'powershell'), executable: false },
  ],
}
