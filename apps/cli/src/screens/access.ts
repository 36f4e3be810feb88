import type { Area, View } from '../ui/frame.ts'
import { moveCursor } from '../ui/scroll.ts'
import { dropExceptions, pasteAccess, selection, setActions, setPersonas } from '../wizard/access-edits.ts'
import { adoptQuestion } from '../wizard/adopt-question.ts'
import { affectedLines } from '../wizard/affected.ts'
import { asking } from '../wizard/ask.ts'
import { actionsOf, cellFacts, personasOf } from '../wizard/cells.ts'
import { cellsAt } from '../wizard/edit.ts'
import type { Outcome } from '../wizard/effect.ts'
import { askForEvidence, neededByCode } from '../wizard/evidence.ts'
import { fieldOf } from '../wizard/field.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { paletteOf } from '../wizard/palette.ts'
import { entryOrder, neededBy, type Row, visibleRows } from '../wizard/rows.ts'
import { actionsHelp, actionsKeys, actionsOnKey } from './access-actions.ts'
import { actionsView } from './access-actions-view.ts'
import { gridView } from './access-grid.ts'
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

function gridOnKey(model: Model, key: Key): Outcome | undefined {
  const place = placeOf(model)
  const rows = visibleRows(model)
  const current = rows[place.row]
  const moved = moveCursor(place.row, rows.length, key.name, 10)
  if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
  if (key.name === 'left' || key.name === 'h') {
    return { model: withPlace(model, { column: Math.max(0, place.column - 1) }) }
  }
  if (key.name === 'right' || key.name === 'l') {
    return { model: withPlace(model, { column: Math.min(model.edit.servers.length, place.column + 1) }) }
  }
  if (/^[0-9]$/.test(key.name)) return { model: digit(model, Number(key.name)) }
  switch (key.name) {
    case 'space':
      return {
        model: tickRows(
          model,
          rangeOf(model, rows) ?? (current ? [current] : []),
          rangeOf(model, rows) ? true : 'invert',
        ),
      }
    case 'v':
      return { model: { ...model, rangeFrom: model.rangeFrom === undefined ? place.row : undefined } }
    case 'a':
      return { model: tickRows(model, rows, true) }
    case 'n':
      return { model: tickRows(model, rows, false) }
    case 'i':
      return { model: tickRows(model, rows, 'invert') }
    case 'enter':
      return { model: open(model, current) }
    case '=':
      return { model: dropExceptions(model, selection(model)) }
    case '+':
      return { model: addNeeded(model) }
    case 'e':
      return { model: { ...model, overlay: { kind: 'personas', row: 0 } } }
    case 'I':
      return { model: askForEvidence(model) }
    case 'm':
      return { model: nameOne(model) }
    case 'c':
      if (!current) return { model }
      if (model.copied) return { model: pasteAccess(model, model.copied) }
      return {
        model: {
          ...model,
          copied: current.member.arn,
          said: {
            text: `Took the access of ${current.title}. Tick rows, then c puts it on them; esc drops it.`,
            tone: 'plain',
          },
        },
      }
    case 't':
      return { model: asking(model, adoptQuestion(model, current)) }
    case 'd': {
      const next = { after: 'both', both: 'now', now: 'after' } as const
      return { model: { ...model, compare: next[model.compare] } }
    }
    case 'o':
      return {
        model: {
          ...model,
          overlay: { kind: 'list', title: current?.title ?? '', lines: affectedLines(model), top: 0 },
        },
      }
    default:
      return undefined
  }
}

function digit(model: Model, number: number): Model {
  if (number === 0) return setPersonas(model, selection(model), [])
  const custom = model.edit.personas.map((persona) => persona.name)
  const name = paletteOf(personasOf(model.edit), custom, model.palette)[number - 1]
  return name === undefined ? model : setPersonas(model, selection(model), [name])
}

function tickRows(model: Model, rows: readonly Row[], on: boolean | 'invert'): Model {
  const ticked = new Set(model.ticked)
  for (const { member } of rows) {
    if (on === 'invert' ? !ticked.has(member.arn) : on) ticked.add(member.arn)
    else ticked.delete(member.arn)
  }
  return { ...model, ticked: [...ticked], rangeFrom: undefined }
}

/** Rows in another order: the cursor stays on whom it was on, so that the next key is about the same person. */
function onSameRow(before: Model, after: Model): Model {
  if (before.rowOrder.length === 0) return after
  const arn = visibleRows(before)[placeOf(before, 'access').row]?.member.arn
  const row = visibleRows(after).findIndex((each) => each.member.arn === arn)
  return row < 0 ? after : withPlace(after, { row }, 'access')
}

function rangeOf(model: Model, rows: readonly Row[]): readonly Row[] | undefined {
  if (model.rangeFrom === undefined) return undefined
  const { row } = placeOf(model, 'access')
  return rows.slice(Math.min(row, model.rangeFrom), Math.max(row, model.rangeFrom) + 1)
}

function open(model: Model, row: Row | undefined): Model {
  const { column } = placeOf(model, 'access')
  const server = model.edit.servers[Math.max(0, column - 1)]
  if (!row || !server) return model
  if (server.kind === 'app') {
    return {
      ...model,
      said: {
        text: 'An MLflow App has one action, CallMlflowAppApi: any access is full access, deleting too.',
        tone: 'warn',
      },
    }
  }
  const query = placeOf(model, 'access').filter
  const needs = neededBy(query.text)
  return {
    ...model,
    actions: {
      principal: row.member.arn,
      server: server.key,
      open: needs || neededByCode(model) ? ['*needed'] : [],
    },
    places: {
      ...model.places,
      actions: { row: 0, top: 0, column: 0, tab: 0, typing: false, filter: needs ? query : fieldOf('') },
    },
  }
}

/** `+` with an MLflow call in the filter, or imported code: gives the selection the actions that it needs and lacks. */
function addNeeded(model: Model): Model {
  const needs = neededBy(placeOf(model, 'access').filter.text) ?? neededByCode(model)
  if (!needs) {
    return {
      ...model,
      said: {
        text: 'Type an MLflow call with / first, such as mlflow.log_model, or import code with I; + adds what it needs.',
        tone: 'plain',
      },
    }
  }
  const chosen = selection(model)
  const missing = needs.actions.filter((action) =>
    chosen.rows.some((row) =>
      chosen.servers.some(
        (key) => !actionsOf(cellsAt(model.edit, row.member.arn, key), model.edit).has(action),
      ),
    ),
  )
  if (missing.length === 0)
    return { ...model, said: { text: `${needs.call} has all it needs here.`, tone: 'plain' } }
  return setActions(
    model,
    chosen,
    needs.actions,
    true,
    `add ${missing.length} actions for ${needs.call}: ${missing.join(', ')}`,
  )
}

function nameOne(model: Model): Model {
  const { row, column } = placeOf(model, 'access')
  const member = visibleRows(model)[row]?.member
  const server = model.edit.servers[Math.max(0, column - 1)]
  const facts = member && server ? cellFacts(model, member.arn, server) : undefined
  const cell = facts?.cells[0]
  if (!cell || cell.add.length + cell.remove.length === 0) {
    return {
      ...model,
      said: { text: 'Only a cell with exceptions can become a persona of its own.', tone: 'plain' },
    }
  }
  return {
    ...model,
    overlay: {
      kind: 'input',
      purpose: 'persona-name',
      title: `Name the persona ${facts?.text ?? ''}`,
      hint: 'Every cell that says the same will use it. Small letters, digits and hyphens.',
      field: fieldOf(''),
    },
  }
}
