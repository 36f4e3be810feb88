import { awsCommand } from '@mlflow-iam/core/export/aws-command'
import type { KeyHint } from '../ui/frame.ts'
import { moveCursor } from '../ui/scroll.ts'
import { wrap } from '../ui/text.ts'
import { runsToUndo } from '../wizard/applied.ts'
import type { Outcome } from '../wizard/effect.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { objectOf } from '../wizard/plan-facts.ts'
import { hasFailed, leftOut, type StartedRun, startedRun, taskGroups } from '../wizard/run.ts'

/** What a key does while the run goes on, and when it stopped. */
export function runOnKey(model: Model, key: Key): Outcome | undefined {
  const { run } = model
  if (run.state === 'idle') return { model: { ...model, applyMode: 'confirm' } }
  const lines = runLines(run, 1000)
  const place = placeOf(model)
  const moved = moveCursor(place.row, lines, key.name, 8)
  if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
  const busy = run.state === 'running' || run.state === 'stopping'
  if (key.name === 'enter') {
    if (run.state === 'finished' && run.undoing) return backToPreview(model)
    if (run.state === 'finished') return { model, go: 'next' }
    const failure = run.failure
      ? [run.failure.what, ...wrap(run.failure.why, 74), ...run.failure.fix, '']
      : []
    const details = [
      ...failure,
      ...run.tasks.map(
        (task) =>
          `${task.state}  ${task.operation.action} ${objectOf(task.operation)}: ${task.operation.because}`,
      ),
    ]
    return { model: { ...model, overlay: { kind: 'list', title: 'Every change', lines: details, top: 0 } } }
  }
  if (busy)
    return ['esc', '<', '>', 'r', 'L', 'P', 'W', 'p', 'u', 'q'].includes(key.name)
      ? { model: { ...model, said: { text: 'Applying: ctrl-c stops safely.', tone: 'plain' } } }
      : undefined
  if (run.state === 'failed') {
    const planned = loaded(model.plan)
    if (key.name === 'r' || key.name === 'x') {
      if (run.journal) {
        const leaveOut = key.name === 'x' ? leftOut(run) : []
        if (key.name === 'x' && !hasFailed(run))
          return { model: { ...model, said: { text: 'Nothing failed; r goes on.', tone: 'plain' } } }
        const { failure: _, ...rest } = run
        return {
          model: { ...model, run: { ...rest, state: 'running' } },
          effects: [{ type: 'resume-apply', journal: run.journal, leaveOut }],
        }
      }
      if (run.undoing !== undefined && key.name === 'r') return beginUndo(model, run.undoing)
      // Nothing was sent, so there is nothing to resume: a plan that is still there is tried again, else made anew.
      if (planned && key.name === 'r')
        return {
          model: { ...model, run: startedRun(planned.plan) },
          effects: [{ type: 'apply', plan: planned.plan }],
        }
      return { model: { ...model, run: { state: 'idle' }, applyMode: 'confirm' }, go: 'back' }
    }
    if (key.name === 'U' && runsToUndo(model).length > 0) return { model: { ...model, applyMode: 'undo' } }
    if (key.name === 'esc' || key.name === '<')
      return {
        model: { ...model, run: { state: 'idle' }, applyMode: 'confirm', plan: { state: 'none' } },
        go: 'back',
      }
  }
  if (run.state === 'finished' && key.name === 'U' && runsToUndo(model).length > 0)
    return { model: { ...model, applyMode: 'undo' } }
  if (run.state === 'finished' && (key.name === 'esc' || key.name === '<')) return backToPreview(model)
  return undefined
}

/** Starts taking a run back: what can be taken back is worked out from the account as it is now. */
export function beginUndo(model: Model, undoing: string): Outcome {
  const said = 'Looking at what can be taken back.'
  return {
    model: { ...model, run: { state: 'running', tasks: [], seconds: 0, undoing, said } },
    effects: [{ type: 'rollback', journal: undoing }],
  }
}

/** What was done changed the account: the preview plans anew. */
function backToPreview(model: Model): Outcome {
  return {
    model: { ...model, plan: { state: 'none' }, run: { state: 'idle' }, applyMode: 'confirm' },
    go: 'back',
  }
}

function runLines(run: StartedRun, height: number): number {
  return Math.min(height, run.tasks.length + taskGroups(run.tasks).length)
}

export function runKeys(model: Model): readonly KeyHint[] {
  const move = { keys: model.ascii ? 'up/down' : '↑↓', does: 'scroll' }
  const { run } = model
  if (run.state === 'failed' && !run.journal) {
    return [
      { keys: '?', does: 'help' },
      { keys: 'r', does: loaded(model.plan) ? 'retry' : 'plan anew' },
      { keys: 'enter', does: 'details' },
      { keys: 'esc', does: 'back' },
      { keys: 'q', does: 'leave' },
    ]
  }
  if (run.state === 'failed') {
    return [
      { keys: '?', does: 'help' },
      { keys: 'r', does: 'retry' },
      ...(hasFailed(run) ? [{ keys: 'x', does: 'go on without it' }] : []),
      { keys: 'U', does: 'roll back' },
      { keys: 'enter', does: 'details' },
      { keys: 'q', does: 'leave' },
    ]
  }
  if (run.state === 'finished') {
    return [
      { keys: '?', does: 'help' },
      move,
      { keys: 'enter', does: run.undoing ? 'preview' : 'verify' },
      ...(runsToUndo(model).length > 0
        ? [{ keys: 'U', does: run.undoing ? 'roll back the run before' : 'roll back' }]
        : []),
      { keys: 'y', does: 'copy command' },
      { keys: 'q', does: 'quit' },
    ]
  }
  return [
    { keys: '?', does: 'help' },
    move,
    { keys: 'enter', does: 'details' },
    { keys: 'y', does: 'copy command' },
    { keys: 'ctrl-c', does: 'stop safely' },
  ]
}

/** The last command, and all of them. */
export function runCopy(model: Model): { readonly item?: string; readonly all: string } | undefined {
  const { run } = model
  if (run.state === 'idle') return undefined
  return {
    ...(run.last ? { item: awsCommand(run.last) } : {}),
    all: run.tasks.map((task) => `${task.state}  ${awsCommand(task.operation)}`).join('\n'),
  }
}
