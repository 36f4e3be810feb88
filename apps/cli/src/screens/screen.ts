import type { Area, KeyHint, View } from '../ui/frame.ts'
import type { Outcome } from '../wizard/effect.ts'
import type { Key } from '../wizard/keys.ts'
import type { Model, ScreenId } from '../wizard/model.ts'

/** One group of keys on the help sheet: `['Move', 'arrows row', …]`. */
export type HelpLine = readonly [group: string, keys: string]

/**
 * One step of the wizard: what coming to it starts, what a key does, and how it looks. It returns what should
 * happen and does nothing itself.
 */
export interface Screen {
  readonly id: ScreenId
  /** As the line of steps has it. */
  readonly title: string
  /** Called each time the person comes here. */
  readonly enter?: (model: Model) => Outcome
  /** Why the person cannot go on from here, or nothing. */
  readonly blocks?: (model: Model) => string | undefined
  /** `undefined` where the key means nothing here; the keys that mean the same everywhere come after. */
  readonly onKey: (model: Model, key: Key) => Outcome | undefined
  readonly view: (model: Model, area: Area) => View
  readonly footer: (model: Model) => readonly KeyHint[]
  readonly help: readonly HelpLine[]
  /** `/` starts a filter here. */
  readonly filters?: boolean
  /** The text that the person could copy from where the cursor is, and the whole of it. */
  readonly copy?: (model: Model) => { readonly item?: string; readonly all: string } | undefined
}
