import type { Area, View } from '../ui/frame.ts'
import type { Outcome } from '../wizard/effect.ts'
import type { Key } from '../wizard/keys.ts'
import type { Model } from '../wizard/model.ts'
import { confirmKeys, confirmOnKey, confirmView } from './apply-confirm.ts'
import { enterExport, exportKeys, exportOnKey, exportView } from './apply-export.ts'
import { runCopy, runKeys, runOnKey } from './apply-run.ts'
import { runView } from './apply-run-view.ts'
import type { Screen } from './screen.ts'

/** The one step that may write: the question first, or the hand-over to someone else. */
export const applyScreen: Screen = {
  id: 'apply',
  title: 'Apply',

  enter(model) {
    if (model.run.state !== 'idle' && model.applyMode === 'run') return { model }
    const asked: Model = { ...model, confirm: { field: { text: '', caret: 0 }, focus: 'back' } }
    if (asked.applyMode === 'export') return enterExport(asked)
    return asked.applyMode === 'undo' ? { model: asked } : { model: { ...asked, applyMode: 'confirm' } }
  },

  blocks: (model) =>
    model.run.state === 'finished' ? undefined : 'Verify comes after applying; E in Preview exports instead.',

  onKey(model: Model, key: Key): Outcome | undefined {
    switch (model.applyMode) {
      case 'export':
        return exportOnKey(model, key)
      case 'run':
        return runOnKey(model, key)
      default:
        return confirmOnKey(model, key)
    }
  },

  view(model: Model, area: Area): View {
    switch (model.applyMode) {
      case 'export':
        return exportView(model, area)
      case 'run':
        return runView(model, area)
      default:
        return confirmView(model, area)
    }
  },

  footer(model) {
    switch (model.applyMode) {
      case 'export':
        return exportKeys(model)
      case 'run':
        return runKeys(model)
      default:
        return confirmKeys(model)
    }
  },
  help: [
    ['Confirm', 'type what is asked, exactly; enter applies once it matches'],
    ['', 'tab other button    esc go back, nothing applied'],
    ['Running', '↑↓ scroll    enter details    y copy command'],
    ['Failed', 'r retry    x go on without what failed    U roll back'],
    ['Done', 'enter verify    U roll back, the last run first'],
    ['Hand over', '↑↓ move    space choose    enter write files    o policy to ask for'],
  ],
  copy: runCopy,
}
