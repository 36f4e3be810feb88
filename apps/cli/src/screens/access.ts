import type { Area, View } from '../ui/frame.ts'
import { affectedLines } from '../wizard/affected.ts'
import type { Outcome } from '../wizard/effect.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { entryOrder, visibleRows } from '../wizard/rows.ts'
import { actionsHelp, actionsKeys, actionsOnKey } from './access-actions.ts'
import { actionsView } from './access-actions-view.ts'
import { gridView } from './access-grid.ts'
import { gridOnKey } from './access-grid-keys.ts'
import { blank } from './rows.ts'
import type { Screen } from './screen.ts'
import { waiting } from './servers.ts'

/** The grid of principals by servers, and one cell opened to its actions. */
export const accessScreen: Screen = {
  id: 'access',
  title: 'Access',
  filters: true,

  /** Rows are put in order on entry only, and the cursor starts on the first server. */
  enter(model) {
    const known = new Set(model.edit.members.map((member) => member.arn))
    const ticked = model.ticked.filter((arn) => known.has(arn))
    const fresh = model.places.access === undefined
    const kept = { ...model, ticked: ticked.length === model.ticked.length ? model.ticked : ticked }
    const ordered = { ...kept, rowOrder: entryOrder(kept) }
    const same = ordered.rowOrder.join('\n') === model.rowOrder.join('\n')
    const next = same ? { ...kept, rowOrder: model.rowOrder } : onSameRow(kept, ordered)
    return {
      model: fresh ? withPlace(next, { column: Math.min(1, model.edit.servers.length) }, 'access') : next,
    }
  },

  blocks: (model) =>
    model.edit.members.length === 0 ? 'Nobody is in the grid yet: People comes first.' : undefined,

  onKey(model: Model, key: Key): Outcome | undefined {
    return model.actions ? actionsOnKey(model, key) : gridOnKey(model, key)
  },

  view(model: Model, area: Area): View {
    if (!loaded(model.snapshot)) return { body: [blank, ...waiting(model)] }
    return model.actions ? actionsView(model, area) : gridView(model, area)
  },

  footer(model) {
    if (model.actions) return actionsKeys(model)
    return [
      { keys: '?', does: 'help' },
      { keys: model.ascii ? 'arrows' : '↑↓←→', does: '' },
      { keys: 'space', does: 'tick' },
      { keys: '0-9', does: 'persona' },
      { keys: 'enter', does: 'open' },
      { keys: 'u', does: 'undo' },
      { keys: 'p', does: 'preview' },
      { keys: '/', does: 'filter' },
      { keys: 'e', does: 'every persona' },
      { keys: 'I', does: 'evidence' },
      { keys: 't', does: 'take over' },
      { keys: 'c', does: model.copied ? 'paste' : 'copy' },
      { keys: '>', does: 'next' },
      { keys: 'q', does: 'quit' },
    ]
  },
  help: [
    ['Move', '↑↓ j k row    ←→ h l server    PgUp PgDn page    g G ends'],
    ['Choose', 'space tick    v range    a all shown    n none    i invert'],
    ['Persona', '0 none    1-9 as the legend says    e every persona'],
    ['', '= plain persona    m name one from exceptions'],
    ['Actions', 'enter open this cell    + add what an MLflow call needs'],
    ['Take over', 't a hand-made policy that this row has access from'],
    ['Copy', "c take this row's access, c again on ticked rows"],
    ['Find', '/ name, role: group: server: has: lacks: is:changed is:shared'],
    ['', '  or an MLflow call such as mlflow.log_model'],
    ['Evidence', 'I import code, notebooks or CloudTrail    + add what the code needs'],
    ['See', 'd now and after    p preview    o who else is affected'],
    ...actionsHelp,
  ],
  copy(model) {
    return { all: affectedLines(model).join('\n') }
  },
}

/** Rows in another order: the cursor stays on whom it was on, so that the next key is about the same person. */
function onSameRow(before: Model, after: Model): Model {
  if (before.rowOrder.length === 0) return after
  const arn = visibleRows(before)[placeOf(before, 'access').row]?.member.arn
  const row = visibleRows(after).findIndex((each) => each.member.arn === arn)
  return row < 0 ? after : withPlace(after, { row }, 'access')
}
