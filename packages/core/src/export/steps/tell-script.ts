import type { Plan } from '../../plan/plan.ts'
import { describeStep } from '../describe-step.ts'
import { saying } from '../saying.ts'
import { applyParts } from './apply-parts.ts'
import type { Part } from './part.ts'
import { undoStep } from './undo-parts.ts'

/** A script before it is in any language: what it is for, and each step with what a reviewer should know. */
export interface ScriptStory {
  readonly kind: 'apply' | 'rollback'
  readonly fileName: string
  readonly purpose: string
  readonly notes: readonly string[]
  readonly steps: readonly StepStory[]
}

export interface StepStory {
  /** The call in a few words. */
  readonly title: string
  /** Why, and who gains or loses what. */
  readonly about: readonly string[]
  /** One sentence, printed when the step begins. */
  readonly says: string
  readonly parts: readonly Part[]
}

/** Every operation of the plan, in its order. */
export function tellApply(plan: Plan, fileName: string): ScriptStory {
  const steps = plan.operations.map(
    (operation): StepStory => ({
      title: `${saying(operation)} (${operation.risk})`,
      about: describeStep(operation, plan),
      says: operation.because,
      parts: applyParts(operation, plan),
    }),
  )
  return {
    kind: 'apply',
    fileName,
    purpose: `gives the access that the plan below describes, in ${count(steps.length)}.`,
    notes: ['A step that is done already is skipped, so it can run twice, and again after it broke off.'],
    steps,
  }
}

/** What undoes the plan, last operation first. */
export function tellRollback(plan: Plan, applied: string, fileName: string): ScriptStory {
  const steps = plan.operations.toReversed().flatMap((operation): readonly StepStory[] => {
    const step = undoStep(operation, plan)
    if (step === undefined) return []
    const number = plan.operations.indexOf(operation) + 1
    const about = [`  Undoes step ${number} of ${applied}: ${operation.because}`]
    return [{ title: step.says, about, says: step.says, parts: step.parts }]
  })
  return {
    kind: 'rollback',
    fileName,
    purpose: `takes back what ${applied} of the plan below did, in ${count(steps.length)}.`,
    notes: [
      `It compares first: a policy, version, role or trust policy that is no longer as ${applied} wrote it`,
      'stays, and so does a policy that others use. What is gone already is skipped.',
    ],
    steps,
  }
}

function count(steps: number): string {
  return steps === 1 ? '1 step' : `${steps} steps`
}
