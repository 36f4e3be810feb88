import { mlflowActions } from '@mlflow-iam/core/catalog/actions'
import type { KeyHint } from '../ui/frame.ts'
import { moveCursor } from '../ui/scroll.ts'
import { dropExceptions, selection, setActions, setPersonas, toggleAction } from '../wizard/access-edits.ts'
import { personasOf } from '../wizard/cells.ts'
import type { Outcome } from '../wizard/effect.ts'
import { askForEvidence } from '../wizard/evidence.ts'
import type { Key } from '../wizard/keys.ts'
import { freshPlace, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { paletteOf } from '../wizard/palette.ts'
import { openedOf } from './access-opened.ts'
import type { HelpLine } from './screen.ts'

export function actionsOnKey(model: Model, key: Key): Outcome | undefined {
  const opened = openedOf(model)
  if (!opened || !model.actions) return { model: { ...model, actions: undefined } }
  const place = placeOf(model, 'actions')
  const item = opened.items[place.row]
  const moved = moveCursor(place.row, opened.items.length, key.name, 10)
  if (moved !== undefined) return { model: withPlace(model, { row: moved }, 'actions') }
  const fold = (title: string, on: boolean): Outcome => {
    const open = (model.actions?.open ?? []).filter((each) => each !== title && (on || each !== '*needed'))
    const next = {
      ...model,
      actions: { principal: opened0.principal, server: opened0.server, open: on ? [...open, title] : open },
    }
    const row = on
      ? place.row
      : Math.max(
          0,
          opened.items.findIndex((each) => each.kind === 'group' && each.title === title),
        )
    return { model: withPlace(next, { row }, 'actions') }
  }
  const opened0 = model.actions
  if (/^[0-9]$/.test(key.name)) {
    const custom = model.edit.personas.map((persona) => persona.name)
    const name = paletteOf(personasOf(model.edit), custom, model.palette)[Number(key.name) - 1]
    return {
      model: setPersonas(model, selection(model), key.name === '0' || name === undefined ? [] : [name]),
    }
  }
  switch (key.name) {
    case 'esc':
      if (place.filter.text !== '')
        return { model: withPlace(model, { filter: freshPlace.filter, row: 0, top: 0 }, 'actions') }
      return { model: { ...model, actions: undefined } }
    case '<':
      return { model: { ...model, actions: undefined } }
    case '/':
      return { model: withPlace(model, { typing: true }, 'actions') }
    case 'right':
    case 'l':
      return item?.kind === 'group' ? fold(item.title, true) : { model }
    case 'left':
    case 'h':
      return item ? fold(item.kind === 'group' ? item.title : item.group, false) : { model }
    case 'enter':
    case 'space':
      if (item?.kind === 'action') return { model: toggleAction(model, item.action.bare) }
      return item ? fold(item.title, !model.actions.open.includes(item.title)) : { model }
    case 'a':
    case 'n': {
      if (!item) return { model }
      const title = item.kind === 'group' ? item.title : item.group
      const group = mlflowActions.filter((action) => action.group === title).map((action) => action.bare)
      const on = key.name === 'a'
      return {
        model: setActions(model, selection(model), group, on, `${on ? 'tick' : 'untick'} all of ${title}`),
      }
    }
    case '+': {
      const missing = opened.needs?.actions.filter((action) => !opened.facts.after.has(action)) ?? []
      if (!opened.needs)
        return {
          model: {
            ...model,
            said: { text: 'Type an MLflow call with / first, such as log_model(.', tone: 'plain' },
          },
        }
      if (missing.length === 0)
        return { model: { ...model, said: { text: 'Nothing is missing.', tone: 'plain' } } }
      return {
        model: setActions(
          model,
          selection(model),
          missing,
          true,
          `add ${missing.join(', ')} for ${opened.needs.call}`,
        ),
      }
    }
    case 'I':
      return { model: askForEvidence(model) }
    case '=':
      return { model: dropExceptions(model, selection(model)) }
    default:
      return undefined
  }
}

export function actionsKeys(model: Model): readonly KeyHint[] {
  return [
    { keys: '?', does: 'help' },
    { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
    { keys: model.ascii ? 'left/right' : '←→', does: 'fold' },
    { keys: 'space', does: 'tick' },
    { keys: 'esc', does: 'done' },
    { keys: 'a/n', does: 'group' },
    { keys: '1-9', does: 'persona' },
    { keys: 'u', does: 'undo' },
    { keys: '/', does: 'filter' },
    { keys: 'q', does: 'quit' },
  ]
}

export const actionsHelp: readonly HelpLine[] = [
  ['Opened cell', '←→ fold    space tick    a/n whole group    + add what a call needs'],
]
