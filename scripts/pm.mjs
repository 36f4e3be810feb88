#!/usr/bin/env node
// Runs a root task on a machine that has Node and npm only: brings pnpm and the dependencies first.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules/.bin')
const program = join(root, 'apps/cli/dist/mlflow-iam.js')
const windows = process.platform === 'win32'
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
}

const tasks = {
  /** Opens the wizard on the sandbox; without a terminal, shows the whole way from a grants file to a proof. */
  start(args) {
    turbo(['build'], 'quiet')
    if (args.length > 0) return node(program, ...args)
    const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true
    return terminal ? node(program, 'setup', '--sandbox') : node(join(root, 'scripts/tour.mjs'))
  },

  build() {
    turbo(['build'])
    return 0
  },

  /** Builds, then checks types, runs every test, and ends with how many tests ran. */
  test() {
    // Results are restored from turbo's cache or written anew; never left over from an earlier run.
    for (const folder of ['.', 'apps/cli', 'packages/aws', 'packages/core', 'packages/sandbox']) {
      rmSync(join(root, folder, 'test-results'), { recursive: true, force: true })
    }
    const failed = turboStatus(['build', 'typecheck', 'test', 'test:root', '--continue'])
    return node(join(root, 'scripts/count-tests.mjs')) || failed
  },

  /** Everything that must hold before a change is published. */
  check() {
    const steps = [
      ['format and lint', 'biome', ['ci', '--error-on-warnings']],
      ['import boundaries', process.execPath, [join(root, 'scripts/check-boundaries.mjs')]],
      ['unused code', 'knip', []],
      ['types, tests, build', process.execPath, [fileURLToPath(import.meta.url), 'test']],
      ['packaging', process.execPath, [join(root, 'scripts/check-package.mjs')]],
    ]
    const failed = steps.filter(([title, command, args]) => {
      console.error(`\n== ${title}`)
      return run(command, args) !== 0
    })
    for (const [title] of failed) console.error(`failed: ${title}`)
    return failed.length === 0 ? 0 : 1
  },

  /** A thousand random fault schedules with a fixed seed: the long run behind the few that `test` takes. */
  soak() {
    return run('pnpm', ['--filter', '@mlflow-iam/aws', 'soak'])
  },

  bench(args) {
    turbo(['build'], 'quiet')
    return node(join(root, 'scripts/bench.mjs'), ...args)
  },
}

const [task = '', ...args] = process.argv.slice(2)
if (!Object.hasOwn(tasks, task)) {
  console.error(`usage: node scripts/pm.mjs ${Object.keys(tasks).join('|')} [ARGS]`)
  process.exit(3)
}
bootstrap()
process.exitCode = tasks[task](args)

/** Installs the dependencies when the lockfile, Node or pnpm's version is not the one of the last time. */
function bootstrap() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const stamp = join(root, 'node_modules/.bootstrap')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(`\n${process.version}\n${packageManager}\n`)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return

  console.error('Installing dependencies (once) …')
  const install = ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false', '--reporter=silent']
  const status = run(windows ? 'npx.cmd' : 'npx', ['--yes', packageManager, ...install], ['ignore', 2, 2])
  if (status !== 0) {
    console.error(`Could not install the dependencies: npx ${packageManager} ended with ${status}.`)
    console.error('  why  Its own message is above; most often the package registry cannot be reached.')
    console.error('  fix  Check the network and the npm registry setting, then run the same command again.')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}

function turbo(names, noise = 'shown') {
  const status = turboStatus(names, noise)
  if (status !== 0) process.exit(status)
}

/** What turbo says goes to standard error, and where it should be quiet only when something failed. */
function turboStatus(names, noise = 'shown') {
  // Test runners use every core on their own; more of them at once only make each other time out.
  const args = ['run', ...names, '--output-logs=new-only', '--concurrency=2']
  if (noise === 'shown') return run('turbo', args, ['ignore', 2, 2])
  const { status, stdout, stderr } = spawnSync('turbo', args, {
    cwd: root,
    env,
    encoding: 'utf8',
    shell: windows,
  })
  if (status !== 0) console.error(`${stdout ?? ''}${stderr ?? ''}`)
  return status ?? 1
}

function node(...argv) {
  return run(process.execPath, argv)
}

function run(command, argv, stdio = 'inherit') {
  const result = spawnSync(command, argv, { cwd: root, env, stdio, shell: windows })
  if (result.error) console.error(`Could not run ${command}: ${result.error.message}`)
  return result.status ?? 1
}
