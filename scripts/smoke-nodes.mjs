// `npm run smoke:nodes`: the same build on each Node that it promises to run on, from --version to a wizard's first
// frame, on a throw-away sandbox. Runtimes come from npm, without running install scripts, and are kept for next time.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const app = join(root, 'apps/cli')
const program = join(app, 'dist/mlflow-iam.js')
const cache = join(root, 'node_modules/.cache/mlflow-iam-nodes')
const patience = 120_000

const given = process.argv.slice(2)
if (given.some((word) => !/^(\d+(\.\d+){0,2}|latest)$/.test(word))) {
  console.error('usage: node scripts/smoke-nodes.mjs [VERSION…], a version being 22, 24.21.0 or latest')
  process.exit(3)
}
if (!existsSync(program)) {
  console.error('The program is not built: npm run build')
  process.exit(3)
}
/** The oldest that is supported, the lines in use, and the newest there is. */
const versions = given.length > 0 ? given : ['20.19', '22', '24', 'latest']

/** The path of a runtime, or why there is none. */
function runtimeFor(version) {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  const folder = join(cache, version)
  const binary = join(
    folder,
    'node_modules',
    name,
    process.platform === 'win32' ? 'bin/node.exe' : 'bin/node',
  )
  if (!existsSync(binary) || version === 'latest') {
    mkdirSync(folder, { recursive: true })
    const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
    const ran = spawnSync('npm', [...args, '--prefer-offline', `${name}@${version}`], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (ran.status !== 0 && !existsSync(binary)) {
      const why = ran.error?.message ?? /npm (?:ERR!|error) (?!code)(.*)/.exec(ran.stderr)?.[1]
      return { why: `npm could not install ${name}@${version}: ${why ?? 'no reason given'}` }
    }
  }
  const said = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  if (said.status !== 0) return { why: `${binary} does not start: ${said.error?.message ?? said.stderr}` }
  return { binary, version: said.stdout.trim() }
}

const file = 'examples/team.yaml'
const sandbox = '--sandbox'
const { version: own } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'))

/** Each step's words, and what has to be in its output. */
const steps = {
  '--version': [['--version'], own],
  '--help': [['--help'], 'usage'],
  check: [['check', '-f', file], 'is right'],
  plan: [['plan', '-f', file, sandbox, '-o', 'plan.json'], 'plan.json'],
  apply: [['apply', 'plan.json', sandbox, '--yes', '--confirm', 'ml-sandbox', '--json'], '"ok":true'],
  verify: [['verify', '-f', file, sandbox, '--json'], '"ok":true'],
  export: [['export', 'plan.json', '--format', 'shell', '-o', 'handover', sandbox], 'apply.sh'],
}

/** Takes one runtime through every step; the first that fails ends it. */
async function journey(binary) {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-smoke-'))
  // Warnings of a runtime would land on the screen, so they count as failures.
  const env = { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: join(folder, 'state'), LANG: 'C.UTF-8' }
  const done = []
  try {
    cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true })
    for (const [name, [args, wanted]] of Object.entries(steps)) {
      const { code, out, err } = await run(binary, [program, ...args], { cwd: folder, env })
      const text = out + err
      if (code !== 0) return { done, failed: name, why: `exit ${code}: ${lastLines(text)}` }
      if (!text.includes(wanted)) return { done, failed: name, why: `says no ${wanted}: ${lastLines(text)}` }
      const warning = /^.*\bWarning:.*$/m.exec(err)?.[0]
      if (warning !== undefined) return { done, failed: name, why: warning }
      done.push(name)
    }
    const { why, absent } = await firstFrame(binary, { cwd: folder, env: { ...env, TERM: 'xterm-256color' } })
    if (why !== undefined) return { done, failed: 'wizard', why }
    return { done: absent ? done : [...done, 'wizard'] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: patience })
    let [out, err] = ['', '']
    child.stdout.on('data', (data) => {
      out += data
    })
    child.stderr.on('data', (data) => {
      err += data
    })
    child.on('error', (error) => resolve({ code: -1, out, err: error.message }))
    child.on('close', (code, signal) => resolve({ code: code ?? signal, out, err }))
  })
}

/** The wizard in a pseudo-terminal: its first question, and a calm end at Ctrl-C. */
async function firstFrame(binary, { cwd, env }) {
  let pty
  try {
    pty = createRequire(join(app, 'package.json'))('@lydell/node-pty')
  } catch {
    return { absent: true }
  }
  const child = pty.spawn(binary, [program, sandbox], {
    name: 'xterm-256color',
    cols: 100,
    rows: 30,
    cwd,
    env,
  })
  return new Promise((resolve) => {
    let written = ''
    let asked = false
    const timer = setTimeout(() => child.kill('SIGKILL'), patience)
    child.onData((data) => {
      written += data
      if (asked || !written.includes('What would you like to do?')) return
      asked = true
      child.write('\u0003')
      setTimeout(() => child.write('\u0003'), 100)
    })
    child.onExit(({ exitCode }) => {
      clearTimeout(timer)
      if (!asked) resolve({ why: `no first frame, exit ${exitCode}: ${lastLines(written)}` })
      else resolve(exitCode === 130 ? {} : { why: `exit ${exitCode} after Ctrl-C` })
    })
  })
}

function lastLines(text) {
  return text.trim().split('\n').slice(-6).join('\n')
}

const rows = []
const troubles = []
for (const version of versions) {
  console.error(`Node ${version} …`)
  const runtime = runtimeFor(version)
  if (runtime.why !== undefined) {
    rows.push([version, '-', 'not to be had'])
    troubles.push({ what: `Node ${version}: ${runtime.why}`, fails: process.env.CONFORMANCE === 'required' })
    continue
  }
  const { done, failed, why } = await journey(runtime.binary)
  rows.push([version, runtime.version, failed === undefined ? 'ok' : `FAILED at ${failed}`, done.join(' ')])
  if (failed !== undefined) troubles.push({ what: `Node ${runtime.version}, ${failed}: ${why}`, fails: true })
}

const table = [['asked', 'version', 'result', 'steps done'], ...rows]
const widths = table[0].map((_, index) => Math.max(...table.map((row) => (row[index] ?? '').length)))
for (const row of table)
  console.log(
    row
      .map((cell, index) => cell.padEnd(widths[index]))
      .join('  ')
      .trimEnd(),
  )
for (const { what } of troubles) console.error(`\n${what}`)
process.exitCode = troubles.some(({ fails }) => fails) ? 1 : 0
