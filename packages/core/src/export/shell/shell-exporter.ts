import type { PlanExporter } from '../exporter.ts'
import { otherAccountFiles } from '../other-accounts.ts'
import { policyFiles } from '../policies-exporter.ts'
import { scriptReadme } from '../readme/script-readme.ts'
import { renderApplyScript, renderRollbackScript } from './render-scripts.ts'

/** Two bash scripts, each complete in itself, and the documents once more as files to review. */
export const shellExporter: PlanExporter = {
  mainFile: () => 'apply.sh',
  render: (plan, options) => [
    { path: 'apply.sh', text: renderApplyScript(plan, options.toolVersion), executable: true },
    { path: 'rollback.sh', text: renderRollbackScript(plan, options.toolVersion), executable: true },
    ...policyFiles(plan),
    ...otherAccountFiles(plan),
    { path: 'README.md', text: scriptReadme(plan, options, 'shell'), executable: false },
  ],
}
