import { wantsPlain } from '../plain/wants-plain.ts'
import { startScreen } from '../screens/start.ts'
import type { WizardAccount } from './account.ts'
import type { DraftStore } from './drafts.ts'
import { drawWindow } from './draw-window.ts'
import { initialModel } from './model.ts'
import { openTerminalWindow } from './terminal-window.tsx'
import { Window } from './window.tsx'

export interface WizardSettings {
  readonly account: WizardAccount
  readonly flags: {
    /** A draft to open at once. */
    readonly resume?: string
    /** A grants file to open at once. */
    readonly file?: string
    readonly ascii?: boolean
    readonly color?: boolean
    /** Line prompts instead of screens. */
    readonly plain?: boolean
  }
  readonly io: {
    readonly stdin: NodeJS.ReadStream
    readonly stdout: NodeJS.WriteStream
    readonly env: Readonly<Record<string, string | undefined>>
  }
  readonly state?: { readonly drafts?: DraftStore; readonly now?: () => Date }
  readonly toolVersion: string
}

/**
 * Runs the wizard until it is left; the answer is the exit code of the process. The first screen is drawn before
 * anything is loaded that only later screens need: the policy model, the reader of grants files, all other screens.
 */
export async function runWizard(settings: WizardSettings): Promise<number> {
  const { account, flags, io } = settings
  if (flags.plain || wantsPlain(io.env)) return (await import('../plain/run-plain.ts')).runPlain(settings)
  const now = settings.state?.now ?? (() => new Date())
  const model = initialModel({
    columns: io.stdout.columns || 80,
    rows: io.stdout.rows || 24,
    ascii: flags.ascii ?? false,
    name: 'ml-platform',
    shellFlags: account.shellFlags(),
    day: now().toISOString().slice(0, 10),
  })
  const theme = { color: flags.color ?? true, ascii: flags.ascii ?? false }
  const first = <Window frame={drawWindow(model, startScreen, [])} theme={theme} />
  const window = openTerminalWindow(io, first)
  // Loading keeps the processor busy: what was drawn is sent before.
  await new Promise((resolve) => setImmediate(resolve))
  const { runScreens } = await import('./run-screens.tsx')
  return runScreens(settings, { model, theme, window, now })
}
