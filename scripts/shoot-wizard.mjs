// Takes the guide's pictures from the built wizard in a real pseudo-terminal: node scripts/shoot-wizard.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { renderScreen } from './docs/render-screen.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const requireFromApp = createRequire(join(root, 'apps/cli/package.json'))
const [columns, rows] = [92, 24]

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
    wizard.type('3')
    await wizard.see('aws iam')
    const preview = wizard.shoot('The Preview step of the wizard: the AWS commands that do the same')
    return { 'access.svg': access, 'preview.svg': preview }
  } finally {
    await wizard.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function walkToAccess({ type, see }) {
  const [tab, up, enter, down, right, left, space] = [
    '\t',
    '\u001b[A',
    '\r',
    '\u001b[B',
    '\u001b[C',
    '\u001b[D',
    ' ',
  ]
  await see('What would you like to do?')
  type(enter)
  await see('change IAM')
  type(enter)
  await see('Two service roles')
  type(enter)
  await see('3 ticked')
  type(enter)
  await see('Who gets access?')
  type(space + down + space + down + down + space + tab)
  await see('[Groups 6]')
  type(down.repeat(3) + space + down + space + tab)
  await see('[Roles ')
  type('/ci-trainer')
  await see('filter: ci-trainer · 1')
  type(enter + space)
  await see('1 role')
  type(enter)
  await see('6 rows')
  // Personas by their number, cell by cell; the last line says what was done.
  const give = async (keys, said) => {
    type(keys)
    await see(`is now ${said}`)
  }
  await give('2', 'Data scientist on ml-dev')
  await give(`${right}1`, 'Viewer on ml-prod')
  await give(`${right}2`, 'Data scientist on ml-staging')
  await give(`${down}1`, 'Viewer on ml-staging')
  await give(`${left}${left}2`, 'Data scientist on ml-dev')
  await give(`${down}9`, 'GenAI developer on ml-dev')
  await give(`${down}6`, 'CI/CD automation on ml-dev')
  await give(`${right}${right}6`, 'CI/CD automation on ml-staging')
  await give(`${down}3`, 'ML engineer on ml-staging')
  await give(`${left}1`, 'Viewer on ml-prod')
  await give(`${left}3`, 'ML engineer on ml-dev')
  await give(`${down}${right}4`, 'Model approver on ml-prod')
  await give(`${right}4`, 'Model approver on ml-staging')
  type(up.repeat(5) + left.repeat(2))
  await see(' ana on ml-dev ')
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
  child.onData((data) =>
    view.write(data, () => {
      for (const check of checks) check()
    }),
  )
  const ended = new Promise((resolve) => child.onExit(resolve))
  const text = () =>
    Array.from({ length: rows }, (_, row) => view.buffer.active.getLine(row)?.translateToString(true)).join(
      '\n',
    )
  return {
    type: (keys) => child.write(keys),
    shoot: (title) => renderScreen(view, title).replace(/saved \d\d:\d\d/, 'saved 09:41'),
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
