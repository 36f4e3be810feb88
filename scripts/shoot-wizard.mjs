// Takes the guide's pictures from the built wizard in a real pseudo-terminal: node scripts/shoot-wizard.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderScreen } from './docs/render-screen.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const requireFromApp = createRequire(join(root, 'apps/cli/package.json'))
const [columns, rows] = [92, 26]

/** The pictures: file name in docs/images, and its whole text. `program` is a built mlflow-iam.js. */
export async function shootWizard(program = join(root, 'apps/cli/dist/mlflow-iam.js')) {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-pictures-'))
  const wizard = openWizard(program, folder)
  try {
    await walkToAccess(wizard)
    const access = wizard.shoot(
      'The Access step of the wizard: people, tracking servers, and a persona in each cell',
    )
    wizard.type('>')
    await wizard.see('create policy')
    const preview = wizard.shoot(
      'The Preview step of the wizard: every change with its reason, before anything is sent',
    )
    return { 'access.svg': access, 'preview.svg': preview }
  } finally {
    await wizard.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function walkToAccess({ type, see }) {
  const [enter, down, right, left, space] = ['\r', '\u001b[B', '\u001b[C', '\u001b[D', ' ']
  await see('What would you like to do?')
  type(enter)
  await see('change IAM')
  type(enter)
  await see('Two service roles')
  type(enter)
  await see('3 ticked')
  type(enter)
  await see('Who gets access?')
  type(`${space}${down}${space}${down}${space}${down}${space}${enter}`)
  await see('4 rows')
  // Personas by their number, cell by cell.
  type(`2${right}2${right}1${down}${left}${left}3${right}3${down}${left}1`)
  await see(/→ \d+ actions/)
}

/** The program at a terminal that understands what it writes. */
function openWizard(program, folder) {
  const pty = requireFromApp('@lydell/node-pty')
  const { Terminal } = requireFromApp('@xterm/headless')
  const view = new Terminal({ cols: columns, rows, allowProposedApi: true })
  const child = pty.spawn(process.execPath, [program, '--sandbox'], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      XDG_STATE_HOME: join(folder, 'state'),
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
    },
  })
  const checks = new Set()
  child.onData((data) => view.write(data, () => checks.forEach((check) => check())))
  const ended = new Promise((resolve) => child.onExit(resolve))
  const text = () =>
    Array.from({ length: rows }, (_, row) => view.buffer.active.getLine(row)?.translateToString(true)).join(
      '\n',
    )
  return {
    type: (keys) => child.write(keys),
    shoot: (title) => renderScreen(view, title),
    see(wanted) {
      const shows = () => (typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text()))
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`never saw ${wanted} in:\n${text()}`)), 60_000)
        const check = () => {
          if (!shows()) return
          clearTimeout(timer)
          checks.delete(check)
          resolve()
        }
        checks.add(check)
        check()
      })
    },
    close() {
      child.kill('SIGKILL')
      return ended
    },
    text,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const images = join(root, 'docs/images')
  mkdirSync(images, { recursive: true })
  for (const [name, text] of Object.entries(await shootWizard(process.argv[2])))
    writeFileSync(join(images, name), text)
}
