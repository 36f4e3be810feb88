import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'

export type TaskState = 'waiting' | 'sending' | 'throttled' | 'done' | 'failed' | 'skipped' | 'unknown'

export interface Task {
  readonly operation: Operation
  readonly state: TaskState
  /** What the row says beside its state: "try 2 of 6", "0.4 s". */
  readonly note: string
}

/** How far an apply is. */
export type RunState =
  | { readonly state: 'idle' }
  | {
      readonly state: 'running' | 'stopping' | 'finished' | 'failed'
      readonly tasks: readonly Task[]
      readonly seconds: number
      readonly said?: string
      readonly journal?: string
      readonly last?: Operation
      readonly failure?: { readonly what: string; readonly why: string; readonly fix: readonly string[] }
      readonly rolledBack?: true
      /** The journal of the earlier run that it takes back. */
      readonly undoing?: string
    }
export type StartedRun = Exclude<RunState, { state: 'idle' }>

export function startedRun(plan: Plan): StartedRun {
  const tasks = plan.operations.map((operation): Task => ({ operation, state: 'waiting', note: '' }))
  return { state: 'running', tasks, seconds: 0 }
}

/** Which run is taken back, where one is: the plan of doing so is made only after it began. */
export function undoingOf(run: RunState): Pick<StartedRun, 'undoing'> {
  return run.state === 'idle' || run.undoing === undefined ? {} : { undoing: run.undoing }
}

/** What the row of an operation says that `x` left out. */
export const leftOutNote = 'left out'

/** Whether a change of the run failed. */
export function hasFailed(run: StartedRun): boolean {
  return run.tasks.some(({ state }) => state === 'failed')
}

/** What `x` leaves out: what failed, and what was left out before. Everything that needs those is skipped by itself. */
export function leftOut(run: StartedRun): readonly string[] {
  return run.tasks
    .filter(({ state, note }) => state === 'failed' || (state === 'skipped' && note === leftOutNote))
    .map(({ operation }) => operation.id)
}

/** Operations that are done. */
export function doneOf(run: RunState): number {
  return run.state === 'idle' ? 0 : run.tasks.filter((task) => task.state === 'done').length
}

/** The groups that the screen folds finished work into, in the order the work is done. */
export function taskGroups(
  tasks: readonly Task[],
): readonly { readonly title: string; readonly tasks: readonly Task[] }[] {
  const groups = new Map<string, Task[]>()
  for (const task of tasks) {
    const title = groupTitle(task.operation)
    const group = groups.get(title)
    if (group) group.push(task)
    else groups.set(title, [task])
  }
  return [...groups].map(([title, members]) => ({ title, tasks: members }))
}

/** The group that an operation is shown in. */
export function groupTitle({ action, risk }: Operation): string {
  if (risk === 'removes') return 'Removals'
  if (action.includes('PermissionSet')) return 'Permission sets'
  if (action.startsWith('Attach')) return 'Attachments'
  if (/Role(?!Policy)|AssumeRole/.test(action)) return 'Roles'
  if (action.includes('Profile')) return 'Profiles'
  return 'Policies'
}
