import type { DraftSession } from './drafts.ts'
import type { Edit } from './edit.ts'
import { historyOf, keptSteps } from './kept-undo.ts'
import { freshPlace, loaded, type Model, type Place } from './model.ts'

/** What the draft keeps of a model beside its grants file. */
export function sessionOf(model: Model): DraftSession {
  const places = Object.fromEntries(
    Object.entries(model.places).map(([id, { row, top, column, tab }]) => [id, { row, top, column, tab }]),
  )
  return {
    screen: model.screen,
    places,
    ticked: model.ticked,
    members: model.edit.members,
    palette: model.palette,
    defaulted: model.defaulted,
    rowOrder: model.rowOrder,
    actions: model.actions,
    choice: model.choice?.name ?? model.keptChoice,
    alias: loaded(model.identity)?.alias,
    account: model.edit.account ?? loaded(model.identity)?.account,
    undo: keptSteps(model.edit, model.past),
  }
}

/** Puts a draft back: the same choices, the same step, the same cursor. Filters do not come back. */
export function withSession(model: Model, edit: Edit, session: DraftSession): Model {
  const known = new Set(edit.members.map((member) => member.arn))
  const members = [
    ...edit.members.map((member) => session.members.find((each) => each.arn === member.arn) ?? member),
  ]
  for (const member of session.members)
    if (!known.has(member.arn) && member.refs.length > 0) members.push(member)
  const places: Record<string, Place> = {}
  for (const [id, at] of Object.entries(session.places)) places[id] = { ...freshPlace, ...at }
  // Applying is never resumed by opening a draft: the plan is made and confirmed again.
  const screen = session.screen === 'apply' || session.screen === 'verify' ? 'preview' : session.screen
  const opened = { ...edit, members }
  return {
    ...model,
    edit: opened,
    past: historyOf(opened, session.undo),
    future: [],
    screen: screen === 'start' ? 'account' : screen,
    places: places as Model['places'],
    ticked: session.ticked,
    palette: session.palette,
    defaulted: session.defaulted,
    rowOrder: session.rowOrder,
    actions: session.actions,
    keptChoice: session.choice,
  }
}
