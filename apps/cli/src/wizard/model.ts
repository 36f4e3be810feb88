import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { AccountChoice, Planned, WizardIdentity, WizardVerification } from './account.ts'
import type { AppliedRun } from './applied.ts'
import type { Question } from './ask.ts'
import { type Edit, newEdit } from './edit.ts'
import type { Evidence } from './evidence.ts'
import { emptyField, type Field } from './field.ts'
import type { RunState } from './run.ts'
import type { LastRun } from './taking-back.ts'

export const screenIds = [
  'start',
  'account',
  'roles',
  'servers',
  'people',
  'access',
  'preview',
  'apply',
  'verify',
] as const
export type ScreenId = (typeof screenIds)[number]

/** Where the person is on a screen: kept when they leave it, and in the draft. */
export interface Place {
  readonly row: number
  readonly top: number
  readonly column: number
  readonly tab: number
  /** The filter that is kept, and whether it is being typed now. */
  readonly filter: Field
  readonly typing: boolean
}
export const freshPlace: Place = { row: 0, top: 0, column: 0, tab: 0, filter: emptyField, typing: false }

/** Something read from outside: it may be on its way, there, or refused with a message to show. */
export type Loadable<T> =
  | { readonly state: 'none' }
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly notice: Notice }

/** A message in the house form: what, why, fix. */
export interface Notice {
  readonly code: string
  readonly what: string
  readonly why: string
  readonly fix: readonly string[]
  readonly exit: number
}

export interface DraftInfo {
  readonly name: string
  readonly account?: string
  readonly alias?: string
  readonly step: ScreenId
  /** ISO 8601. */
  readonly savedAt: string
}

/** A question or a sheet on top of a screen. */
export type Overlay =
  | { readonly kind: 'help'; readonly top: number; readonly find?: Field; readonly under?: Overlay }
  | { readonly kind: 'quit'; readonly row: number; readonly discarding: boolean }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'list'; readonly title: string; readonly lines: readonly string[]; readonly top: number }
  | { readonly kind: 'personas'; readonly row: number }
  | { readonly kind: 'ask'; readonly question: Question; readonly top: number }
  | {
      readonly kind: 'input'
      readonly purpose: InputPurpose
      readonly title: string
      readonly hint: string
      readonly field: Field
      readonly error?: string
    }

export type InputPurpose =
  | 'region'
  | 'refs'
  | 'server'
  | 'open-file'
  | 'save-file'
  | 'persona-name'
  | 'draft-name'
  | 'export-dir'
  | 'evidence'

export interface Model {
  readonly columns: number
  readonly rows: number
  readonly ascii: boolean
  readonly screen: ScreenId
  readonly places: Readonly<Partial<Record<ScreenId | 'actions', Place>>>
  readonly overlay?: Overlay | undefined
  /** One line that says what the last key did, or why it did nothing. */
  readonly said?: { readonly text: string; readonly tone: 'plain' | 'warn' } | undefined

  readonly edit: Edit
  readonly past: readonly HistoryStep[]
  readonly future: readonly HistoryStep[]
  /** Persona names behind the digits 1 to 9. */
  readonly palette: readonly string[]
  /** Rows ticked in the access grid, by principal ARN. */
  readonly ticked: readonly string[]
  /** The order of rows in the grid, fixed on entry so that nothing moves under the cursor. */
  readonly rowOrder: readonly string[]
  readonly copied?: string | undefined
  /** The row that the cursor was on when a filter began: it stays there while that row is shown. */
  readonly anchor?: string | undefined
  /** Marks that a range is being ticked, from this row. */
  readonly rangeFrom?: number | undefined
  /** What the grid shows: what will be, what is, or both. */
  readonly compare: 'after' | 'now' | 'both'
  /** The cell opened to its actions, and which groups are unfolded. */
  readonly actions?:
    | { readonly principal: string; readonly server: string; readonly open: readonly string[] }
    | undefined
  readonly confirm: { readonly field: Field; readonly focus: 'back' | 'apply' }
  /** What the Apply step shows: the question, the hand-over, the run, or the question before taking it back. */
  readonly applyMode: 'confirm' | 'export' | 'run' | 'undo'
  readonly exporting: Exporting
  readonly unfolded: readonly string[]
  readonly onlyProblems: boolean
  /** Steps whose defaults were filled in once; what the person empties afterwards stays empty. */
  readonly defaulted: readonly ScreenId[]

