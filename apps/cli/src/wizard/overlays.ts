import { screenOf } from '../screens/index.ts'
import { sheetRoom } from '../ui/frame.ts'
import { moveCursor } from '../ui/scroll.ts'
import { selection, setPersonas } from './access-edits.ts'
import { addedServer } from './added-servers.ts'
import { areaOf } from './area.ts'
import { askOnKey } from './ask.ts'
import { personasOf } from './cells.ts'
import type { Outcome } from './effect.ts'
import { editField, emptyField } from './field.ts'
import { foldedHelp, foundHelp } from './help-sheet.ts'
import type { Key } from './keys.ts'
import { tickCandidates } from './members.ts'
import { changed, loaded, type Model, type Overlay } from './model.ts'
import { namePersona } from './name-persona.ts'
import { paletteOf } from './palette.ts'
import { type Candidate, indexPeople, principalOf } from './people.ts'
import { linesOfList } from './sheets.ts'

const close = (model: Model): Model => ({ ...model, overlay: undefined })

/** What a key does while a sheet or a question is on top. */
export function updateOverlay(model: Model, overlay: Overlay, key: Key): Outcome {
  // In a text field it is a character like any other.
  if (key.name === '?' && overlay.kind !== 'help' && overlay.kind !== 'input')
    return { model: { ...model, overlay: { kind: 'help', top: 0, under: overlay } } }
  switch (overlay.kind) {
    case 'help':
      return searchHelp(model, overlay, key)
    case 'list':
      return scrolled(model, overlay, key, linesOfList(overlay, areaOf(model)).length)
    case 'notice':
      return notice(model, overlay, key)
    case 'quit':
      return quit(model, overlay, key)
    case 'personas':
      return choosePersona(model, overlay, key)
    case 'ask':
      return askOnKey(model, overlay.question, overlay.top, key)
    case 'input':
      return input(model, overlay, key)
  }
}

/** What is typed narrows the keys down; Esc takes it back before it closes the sheet. */
function searchHelp(model: Model, overlay: Extract<Overlay, { kind: 'help' }>, key: Key): Outcome {
  const find = overlay.find ?? emptyField
  if (key.name === '?' && find.text === '') return { model: { ...model, overlay: overlay.under } }
  const edited = key.name === 'space' && find.text === '' ? undefined : editField(find, key)
  if (edited) return { model: { ...model, overlay: { ...overlay, find: edited, top: 0 } } }
  if (key.name === 'esc' && find.text !== '')
    return { model: { ...model, overlay: { ...overlay, find: emptyField, top: 0 } } }
  return scrolled(
    model,
    overlay,
    key,
    foldedHelp(foundHelp(screenOf(model.screen), find.text), areaOf(model)).length,
  )
}

function scrolled(
  model: Model,
  overlay: Extract<Overlay, { top: number }>,
  key: Key,
  length: number,
): Outcome {
  const room = sheetRoom(areaOf(model))
  // One line of the room says how many more there are, until the end is reached.
  const last = length <= room ? 0 : length - room + 1
  const top = moveCursor(overlay.top, last + 1, key.name, 10)
  if (top !== undefined) return { model: { ...model, overlay: { ...overlay, top } } }
  if (overlay.kind === 'list' && (key.name === 'y' || key.name === 'v')) {
    const text = overlay.lines.join('\n')
    return {
      model,
      effects: [key.name === 'y' ? { type: 'copy', text, what: overlay.title } : { type: 'pager', text }],
    }
  }
  if (!['esc', 'enter', '?', 'q', 'o', 'space'].includes(key.name)) return { model }
  return { model: overlay.kind === 'help' ? { ...model, overlay: overlay.under } : close(model) }
}

function notice(model: Model, overlay: Extract<Overlay, { kind: 'notice' }>, key: Key): Outcome {
  if (key.name === 'L') return { model, effects: [{ type: 'sign-in' }] }
  if (key.name === 'y') {
    const { what, why, fix } = overlay.notice
    return { model, effects: [{ type: 'copy', text: [what, why, ...fix].join('\n'), what: 'the message' }] }
  }
  if (key.name === 'r') {
    const again = close(model)
    if (again.screen === 'preview')
      return {
        model: { ...again, plan: { state: 'loading' } },
        effects: [{ type: 'plan', edit: again.edit }],
      }
    return loaded(again.identity)
      ? { model: again, effects: [{ type: 'observe' }] }
      : {
          model: again,
          ...(again.choice ? { effects: [{ type: 'identify' as const, choice: again.choice }] } : {}),
        }
  }
  return ['esc', 'enter', 'space', 'q'].includes(key.name) ? { model: close(model) } : { model }
}

export const quitChoices = ['keep', 'stay', 'discard'] as const

function quit(model: Model, overlay: Extract<Overlay, { kind: 'quit' }>, key: Key): Outcome {
  if (key.name === 'esc') return { model: close(model) }
  if (key.name === 'up' || key.name === 'k')
    return {
      model: { ...model, overlay: { ...overlay, row: Math.max(0, overlay.row - 1), discarding: false } },
    }
  if (key.name === 'down' || key.name === 'j')
    return {
      model: { ...model, overlay: { ...overlay, row: Math.min(2, overlay.row + 1), discarding: false } },
    }
  const choice = quitChoices[overlay.row]
  if (key.name === 'D' && choice === 'discard' && overlay.discarding) {
    return {
      model: { ...model, exit: { code: 0, keepDraft: false } },
      effects: [{ type: 'discard-draft', name: model.edit.name }],
    }
  }
  if (key.name !== 'enter') return { model }
  if (choice === 'stay') return { model: close(model) }
  if (choice === 'keep') return { model: { ...model, exit: { code: 0, keepDraft: true } } }
  return { model: { ...model, overlay: { ...overlay, discarding: true } } }
}

