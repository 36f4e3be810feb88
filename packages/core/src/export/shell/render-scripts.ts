import type { Plan } from '../../plan/plan.ts'
import { type ScriptStory, tellApply, tellRollback } from '../steps/tell-script.ts'
import { printParts } from './print-parts.ts'
import { renderScript } from './script.ts'

/** `apply.sh`: prints what it would send; with `--apply` it sends it. Safe to run again at any time. */
export function renderApplyScript(plan: Plan, toolVersion: string): string {
  return render(plan, tellApply(plan, 'apply.sh'), toolVersion)
}

/** `rollback.sh`: takes back what `apply.sh` did, last step first, and leaves alone what has changed since. */
export function renderRollbackScript(plan: Plan, toolVersion: string): string {
  return render(plan, tellRollback(plan, 'apply.sh', 'rollback.sh'), toolVersion)
}

function render(plan: Plan, story: ScriptStory, toolVersion: string): string {
  const steps = story.steps.map((step) => ({ ...step, body: printParts(step.parts) }))
  return renderScript(plan, { ...story, steps }, toolVersion)
}
