import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pty from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { onTestFinished } from 'vitest'
import { program } from '../run-program.ts'

/** The built program in a real pseudo-terminal, with a terminal behind it that understands what it writes. */
export interface Terminal {
  readonly type: (text: string) => void
  readonly screen: () => string
  /** Resolves when the screen shows the text; the program's end without it is a failure. */
  readonly see: (text: string | RegExp) => Promise<void>
  readonly resize: (columns: number, rows: number) => void
  readonly kill: (signal: string) => void
  /** Exit code and signal. */
  readonly ended: Promise<{ readonly exitCode: number; readonly signal?: number | undefined }>
  /** Every byte that the program wrote. */
  readonly written: () => string
  readonly isAlternate: () => boolean
  readonly cursor: () => { readonly x: number; readonly y: number }
}

export interface TerminalPlace {
  readonly folder: string
  open(
    args: readonly string[],
    options?: { columns?: number; rows?: number; env?: NodeJS.ProcessEnv; before?: string; shell?: boolean },
  ): Terminal
}

/** An empty folder with its own state and no AWS settings, gone after the test. */
export function openTerminalPlace(): TerminalPlace {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-pty-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    open(args, { columns = 80, rows = 24, env = {}, before, shell } = {}) {
      const line = `${before ?? ''}exec "${process.execPath}" "${program}" ${args.join(' ')}`
      const child = pty.spawn(shell ? 'bash' : '/bin/sh', shell ? ['--norc', '-i'] : ['-c', line], {
        name: 'xterm-256color',
        cols: columns,
        rows,
        cwd: folder,
        // No CI: with it set, drawing libraries wait for the end before they draw.
        env: {
          PATH: process.env.PATH ?? '',
          HOME: folder,
          XDG_STATE_HOME: join(folder, 'state'),
          TERM: 'xterm-256color',
          LANG: 'C.UTF-8',
          ...env,
        },
      })
      return follow(child, columns, rows)
    },
  }
}

function follow(child: pty.IPty, columns: number, rows: number): Terminal {
  const view = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 500 })
  const checks = new Set<() => void>()
  let bytes = ''
  let over = false
  child.onData((data) => {
    bytes += data
    view.write(data, () => {
      for (const check of checks) check()
    })
  })
  view.onData((answer) => child.write(answer))
  const ended = new Promise<{ exitCode: number; signal?: number | undefined }>((resolve) => {
    child.onExit((how) => {
      over = true
      view.write('', () => {
        for (const check of checks) check()
        resolve(how)
      })
    })
  })
  onTestFinished(() => {
    if (!over) child.kill('SIGKILL')
  })
  const screen = () => {
    const { active } = view.buffer
    const lines: string[] = []
    for (let row = 0; row < active.length; row += 1)
      lines.push(active.getLine(row)?.translateToString(true) ?? '')
    return lines.join('\n').trimEnd()
  }
  return {
    type: (text) => child.write(text),
    screen,
    see(text) {
      const shows = () => (typeof text === 'string' ? screen().includes(text) : text.test(screen()))
      return new Promise((resolve, reject) => {
        const done = (finish: () => void) => {
          checks.delete(check)
          clearTimeout(timer)
          finish()
        }
        const fail = (why: string) => done(() => reject(new Error(`${why} ${String(text)} in:\n${screen()}`)))
        const check = () => {
          if (shows()) done(resolve)
          else if (over) fail('the program ended without')
        }
        const timer = setTimeout(() => fail('never saw'), 50_000)
        checks.add(check)
        check()
      })
    },
    resize(nextColumns, nextRows) {
      view.resize(nextColumns, nextRows)
      child.resize(nextColumns, nextRows)
    },
    kill: (signal) => child.kill(signal),
    ended,
    written: () => bytes,
    isAlternate: () => view.buffer.active.type === 'alternate',
    cursor: () => ({ x: view.buffer.active.cursorX, y: view.buffer.active.cursorY }),
  }
}