/** The chooser reaches every persona; a digit in it puts the highlighted one behind that digit. */
function choosePersona(model: Model, overlay: Extract<Overlay, { kind: 'personas' }>, key: Key): Outcome {
  const personas = [...personasOf(model.edit).values()]
  const custom = model.edit.personas.map((persona) => persona.name)
  const current = personas[overlay.row]
  if (key.name === 'esc') return { model: close(model) }
  const step = key.name === 'up' || key.name === 'k' ? -1 : key.name === 'down' || key.name === 'j' ? 1 : 0
  if (step !== 0) {
    const row = Math.max(0, Math.min(personas.length - 1, overlay.row + step))
    return { model: { ...model, overlay: { ...overlay, row } } }
  }
  if (!current) return { model }
  if (/^[1-9]$/.test(key.name)) {
    const palette = [...paletteOf(personasOf(model.edit), custom, model.palette)]
    palette[Number(key.name) - 1] = current.name
    return {
      model: { ...model, palette, said: { text: `${key.name} is now ${current.title}.`, tone: 'plain' } },
    }
  }
  if (key.name === 'enter') return { model: setPersonas(close(model), selection(model), [current.name]) }
  if (key.name === 'space') {
    return { model: setPersonas(model, selection(model), [current.name], 'toggle') }
  }
  return { model }
}

function input(model: Model, overlay: Extract<Overlay, { kind: 'input' }>, key: Key): Outcome {
  if (key.name === 'esc') return { model: close(model) }
  if (key.name !== 'enter') {
    const field = editField(overlay.field, key)
    const { error: _, ...asked } = overlay
    return field ? { model: { ...model, overlay: { ...asked, field } } } : { model }
  }
  const text = overlay.field.text.trim()
  const wrong = (error: string): Outcome => ({ model: { ...model, overlay: { ...overlay, error } } })
  if (text === '') return wrong('Type something, or esc to go back.')
  switch (overlay.purpose) {
    case 'region': {
      if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(text))
        return wrong(`"${text}" is no region; regions look like eu-west-1.`)
      if (!model.choice) return { model: close(model) }
      return {
        model: {
          ...close(model),
          identity: { state: 'loading' },
          snapshot: { state: 'none' },
          edit: { ...model.edit, region: text },
        },
        effects: [{ type: 'identify', choice: model.choice, region: text }],
      }
    }
    case 'open-file':
      return { model: close(model), effects: [{ type: 'open-file', path: text }] }
    case 'save-file':
      return {
        model: close(model),
        effects: [{ type: 'save-file', path: text, edit: model.edit, force: text === model.file }],
      }
    case 'refs':
      return addRefs(model, overlay, text)
    case 'server': {
      const added = addedServer(model, text)
      return typeof added === 'string' ? wrong(added) : { model: close(added) }
    }
    case 'persona-name':
      return namePersona(model, overlay, text)
    case 'evidence':
      return { model: close(model), effects: [{ type: 'import-evidence', path: text }] }
    case 'export-dir':
      return { model: { ...close(model), exporting: { ...model.exporting, dir: text } } }
    case 'draft-name':
      if (!/^[a-z0-9-]{1,32}$/.test(text))
        return wrong('Names have 1 to 32 small letters, digits and hyphens.')
      return { model: changed(close(model), { ...model.edit, name: text }, `name ${text}`) }
  }
}

/** ARNs and names, typed or pasted; what this account does not hold is still taken when it is a full ARN. */
function addRefs(model: Model, overlay: Extract<Overlay, { kind: 'input' }>, text: string): Outcome {
  const snapshot = loaded(model.snapshot)
  const words = text.split(/[\s,;]+/).filter((word) => word !== '')
  const found: Candidate[] = []
  const unknown: string[] = []
  const several: string[] = []
  for (const word of words) {
    const known = snapshot && refOf(word, snapshot, model.edit)
    const same = known || !snapshot ? [] : named(word, snapshot, model.edit)
    const [only] = same
    if (known) found.push(known)
    else if (only && same.length === 1) found.push(only)
    else if (only) several.push(`${word} is ${same.map(({ ref }) => ref).join(' and ')}: say which.`)
    else if (/^arn:[^:]+:iam::\d{12}:(user|group|role)\/./.test(word)) {
      found.push({ source: 'roles', ref: word, name: word, arn: word, through: '', others: 0 })
    } else unknown.push(word)
  }
  if (unknown.length + several.length > 0) {
    const rest = unknown.length > 3 ? ` and ${unknown.length - 3} more` : ''
    const missing = `Not found here: ${unknown.slice(0, 3).join(', ')}${rest}. Full ARNs are always taken.`
    const error = [...(unknown.length > 0 ? [missing] : []), ...several.slice(0, 3)].join(' ')
    return { model: { ...model, overlay: { ...overlay, error } } }
  }
  const edit = tickCandidates(model.edit, found, true)
  return { model: changed(close(model), edit, `add ${found.length} by name`) }
}

/** Everyone of that name, whatever they are. */
function named(word: string, ...where: Parameters<typeof indexPeople>): readonly Candidate[] {
  return [...indexPeople(...where).byRef.values()].filter((each) => each.name === word && !each.blocked)
}

function refOf(word: string, ...where: Parameters<typeof indexPeople>): Candidate | undefined {
  const index = indexPeople(...where)
  const exact = index.byRef.get(word)
  if (exact) return exact
  const arn = principalOf(word, ...where)
  if (!arn) return undefined
  return [...index.byRef.values()].find((each) => each.arn === arn && each.source !== 'profiles')
}
