// `npm start` without a terminal: the whole way from a grants file to a proof, on a throw-away sandbox.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const program = join(root, 'apps/cli/dist/mlflow-iam.js')
const file = 'examples/team.yaml'
const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-tour-'))

const steps = [
  ['Is the file right?', 'check', '-f', file],
  ['What would change?', 'plan', '-f', file, '--sandbox', '-o', 'plan.json'],
  [
    'Do it, on a sandbox that is thrown away afterwards.',
    'apply',
    'plan.json',
    '--sandbox',
    '--confirm',
    'ml-sandbox',
  ],
  ['Does the account give exactly this access?', 'verify', '-f', file, '--sandbox'],
]

cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
let status = 0
try {
  for (const [title, ...args] of steps) {
    console.log(`\n── ${title}\n$ mlflow-iam ${args.join(' ')}`)
    const env = { ...process.env, XDG_STATE_HOME: folder }
    const ran = spawnSync(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 1, 1] })
    status = ran.status ?? 1
    if (status !== 0) break
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (status === 0) console.log('\nThe same in a terminal, with the wizard: npm start')
process.exitCode = status
