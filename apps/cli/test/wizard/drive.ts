import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@mlflow-iam/aws'
import { createSandbox, type Sandbox } from '@mlflow-iam/sandbox'
import { onTestFinished } from 'vitest'
import { paint } from '../../src/ui/theme.ts'
import type { WizardAccount } from '../../src/wizard/account.ts'
import { openDrafts } from '../../src/wizard/drafts.ts'
import { drawFrame } from '../../src/wizard/draw.ts'
import { createEffects } from '../../src/wizard/effects.ts'
import { splitKeys } from '../../src/wizard/keys.ts'
import { accountOver } from '../../src/wizard/live-account.ts'
import { initialModel, type Model } from '../../src/wizard/model.ts'
import { createStore } from '../../src/wizard/store.ts'

export const keys = {
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  enter: '\r',
  tab: '\t',
  esc: '\u001b',
  space: ' ',
  ctrlC: '\u0003',
  ctrlU: '\u0015',
  ctrlR: '\u0012',
} as const

export interface Driver {
  readonly model: () => Model
  /** Sends text as the terminal would: one chunk, however many keys. */
  readonly press: (...chunks: readonly string[]) => void
  readonly lines: () => readonly string[]
  readonly screen: () => string
  /** Resolves when the screen shows the text. */
  readonly see: (text: string | RegExp) => Promise<void>
  readonly settled: () => Promise<void>
  readonly sandbox: Sandbox
  readonly folder: string
  readonly copied: string[]
  readonly paged: string[]
  readonly resize: (columns: number, rows: number) => void
}

export interface DriveOptions {
  readonly columns?: number
  readonly rows?: number
  readonly ascii?: boolean
  readonly sandbox?: Sandbox
  readonly folder?: string
  /** Made before the tests that look at it. */
  readonly outlives?: boolean
  /** Runs a command that takes the terminal, as a sign-in does; nothing where absent. */
  readonly run?: (command: readonly string[]) => Promise<number>
  /** Stands between the wizard and the account: to fail, to wait. */
  readonly wrap?: (account: WizardAccount) => WizardAccount
}

/** The account of a sandbox in this process, as the commands and the wizard open one. */
export function sandboxAccount(sandbox: Sandbox, folder: string): WizardAccount {
  const connection = connect({ region: 'eu-west-1', requestHandler: sandbox.requestHandler, env: {} })
  return accountOver(connection, { folder, stateFolder: folder })
}

/** The whole wizard without a terminal: real update, real effects, a real sandbox behind the real SDK. */
export async function drive(options: DriveOptions = {}): Promise<Driver> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'mlflow-iam-wizard-')))
  if (options.folder === undefined && !options.outlives)
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const sandbox = options.sandbox ?? createSandbox()
  const plain = sandboxAccount(sandbox, folder)
  const account = options.wrap ? options.wrap(plain) : plain
  const copied: string[] = []
  const paged: string[] = []
  const waiting = new Set<() => void>()
  const effects = createEffects(
    {
      account,
      drafts: openDrafts(join(folder, 'drafts')),
      now: () => new Date(),
      toolVersion: '0.0.0',
      folder,
      copy: async (text) => {
        copied.push(text)
        return 'sent to the terminal; if paste is empty press s to save it'
      },
      page: async (text) => {
        paged.push(text)
      },
      run: options.run ?? (async () => 0),
      suspend: async () => undefined,
    },
    (message) => store.send(message),
  )
  const model = initialModel({
    columns: options.columns ?? 80,
    rows: options.rows ?? 24,
    ascii: options.ascii ?? false,
    name: 'ml-platform',
    shellFlags: ' --sandbox',
    day: new Date().toISOString().slice(0, 10),
  })
  const store = createStore(model, (effect) => effects.start(effect))
  store.subscribe(() => {
    for (const check of waiting) check()
  })
  const lines = () => {
    const theme = { color: false, ascii: options.ascii ?? false }
    return drawFrame(store.model()).lines.map((each) => paint(each, theme).replaceAll(/\u001b\[\d+m/g, ''))
  }
  const screen = () => lines().join('\n')
  return {
    model: store.model,
    press(...chunks) {
      for (const chunk of chunks) {
        for (const key of splitKeys(chunk, true).keys) store.send({ type: 'key', key })
      }
    },
    lines,
    screen,
    see(text) {
      const shows = () => (typeof text === 'string' ? screen().includes(text) : text.test(screen()))
      return new Promise((resolve, reject) => {
        const check = () => {
          if (!shows()) return
          waiting.delete(check)
          clearTimeout(timer)
          resolve()
        }
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`never saw ${String(text)} in:\n${screen()}`))
        }, 25_000)
        waiting.add(check)
        check()
      })
    },
    settled: effects.settled,
    sandbox,
    folder,
    copied,
    paged,
    resize: (columns, rows) => store.send({ type: 'resize', columns, rows }),
  }
}

/** A new setup with the account, the roles and the servers as they are offered: at People. */
export async function driveToPeople(options: DriveOptions = {}): Promise<Driver> {
  const wizard = await drive(options)
  wizard.press(keys.enter)
  await wizard.see('change IAM')
  wizard.press(keys.enter, keys.enter, keys.enter)
  await wizard.see('Who gets access?')
  return wizard
}
