import type { Outcome } from './effect.ts'
import { changed, type Model } from './model.ts'
import { planning } from './taking-back.ts'

/** `u` and Ctrl-R: one step of the choices back or forth. What was applied is not among them. */
export function undoOnKey(model: Model, key: 'u' | 'ctrl-r'): Outcome {
  if (model.screen === 'apply' || model.screen === 'verify') {
    const text = 'u takes back choices, not what was applied; U rolls that back.'
    return { model: { ...model, said: { text, tone: 'plain' } } }
  }
  const next = key === 'u' ? undo(model) : redo(model)
  if (model.screen !== 'preview' || next.edit === model.edit) return { model: next }
  // The preview is of what is chosen now.
  return { model: { ...next, plan: { state: 'loading' } }, effects: [planning(next)] }
}

function undo(model: Model): Model {
  const last = model.past.at(-1)
  if (!last) return { ...model, said: { text: 'Nothing to undo.', tone: 'plain' } }
  return {
    ...model,
    edit: last.edit,
    past: model.past.slice(0, -1),
    future: [{ edit: model.edit, what: last.what }, ...model.future],
    plan: { state: 'none' },
    said: { text: `Undid: ${last.what}. ctrl-r does it again.`, tone: 'plain' },
  }
}

function redo(model: Model): Model {
  const [next, ...future] = model.future
  if (!next) return { ...model, said: { text: 'Nothing to redo.', tone: 'plain' } }
  const done = changed(model, next.edit, next.what)
  return { ...done, future, said: { text: `Did again: ${next.what}. u undoes.`, tone: 'plain' } }
}
