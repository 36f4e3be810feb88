import type { Key } from './keys.ts'

/** A one-line text field; the caret is always at its end or moved by arrows. */
export interface Field {
  readonly text: string
  readonly caret: number
}

export const emptyField: Field = { text: '', caret: 0 }

export function fieldOf(text: string): Field {
  return { text, caret: text.length }
}

/** What a key does to a field; `undefined` where the key is not the field's business (Enter, Esc, Tab). */
export function editField(field: Field, key: Key): Field | undefined {
  const { text, caret } = field
  if (key.paste !== undefined) return insert(field, key.paste.replace(/[\r\n]+/g, ' ').trim())
  if (key.text !== undefined) return insert(field, key.text)
  switch (key.name) {
    case 'backspace':
      return caret === 0 ? field : { text: text.slice(0, caret - 1) + text.slice(caret), caret: caret - 1 }
    case 'delete':
      return { text: text.slice(0, caret) + text.slice(caret + 1), caret }
    case 'left':
      return { text, caret: Math.max(0, caret - 1) }
    case 'right':
      return { text, caret: Math.min(text.length, caret + 1) }
    case 'home':
    case 'ctrl-a':
      return { text, caret: 0 }
    case 'end':
    case 'ctrl-e':
      return { text, caret: text.length }
    case 'ctrl-u':
      return { text: text.slice(caret), caret: 0 }
    case 'ctrl-w': {
      const kept = text.slice(0, caret).replace(/\S+\s*$/, '')
      return { text: kept + text.slice(caret), caret: kept.length }
    }
    default:
      return undefined
  }
}

function insert({ text, caret }: Field, added: string): Field {
  return { text: text.slice(0, caret) + added + text.slice(caret), caret: caret + added.length }
}
