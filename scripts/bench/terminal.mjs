import { createRequire } from 'node:module'
import { join } from 'node:path'
import { program, root } from './measure.mjs'

const app = createRequire(join(root, 'apps/cli/package.json'))
/** Ink wraps each frame in these, so that a terminal shows it at once. */
const endOfFrame = '\u001b[?2026l'

/** The program in a pseudo-terminal of 120x40, with a terminal behind it that understands what it writes. */
export function openTerminal(args, { cwd, env }) {
  const pty = app('@lydell/node-pty')
  const xterm = app('@xterm/headless')
  const started = performance.now()
  const child = pty.spawn(process.execPath, [program, ...args], {
    name: 'xterm-256color',
    cols: 120,
    rows: 40,
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, XDG_STATE_HOME: cwd, LANG: 'C.UTF-8', ...env },
  })
  const view = new xterm.Terminal({ cols: 120, rows: 40, allowProposedApi: true })
  const watchers = new Set()
  let written = ''
  child.onData((data) => {
    const at = performance.now()
    written += data
    for (const watch of watchers) watch(at)
    view.write(data, () => {
      for (const watch of watchers) watch(at)
    })
  })
  view.onData((answer) => child.write(answer))
  const ended = new Promise((resolve) => child.onExit(resolve))
  const screen = () =>
    Array.from({ length: 40 }, (_, row) => view.buffer.active.getLine(row)?.translateToString(true)).join(
      '\n',
    )
  /** Resolves with the time of the data that made the condition true. */
  const until = (condition, what) =>
    new Promise((resolve, reject) => {
      const stop = (finish) => {
        clearTimeout(timer)
        watchers.delete(watch)
        finish()
      }
      const timer = setTimeout(() => stop(() => reject(new Error(`never ${what} in:\n${screen()}`))), 60_000)
      const watch = (at) => {
        if (condition()) stop(() => resolve(at))
      }
      watchers.add(watch)
      watch(performance.now())
    })
  return {
    type: (text) => child.write(text),
    /** Milliseconds from the launch until the screen shows the text. */
    see: async (text) => (await until(() => screen().includes(text), `saw ${text}`)) - started,
    /** One key: milliseconds until its frame has been written, and the bytes of it. */
    async frame(key) {
      written = ''
      const pressed = performance.now()
      child.write(key)
      const at = await until(() => written.includes(endOfFrame), `drew after ${JSON.stringify(key)}`)
      const result = { milliseconds: at - pressed, bytes: Buffer.byteLength(written) }
      // What comes behind the frame belongs to nobody: let it pass.
      await new Promise((resolve) => setTimeout(resolve, 40))
      return result
    },
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** `node -e 0` in such a terminal, in milliseconds. */
export async function bareInTerminal(cwd) {
  const started = performance.now()
  const env = { PATH: process.env.PATH, HOME: cwd }
  const child = app('@lydell/node-pty').spawn(process.execPath, ['-e', '0'], { cwd, env })
  await new Promise((resolve) => child.onExit(resolve))
  return performance.now() - started
}
