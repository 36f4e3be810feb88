import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodes } from '@mlflow-iam/core/problem'
import { type Instance, render } from 'ink'
import { asTyped } from '../output/as-typed.ts'
import { runPlain, wantsPlain } from '../plain/run-plain.ts'
import type { WizardAccount } from './account.ts'
import { App } from './app.tsx'
import { copyText } from './clipboard.ts'
import { type DraftStore, draftsFolder, openDrafts } from './drafts.ts'
import { createEffects } from './effects.ts'
import { exitWords } from './exit-words.ts'
import { keepingScrollback } from './keeping-scrollback.ts'
import { initialModel, type Model } from './model.ts'
import { doneOf } from './run.ts'
import { createStore } from './store.ts'
import { openTerminalInput } from './terminal.ts'

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

/** Runs the wizard until it is left; the answer is the exit code of the process. */
export async function runWizard(settings: WizardSettings): Promise<number> {
  const { account, flags, io } = settings
  if (flags.plain || wantsPlain(io.env)) return runPlain(settings)
  const { stdin, stdout, env } = io
  const now = settings.state?.now ?? (() => new Date())
  const drafts = settings.state?.drafts ?? openDrafts(draftsFolder(env))
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 })
  const model = initialModel({
    ...size(),
    ascii: flags.ascii ?? false,
    name: 'ml-platform',
    shellFlags: account.shellFlags(),
    day: now().toISOString().slice(0, 10),
  })

  let screen: Instance | undefined
  let onFinish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    onFinish = resolve
  })
  const input = openTerminalInput(stdin, stdout)
  /** Gives the whole terminal away while `work` runs, and draws everything again afterwards. */
  const away = async (work: () => Promise<void>) => {
    // Without the input nothing else may be open, and Node would end instead of waiting for the way back.
    const alive = setInterval(() => undefined, 60_000)
    input.stop()
    screen?.unmount()
    await screen?.waitUntilExit()
    try {
      await work()
    } finally {
      clearInterval(alive)
      show()
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
  const onResize = () => store.send({ type: 'resize', ...size() })
  const drawn = keepingScrollback(stdout)
  const show = () => {
    screen = render(
      <App store={store} theme={{ color: flags.color ?? true, ascii: flags.ascii ?? false }} />,
      {
        stdin,
        stdout: drawn,
        exitOnCtrlC: false,
        patchConsole: false,
        alternateScreen: true,
        incrementalRendering: true,
        interactive: true,
        maxFps: 60,
      },
    )
    onResize()
    input.start((keys) => {
      for (const key of keys) store.send({ type: 'key', key })
    })
  }
  store.subscribe(() => {
    if (store.model().exit) onFinish()
  })
  stdout.on('resize', onResize)
  const onSignal = () => onFinish()
  process.once('SIGTERM', onSignal)
  process.once('SIGHUP', onSignal)
  show()
  if (flags.resume !== undefined) effects.start({ type: 'open-draft', name: flags.resume })
  else if (flags.file !== undefined) effects.start({ type: 'open-file', path: flags.file })
  await finished
  process.off('SIGTERM', onSignal)
  process.off('SIGHUP', onSignal)
  stdout.off('resize', onResize)
  input.stop()
  screen?.unmount()
  await screen?.waitUntilExit()
  await effects.settled()
  const last = store.model()
  if (last.exit?.plain) {
    // The screens let go of the input; the questions need it to keep the program alive.
    stdin.ref()
    return runPlain({ ...settings, flags: last.screen === 'start' ? {} : { resume: last.edit.name } })
  }
  for (const line of exitWords(last)) stdout.write(`${asTyped(line)}\n`)
  return exitCodeOf(last)
}

/** Leaving is no failure, unless something was left half done in AWS. */
function exitCodeOf(model: Model): number {
  const code = model.exit?.code ?? 143
  return code === 0 && model.run.state === 'failed' && doneOf(model.run) > 0 ? exitCodes.partlyDone : code
}

/** Stops like any other program in this terminal, and goes on when the shell says so. */
function suspend(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGCONT', () => resolve())
    process.kill(process.pid, 'SIGTSTP')
  })
}

/** Shows raw text in the person's pager, from a file that only they can read. */
async function pageText(text: string, pager: string | undefined): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-iam-'))
  const path = join(folder, 'text')
  try {
    await writeFile(path, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 })
    await runCommand(['sh', '-c', `${pager || 'less'} "$1" || cat "$1"`, 'sh', path])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function runCommand([program = 'true', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
