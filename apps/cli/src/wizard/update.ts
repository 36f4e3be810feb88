import { neighbour, screenOf } from '../screens/index.ts'
import type { Effect, Message, Outcome } from './effect.ts'
import { editField, emptyField, type Field, fieldOf } from './field.ts'
import { grantsFileName } from './file-names.ts'
import type { Key } from './keys.ts'
import { loaded, type Model, placeOf, type ScreenId, withPlace } from './model.ts'
import { updateOverlay } from './overlays.ts'
import { received } from './received.ts'
import { visibleRows } from './rows.ts'
import { sessionOf } from './session.ts'
import { undoOnKey } from './undo.ts'
import { isTooSmall } from './window-size.ts'

export interface Update {
  readonly model: Model
  readonly effects: readonly Effect[]
}

/**
 * What a message changes, and what work it asks for. Pure: the same model and message always give the same answer.
 * Any change to what a draft keeps asks for it to be saved.
 */
export function update(model: Model, message: Message): Update {
  const outcome = message.type === 'key' ? onKey(model, message.key) : received(model, message)
  const moved = follow(outcome)
  return { model: moved.model, effects: [...moved.effects, ...saving(model, moved.model)] }
}

/** Follows `go` along the list of screens, and tells the screen that is come to. */
function follow(outcome: Outcome): Update {
  const effects = outcome.effects ?? []
  const { model, go } = outcome
  if (go === undefined) return { model, effects }
  const target =
    go === 'next' ? neighbour(model.screen, 1)?.id : go === 'back' ? neighbour(model.screen, -1)?.id : go
  if (target === undefined) return { model, effects }
  if (go === 'next') {
    const reason = screenOf(model.screen).blocks?.(model)
    if (reason) return { model: { ...model, said: { text: reason, tone: 'warn' } }, effects }
  }
  const entered = enter(
    { ...model, screen: target, overlay: undefined, rangeFrom: undefined, said: undefined },
    target,
  )
  return { model: entered.model, effects: [...effects, ...entered.effects] }
}

function enter(model: Model, target: ScreenId): Update {
  const outcome = screenOf(target).enter?.(model) ?? { model }
  const rest = outcome.go ? follow(outcome) : { model: outcome.model, effects: outcome.effects ?? [] }
  return rest
}

/** Starts a wizard at its screen. */
export function begin(model: Model): Update {
  return enter(model, model.screen)
}

function onKey(before: Model, key: Key): Outcome {
  const model: Model = before.said ? { ...before, said: undefined } : before
  if (key.name === 'ctrl-c') return interrupt(model)
  if (key.name === 'ctrl-z') return { model, effects: [{ type: 'suspend' }] }
  if (isTooSmall(model)) {
    const isBusy = model.run.state === 'running' || model.run.state === 'stopping'
    return key.name === 'P' && !isBusy ? leaveForPlain(model) : { model }
  }
  if (model.overlay) return updateOverlay(model, model.overlay, key)
  const typed = typeFilter(model, key)
  if (typed) return typed
  // A paste that no text field waits for must do nothing at all.
  if (key.name === 'paste' && !takesText(model)) return { model }
  return screenOf(model.screen).onKey(model, key) ?? everywhere(model, key)
}

function takesText(model: Model): boolean {
  return model.screen === 'apply' && (model.applyMode === 'confirm' || model.applyMode === 'undo')
}

function interrupt(model: Model): Outcome {
  if (model.overlay?.kind === 'quit') {
    return { model: { ...model, exit: { code: 130, keepDraft: true } } }
  }
  const running = model.run.state === 'running'
  return {
    model: {
      ...model,
      ...(model.run.state === 'running' ? { run: { ...model.run, state: 'stopping' as const } } : {}),
      overlay: { kind: 'quit', row: 0, discarding: false },
    },
    effects: running ? [{ type: 'stop-apply' }] : [],
  }
}

function leaveForPlain(model: Model): Outcome {
  return { model: { ...model, exit: { code: 0, keepDraft: true, plain: true } } }
}

/** Typing into a filter: Enter keeps it, Esc clears it. */
function typeFilter(model: Model, key: Key): Outcome | undefined {
  const screen = screenOf(model.screen)
  const id = model.actions && model.screen === 'access' ? 'actions' : model.screen
  const place = placeOf(model, id)
  if (!place.typing) return undefined
  if (key.name === 'enter' || key.name === 'tab')
    return { model: { ...withPlace(model, { typing: false }, id), anchor: undefined } }
  if (key.name === 'esc') {
    const cleared = filtered(model, emptyField, id)
    return { model: { ...withPlace(cleared, { typing: false }, id), anchor: undefined } }
  }
  if (key.name === 'up' || key.name === 'down') return screen.onKey(model, key) ?? { model }
  const filter = editField(place.filter, key)
  if (!filter) return { model }
  return { model: filtered(model, filter, id) }
}

