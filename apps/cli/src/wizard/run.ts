import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { WizardApplyEvent } from './account.ts'

export type TaskState = 'waiting' | 'sending' | 'throttled' | 'done' | 'already' | 'failed'

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
      readonly done: number
      readonly failed: number
    }

export function startedRun(plan: Plan): RunState {
  const tasks = plan.operations.map((operation): Task => ({ operation, state: 'waiting', note: '' }))
  return { state: 'running', tasks, seconds: 0, done: 0, failed: 0 }
}

/** Takes one event of an apply into the run. */
export function tellRun(run: RunState, event: WizardApplyEvent): RunState {
  if (run.state === 'idle') return run
  const set = (operation: Operation, state: TaskState, note: string) =>
    run.tasks.map((task) => (task.operation.id === operation.id ? { ...task, state, note } : task))
  switch (event.event) {
    case 'started':
      return event.journal === undefined ? run : { ...run, journal: event.journal }
    case 'sending':
      return { ...run, tasks: set(event.operation, 'sending', 'sending'), last: event.operation }
    case 'waiting':
      return event.operation
        ? { ...run, tasks: set(event.operation, 'sending', event.why), said: event.why }
        : { ...run, said: event.why }
    case 'throttled':
      return {
        ...run,
        tasks: set(event.operation, 'throttled', `throttled, try ${event.attempt} of 6`),
        said: `AWS asked us to slow down. Running ${event.concurrency} at a time.`,
      }
    case 'done': {
      const note = event.already
        ? 'already right'
        : event.milliseconds === undefined
          ? 'done'
          : `done in ${(event.milliseconds / 1000).toFixed(1)} s`
      const tasks = set(event.operation, event.already ? 'already' : 'done', note)
      return { ...run, tasks, done: countDone(tasks), last: event.operation }
    }
    case 'failed': {
      const { what, why, fix } = event
      const tasks = set(event.operation, 'failed', what)
      return { ...run, tasks, failed: run.failed + 1, failure: { what, why, fix } }
    }
    case 'finished':
      return {
        ...run,
        state: event.ok ? 'finished' : 'failed',
        done: Math.max(event.done, run.done),
        failed: event.failed,
        ...(event.journal === undefined ? {} : { journal: event.journal }),
      }
  }
}

function countDone(tasks: readonly Task[]): number {
  return tasks.filter((task) => task.state === 'done' || task.state === 'already').length
}

/** The groups that the screen folds finished work into, in the order the work is done. */
export function taskGroups(tasks: readonly Task[]): readonly { title: string; tasks: readonly Task[] }[] {
  const groups = new Map<string, Task[]>()
  for (const task of tasks) {
    const title = groupTitle(task.operation)
    groups.set(title, [...(groups.get(title) ?? []), task])
  }
  return [...groups].map(([title, members]) => ({ title, tasks: members }))
}

function groupTitle({ action, risk }: Operation): string {
  if (risk === 'removes') return 'Removals'
  if (action.includes('PermissionSet')) return 'Permission sets'
  if (action.startsWith('Attach')) return 'Attachments'
  if (action.includes('Role')) return 'Service roles'
  if (action.includes('Profile')) return 'Profiles'
  return 'Policies'
}