  readonly choices: Loadable<readonly AccountChoice[]>
  readonly choice?: AccountChoice | undefined
  /** The profile that an opened draft was made with. */
  readonly keptChoice?: string | undefined
  readonly identity: Loadable<WizardIdentity>
  readonly snapshot: Loadable<Snapshot>
  readonly today: Loadable<TodayAccess>
  readonly plan: Loadable<Planned>
  readonly run: RunState
  /** The runs of this session that changed something, oldest first. */
  readonly applied: readonly AppliedRun[]
  readonly verification: Loadable<WizardVerification>
  /** What was imported to choose access by. */
  readonly evidence?: Evidence | undefined

  readonly drafts: readonly DraftInfo[]
  /** The grants file that was opened or saved to. */
  readonly file?: string | undefined
  /** Where `p` was pressed: Esc in the preview goes back there. */
  readonly previewFrom?: ScreenId | undefined
  /** The step that an opened draft goes back to once AWS was read again. */
  readonly resuming?: ScreenId | undefined
  /** The last apply of this folder, where one could be taken back, and the one that was chosen for it. */
  readonly lastRun?: LastRun | undefined
  readonly takingBack?: LastRun | undefined
  /** Only looking: who can do what is shown as soon as it is known. */
  readonly checking?: boolean | undefined
  /** `HH:MM` of the last save; absent until something was saved. */
  readonly saved?: string
  /** Today as `YYYY-MM-DD`, for the words "saved today". */
  readonly day: string
  readonly shellFlags: string
  /** Set when the wizard is to end. */
  readonly exit?: { readonly code: number; readonly keepDraft: boolean; readonly plain?: boolean } | undefined
}

export interface Exporting {
  readonly format: number
  readonly readme: boolean
  readonly dir?: string
  readonly written?: string
  /** What would be written, for the format that is chosen. */
  readonly files?: readonly {
    readonly path: string
    readonly bytes: number
    readonly head: readonly string[]
  }[]
  /** The least policy for whoever runs it. */
  readonly runner?: string
}

export interface HistoryStep {
  readonly edit: Edit
  readonly what: string
}

/** What each principal may do today on each server: principal ARN, then server ARN. */
export type TodayAccess = ReadonlyMap<string, ReadonlyMap<string, AccessRow>>

export interface Start {
  readonly columns: number
  readonly rows: number
  readonly ascii: boolean
  readonly name: string
  readonly shellFlags: string
  /** Today as `YYYY-MM-DD`. */
  readonly day: string
}

export function initialModel({ columns, rows, ascii, name, shellFlags, day }: Start): Model {
  return {
    columns,
    rows,
    ascii,
    screen: 'start',
    places: {},
    edit: newEdit(name),
    past: [],
    future: [],
    palette: [],
    ticked: [],
    rowOrder: [],
    compare: 'after',
    confirm: { field: emptyField, focus: 'back' },
    applyMode: 'confirm',
    exporting: { format: 0, readme: true },
    unfolded: [],
    onlyProblems: false,
    defaulted: [],
    choices: { state: 'none' },
    identity: { state: 'none' },
    snapshot: { state: 'none' },
    today: { state: 'none' },
    plan: { state: 'none' },
    run: { state: 'idle' },
    applied: [],
    verification: { state: 'none' },
    drafts: [],
    shellFlags,
    day,
  }
}

/** Whether all of this is on the embedded account, where nothing reaches AWS. */
export function isOnSandbox({ shellFlags }: Pick<Model, 'shellFlags'>): boolean {
  return shellFlags.startsWith(' --sandbox')
}

export function placeOf(model: Model, id: ScreenId | 'actions' = model.screen): Place {
  return model.places[id] ?? freshPlace
}

export function withPlace(
  model: Model,
  change: Partial<Place>,
  id: ScreenId | 'actions' = model.screen,
): Model {
  return { ...model, places: { ...model.places, [id]: { ...placeOf(model, id), ...change } } }
}

/** The value of something loaded, if it is there. */
export function loaded<T>(loadable: Loadable<T>): T | undefined {
  return loadable.state === 'ready' ? loadable.value : undefined
}

/** Makes a change that `u` takes back in one step. */
export function changed(model: Model, edit: Edit, what: string): Model {
  if (edit === model.edit) return model
  return {
    ...model,
    edit,
    past: [...model.past.slice(-199), { edit: model.edit, what }],
    future: [],
    plan: { state: 'none' },
  }
}
