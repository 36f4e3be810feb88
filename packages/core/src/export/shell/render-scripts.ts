import type { Plan } from '../../plan/plan.ts'
import { describeStep } from '../describe-step.ts'
import { saying } from '../saying.ts'
import { applyStep } from './apply-steps.ts'
import { renderScript, type ScriptStep } from './script.ts'
import { undoStep } from './undo-steps.ts'

/** `apply.sh`: prints what it would send; with `--apply` it sends it. Safe to run again at any time. */
export function renderApplyScript(plan: Plan, toolVersion: string): string {
  const steps = plan.operations.map((operation): ScriptStep => {
    const about = describeStep(operation, plan)
    return {
      title: `${saying(operation)} (${operation.risk})`,
      about,
      says: operation.because,
      body: applyStep(operation, plan),
    }
  })
  const script = {
    fileName: 'apply.sh',
    purpose: `gives the access that the plan below describes, in ${count(steps.length, 'step')}.`,
    notes: ['A step that is done already is skipped, so it can run twice, and again after it broke off.'],
    steps,
  }
  return renderScript(plan, script, toolVersion)
}

/** `rollback.sh`: takes back what `apply.sh` did, last step first, and leaves alone what has changed since. */
export function renderRollbackScript(plan: Plan, toolVersion: string): string {
  const undone = plan.operations.toReversed().flatMap((operation) => {
    const step = undoStep(operation, plan)
    return step === undefined ? [] : [{ operation, step }]
  })
  const steps = undone.map(({ operation, step }): ScriptStep => {
    const undoes = `  Undoes step ${plan.operations.indexOf(operation) + 1} of apply.sh: ${operation.because}`
    return { title: step.says, about: [undoes], says: step.says, body: step.body }
  })
  const script = {
    fileName: 'rollback.sh',
    purpose: `takes back what apply.sh of the plan below did, in ${count(steps.length, 'step')}.`,
    notes: [
      'It compares first: a policy, version, role or trust policy that is no longer as apply.sh wrote it',
      'stays, and so does a policy that others use. What is gone already is skipped.',
    ],
    steps,
  }
  return renderScript(plan, script, toolVersion)
}

function count(number: number, word: string): string {
  return number === 1 ? `1 ${word}` : `${number} ${word}s`
}
