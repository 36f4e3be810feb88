import type { Effect, Message } from './effect.ts'
import type { Model } from './model.ts'
import { begin, update } from './update.ts'

/** Holds the newest model. Each message is applied at once, so a fast second key never meets an old model. */
export interface Store {
  readonly model: () => Model
  readonly send: (message: Message) => void
  readonly subscribe: (listener: () => void) => () => void
}

/** Makes a store; `perform` starts each effect exactly once, after the model that asked for it is in place. */
export function createStore(
  first: Model,
  perform: (effect: Effect, send: (message: Message) => void) => void,
): Store {
  let current = first
  const listeners = new Set<() => void>()
  const apply = (next: { readonly model: Model; readonly effects: readonly Effect[] }) => {
    const moved = next.model !== current
    current = next.model
    if (moved) for (const listener of listeners) listener()
    for (const effect of next.effects) perform(effect, store.send)
  }
  const store: Store = {
    model: () => current,
    send(message) {
      if (current.exit) return
      apply(update(current, message))
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  apply(begin(first))
  return store
}
