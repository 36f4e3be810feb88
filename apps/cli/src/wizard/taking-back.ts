import { runsToUndo } from './applied.ts'
import type { Effect } from './effect.ts'
import type { Model } from './model.ts'

/** An earlier apply that could be taken back. */
export interface LastRun {
  readonly journal: string
  /** ISO 8601. */
  readonly at: string
  /** 12 digits. */
  readonly account: string
  /** How many changes it made. */
  readonly changes: number
}

/** Sets out to take an earlier apply back: it counts among the runs of this session. */
export function takingBack(model: Model, run: LastRun): Model {
  const { journal, changes } = run
  return { ...model, takingBack: run, applied: [{ journal, done: changes, takenBack: false, earlier: true }] }
}

/** The apply that this session is about to take back; nothing once that is done. */
export function toTakeBack(model: Model): LastRun | undefined {
  const { takingBack: run } = model
  return run && runsToUndo(model).some((each) => each.journal === run.journal) ? run : undefined
}

/** What plans for the preview: going back to before an apply, else what was chosen. */
export function planning(model: Model): Effect {
  const run = toTakeBack(model)
  return run ? { type: 'plan-rollback', journal: run.journal } : { type: 'plan', edit: model.edit }
}