/** A filter that changes keeps the cursor on the row it was on, where that row is still shown. */
function filtered(model: Model, filter: Field, id: ScreenId | 'actions'): Model {
  const place = placeOf(model, id)
  if (filter.text === place.filter.text) return withPlace(model, { filter }, id)
  const anchor = model.anchor ?? (id === 'access' ? visibleRows(model)[place.row]?.member.arn : undefined)
  const next = { ...withPlace(model, { filter, row: 0, top: 0 }, id), anchor }
  if (id !== 'access' || anchor === undefined) return next
  const row = visibleRows(next).findIndex((each) => each.member.arn === anchor)
  return row < 0 ? next : withPlace(next, { row }, id)
}

/** The keys that mean the same on every screen. */
function everywhere(model: Model, key: Key): Outcome {
  const screen = screenOf(model.screen)
  const place = placeOf(model)
  switch (key.name) {
    case '?':
      return { model: { ...model, overlay: { kind: 'help', top: 0 } } }
    case 'q':
      return model.screen === 'start'
        ? { model: { ...model, exit: { code: 0, keepDraft: true } } }
        : { model: { ...model, overlay: { kind: 'quit', row: 0, discarding: false } } }
    case '/':
      return screen.filters ? { model: withPlace(model, { typing: true }) } : { model }
    case 'esc':
      if (model.rangeFrom !== undefined || model.copied !== undefined) {
        return { model: { ...model, rangeFrom: undefined, copied: undefined } }
      }
      if (place.filter.text !== '')
        return { model: withPlace(model, { filter: { text: '', caret: 0 }, row: 0, top: 0 }) }
      if (model.previewFrom) return { model: { ...model, previewFrom: undefined }, go: model.previewFrom }
      return { model, go: 'back' }
    case '<':
      return { model: { ...model, previewFrom: undefined }, go: 'back' }
    case '>':
      return { model, go: 'next' }
    case 'u':
    case 'ctrl-r':
      return undoOnKey(model, key.name)
    case 'p':
      return previewFromHere(model)
    case 'r':
      return reread(model)
    case 'P':
      return leaveForPlain(model)
    case 'L':
      return model.screen === 'start' ? { model } : { model, effects: [{ type: 'sign-in' }] }
    case 'y':
    case 'Y':
      return copy(model, key.name === 'Y')
    case 'v':
      return raw(model)
    case 'W':
      if (model.screen === 'start' || model.screen === 'account') return { model }
      return {
        model: {
          ...model,
          overlay: {
            kind: 'input',
            purpose: 'save-file',
            title: 'Save the grants file where?',
            hint: 'A file that exists is replaced only when it holds grants of this name.',
            field: fieldOf(grantsFileName(model)),
          },
        },
      }
    default:
      return { model }
  }
}

function previewFromHere(model: Model): Outcome {
  const early = model.screen === 'start' || model.screen === 'account'
  if (early || model.screen === 'preview' || model.screen === 'apply' || model.screen === 'verify')
    return { model }
  return { model: { ...model, previewFrom: model.screen }, go: 'preview' }
}

function reread(model: Model): Outcome {
  if (model.screen === 'start') return { model, effects: [{ type: 'load-drafts' }] }
  if (model.identity.state !== 'ready') {
    if (model.choice)
      return {
        model: { ...model, identity: { state: 'loading' } },
        effects: [{ type: 'identify', choice: model.choice }],
      }
    return { model: { ...model, choices: { state: 'loading' } }, effects: [{ type: 'load-choices' }] }
  }
  // What was read before stays on the screen until the new reading is there.
  const snapshot = model.snapshot.state === 'ready' ? model.snapshot : ({ state: 'loading' } as const)
  return {
    model: {
      ...model,
      snapshot,
      said: { text: 'Reading AWS again; nothing moves meanwhile.', tone: 'plain' },
    },
    effects: [{ type: 'observe' }],
  }
}

function copy(model: Model, all: boolean): Outcome {
  const text = screenOf(model.screen).copy?.(model)
  const wanted = all ? text?.all : (text?.item ?? text?.all)
  return wanted === undefined
    ? { model }
    : { model, effects: [{ type: 'copy', text: wanted, what: all ? 'all of it' : 'it' }] }
}

function raw(model: Model): Outcome {
  const text = screenOf(model.screen).copy?.(model)
  return text === undefined ? { model } : { model, effects: [{ type: 'pager', text: text.all }] }
}

/** A draft is saved when anything that it keeps has changed, from the first choice of an account on. */
function saving(before: Model, after: Model): readonly Effect[] {
  if (after.takingBack && after.edit.members.length === 0) return []
  if (after.screen === 'start' || after.exit?.keepDraft === false || !loaded(after.identity)) return []
  const same =
    before.edit === after.edit &&
    before.screen === after.screen &&
    before.places === after.places &&
    before.ticked === after.ticked &&
    before.palette === after.palette &&
    before.rowOrder === after.rowOrder &&
    before.actions === after.actions &&
    before.identity === after.identity
  return same ? [] : [{ type: 'save-draft', edit: after.edit, session: sessionOf(after) }]
}
