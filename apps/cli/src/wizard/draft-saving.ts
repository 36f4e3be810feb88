import type { DraftStore } from './drafts.ts'
import type { Effect, Message } from './effect.ts'
import { grantsText } from './grants-text.ts'

type SaveDraft = Extract<Effect, { type: 'save-draft' }>

/** How long a cursor may move before its place is written; choices are written at once. */
const placeDelay = 120

/** Saves drafts one after the other; while one is written, only the newest of the others waits. */
export function createSaving(
  { drafts, now }: { readonly drafts: DraftStore; readonly now: () => Date },
  send: (message: Message) => void,
) {
  let waiting: SaveDraft | undefined
  let working: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let lastEdit: unknown
  async function work(): Promise<void> {
    while (waiting) {
      const { edit, session } = waiting
      waiting = undefined
      lastEdit = edit
      const at = now()
      await drafts.save(edit.name, grantsText(edit), session, at)
      const two = (value: number) => String(value).padStart(2, '0')
      send({ type: 'draft-saved', at: `${two(at.getHours())}:${two(at.getMinutes())}` })
    }
  }
  function begin(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    working ??= work().finally(() => {
      working = undefined
    })
    return working
  }
  return {
    save(effect: SaveDraft): Promise<void> {
      waiting = effect
      if (working || effect.edit !== lastEdit) return begin()
      timer ??= setTimeout(() => void begin().catch(() => undefined), placeDelay)
      return Promise.resolve()
    },
    settled: () => (waiting ? begin() : (working ?? Promise.resolve())),
  }
}
