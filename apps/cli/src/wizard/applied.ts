import { count } from '../ui/text.ts'
import type { Model } from './model.ts'
import { doneOf } from './run.ts'

/** One run of this session that changed something in AWS. */
export interface AppliedRun {
  readonly journal: string
  /** How many changes it made. */
  readonly done: number
  readonly takenBack: boolean
  /** It was applied before this session, which was opened to take it back. */
  readonly earlier?: true
}

/** The model with what its run has done by now, or has taken back, in the session's list. */
export function rememberRun(model: Model): Model {
  const { run } = model
  if (run.state === 'idle' || run.journal === undefined || doneOf(run) === 0) return model
  const { journal, undoing } = run
  if (undoing !== undefined) {
    // What was taken back only in part is still there to be taken back.
    if (run.state !== 'finished') return model
    return {
      ...model,
      applied: model.applied.map((each) => (each.journal === undoing ? { ...each, takenBack: true } : each)),
    }
  }
  const own: AppliedRun = { journal, done: doneOf(run), takenBack: run.rolledBack === true }
  return { ...model, applied: [...model.applied.filter((each) => each.journal !== journal), own] }
}

/** Runs of this session whose changes are in AWS, the last one first: the order in which they can be taken back. */
export function runsToUndo(model: Model): readonly AppliedRun[] {
  return model.applied.filter((each) => !each.takenBack).reverse()
}

/** What this session changed in AWS, in one sentence. */
export function changedWords(model: Model): string {
  const { run } = model
  if (run.state !== 'idle' && run.state !== 'finished' && run.undoing !== undefined && doneOf(run) > 0)
    return `${count(doneOf(run), 'change')} taken back in AWS, but not all; the journal says which.`
  const own = model.applied.filter((each) => !each.earlier)
  const done = own.reduce((sum, each) => sum + (each.takenBack ? 0 : each.done), 0)
  if (done > 0)
    return `${count(done, 'change')} of this session ${done === 1 ? 'is' : 'are'} in AWS; the journal has them.`
  const earlier = model.applied.find((each) => each.earlier)
  if (earlier?.takenBack) return `${count(earlier.done, 'change')} of the earlier apply taken back in AWS.`
  if (own.length > 0) return 'What this session changed in AWS was taken back.'
  return `Nothing has changed in AWS.${earlier ? ' The earlier apply is as it was.' : ''}`
}
