import { moveCursor } from '../ui/scroll.ts'
import { areaOf } from './area.ts'
import { lastTopOfAsk } from './ask-sheet.ts'
import type { Edit } from './edit.ts'
import type { Outcome } from './effect.ts'
import type { Key } from './keys.ts'
import { changed, type Model } from './model.ts'

/** A change that is not made before it was read: what it means, and the grants file as it would be. */
export interface Question {
  readonly title: string
  /** Paragraphs; one that begins with `!` is a warning. */
  readonly lines: readonly string[]
  /** What Enter does, in the words of the footer: "take it over". */
  readonly yes: string
  /** The choices that the question was about, and those after it. */
  readonly from: Edit
  readonly edit: Edit
  /** What undoing it is called. */
  readonly what: string
  readonly said: string
}

/** Puts a question on top of the screen; a text instead of one says why there is nothing to ask. */
export function asking(model: Model, question: Question | string): Model {
  return typeof question === 'string'
    ? { ...model, said: { text: question, tone: 'warn' } }
    : { ...model, overlay: { kind: 'ask', question, top: 0 } }
}

/** Makes the change that a question is about, unless the choices are no longer those it was about. */
export function answered(model: Model, question: Question): Model {
  if (model.edit !== question.from)
    return { ...model, said: { text: 'The choices changed meanwhile; ask again.', tone: 'warn' } }
  const said = { text: `${question.said} u undoes.`, tone: 'plain' as const }
  return { ...changed(model, question.edit, question.what), said }
}

/** Enter agrees, Esc leaves everything as it is; nothing else answers. */
export function askOnKey(model: Model, question: Question, top: number, key: Key): Outcome {
  const closed: Model = { ...model, overlay: undefined }
  if (key.name === 'enter') return { model: answered(closed, question) }
  if (key.name === 'esc' || key.name === 'q') return { model: closed }
  const moved = moveCursor(top, lastTopOfAsk(question, areaOf(model)) + 1, key.name, 10)
  return { model: moved === undefined ? model : { ...model, overlay: { kind: 'ask', question, top: moved } } }
}
