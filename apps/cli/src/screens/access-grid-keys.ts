import { moveCursor } from '../ui/scroll.ts'
import { count } from '../ui/text.ts'
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
import { type Model, placeOf, withPlace } from '../wizard/model.ts'
import { paletteOf } from '../wizard/palette.ts'
import { neededBy, type Row, visibleRows } from '../wizard/rows.ts'

/** What a key does on the grid: moves, ticks, gives access, or opens what a cell or row is about. */
export function gridOnKey(model: Model, key: Key): Outcome | undefined {
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
    `add ${count(missing.length, 'action')} for ${needs.call}: ${missing.join(', ')}`,
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
