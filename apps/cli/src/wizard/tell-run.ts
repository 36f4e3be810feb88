import type { ApplyEvent } from '@mlflow-iam/aws'
import { count } from '../ui/text.ts'
import { holderOf, objectOf } from './plan-facts.ts'
import type { RunState, TaskState } from './run.ts'

/** Takes one event of an apply into the run. */
export function tellRun(run: RunState, event: ApplyEvent): RunState {
  if (run.state === 'idle') return run
  const set = (id: string, state: TaskState, note: string) =>
    run.tasks.map((task) => (task.operation.id === id ? { ...task, state, note } : task))
  switch (event.event) {
    case 'started':
      return event.journal === null ? run : { ...run, journal: event.journal }
    case 'sending': {
      const last = run.tasks.find((task) => task.operation.id === event.operation)?.operation
      return { ...run, tasks: set(event.operation, 'sending', 'sending'), ...(last ? { last } : {}) }
    }
    case 'settling':
      return event.operation
        ? { ...run, tasks: set(event.operation, 'sending', event.what) }
        : { ...run, said: event.what }
    case 'throttled': {
      const note = `throttled, try ${event.attempt} of ${event.of} in ${Math.ceil(event.waitMs / 1000)} s`
      const said = `! AWS asked us to slow down. Running ${event.concurrency} at a time.`
      return { ...run, tasks: set(event.operation, 'throttled', note), said }
    }
    case 'done': {
      const note = event.already ? 'already right' : `done in ${(event.ms / 1000).toFixed(1)} s`
      return { ...run, tasks: set(event.operation, 'done', note) }
    }
    case 'failed': {
      const { what, why, fix } = event.error
      return { ...run, tasks: set(event.operation, 'failed', what), failure: { what, why, fix } }
    }
    case 'skipped': {
      const needed = run.tasks.find(({ operation }) => operation.id === event.because)?.operation
      const note = needed ? `needs ${holderOf(needed) || objectOf(needed)}, not done` : event.because
      return { ...run, tasks: set(event.operation, 'skipped', note) }
    }
    case 'unknown':
      return { ...run, tasks: set(event.operation, 'unknown', 'sent, and no answer came; resuming asks AWS') }
    case 'rolling-back':
      return { ...run, said: `Taking back ${count(event.operations, 'change')}.` }
    case 'finished': {
      const { said: _, ...rest } = run
      return {
        ...rest,
        state: event.ok ? 'finished' : 'failed',
        ...(event.journal === null ? {} : { journal: event.journal }),
        ...(event.rolledBack ? { rolledBack: true } : {}),
      }
    }
  }
}
