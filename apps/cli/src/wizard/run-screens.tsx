import { asTyped } from '../output/as-typed.ts'
import { runPlain } from '../plain/run-plain.ts'
import type { Theme } from '../ui/theme.ts'
import { App } from './app.tsx'
import { copyText } from './clipboard.ts'
import { draftsFolder, openDrafts } from './drafts.ts'
import { createEffects } from './effects.ts'
import { exitCodeOf } from './exit-code.ts'
import { exitWords } from './exit-words.ts'
import type { Model } from './model.ts'
import { pageText, runCommand, suspend } from './programs.ts'
import type { WizardSettings } from './run-wizard.tsx'
import { createStore } from './store.ts'
import type { TerminalWindow } from './terminal-window.tsx'

interface Opened {
  readonly model: Model
  readonly theme: Theme
  readonly window: TerminalWindow
  readonly now: () => Date
}

/** Goes on from the first screen until the wizard is left; the answer is the exit code of the process. */
export async function runScreens(settings: WizardSettings, opened: Opened): Promise<number> {
  const { account, flags, io } = settings
  const { model, theme, window, now } = opened
  const { stdin, stdout, env } = io
  const drafts = settings.state?.drafts ?? openDrafts(draftsFolder(env))
  let onFinish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    onFinish = resolve
  })
  const away = async (work: () => Promise<void>) => {
    try {
      await window.away(work)
    } finally {
      onResize()
    }
  }
  const effects = createEffects(
    {
      account,
      drafts,
      now,
      toolVersion: settings.toolVersion,
      copy: (text) => copyText(text, env, (sequence) => stdout.write(sequence)),
      page: (text) => away(() => pageText(text, env.PAGER)),
      run: async (command) => {
        let code = 1
        await away(async () => {
          code = await runCommand(command)
        })
        return code
      },
      suspend: () => away(suspend),
    },
    (message) => store.send(message),
  )
  const store = createStore(model, (effect) => effects.start(effect))
  const onResize = () =>
    store.send({ type: 'resize', columns: stdout.columns || 80, rows: stdout.rows || 24 })
  store.subscribe(() => {
    if (store.model().exit) onFinish()
  })
  stdout.on('resize', onResize)
  const onSignal = () => onFinish()
  process.once('SIGTERM', onSignal)
  process.once('SIGHUP', onSignal)
  window.draw(<App store={store} theme={theme} />)
  onResize()
  window.listen((keys) => {
    for (const key of keys) store.send({ type: 'key', key })
  })
  if (flags.resume !== undefined) effects.start({ type: 'open-draft', name: flags.resume })
  else if (flags.file !== undefined) effects.start({ type: 'open-file', path: flags.file })
  await finished
  process.off('SIGTERM', onSignal)
  process.off('SIGHUP', onSignal)
  stdout.off('resize', onResize)
  await window.close()
  await effects.settled()
  const last = store.model()
  if (last.exit?.plain) {
    // The screens let go of the input; the questions need it to keep the program alive.
    stdin.ref()
    return runPlain({ ...settings, flags: {}, ...(last.screen === 'start' ? {} : { from: last }) })
  }
  for (const line of exitWords(last)) stdout.write(`${asTyped(line)}\n`)
  return exitCodeOf(last)
}
