import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
export const program = join(root, 'apps/cli/dist/mlflow-iam.js')

/** One figure: at most `goal` is good, or at least, with `atLeast`. */
export function row(what, measured, unit, goal, { atLeast = false } = {}) {
  if (measured === undefined) return { what, unit, goal: goal && String(goal) }
  const rounded = Math.round(measured * 100) / 100
  const met = goal === undefined ? undefined : atLeast ? rounded >= goal : rounded <= goal
  return {
    what,
    measured: rounded,
    unit,
    ...(goal === undefined ? {} : { goal: `${atLeast ? '>=' : '<='} ${goal}`, met }),
  }
}

/**
 * Median wall milliseconds of several commands, run in turn so that a slow minute slows all of them. Node 20 reads
 * NODE_EXTRA_CA_CERTS before any code runs, so it is left out for all.
 */
export async function medians(commands, { rounds = 15, cwd, env = {} }) {
  const times = new Map(Object.keys(commands).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, each] of Object.entries(commands)) {
      const { command: words, exit = 0 } = Array.isArray(each) ? { command: each } : each
      const [command, ...args] = words
      const { milliseconds } = await run(command, args, { cwd, env, exit })
      times.get(name).push(milliseconds)
    }
  }
  return Object.fromEntries([...times].map(([name, values]) => [name, median(values)]))
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** Runs a command to its end; throws where it does not end with the exit code expected. */
export function run(command, args, { cwd, env = {}, exit = 0 }) {
  const { NODE_EXTRA_CA_CERTS: _, ...own } = process.env
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint()
    const child = spawn(command, args, { cwd, env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.on('data', (data) => {
      out += data
    })
    child.stderr.on('data', (data) => {
      err += data
    })
    child.on('error', reject)
    child.on('close', (code) => {
      const milliseconds = Number(process.hrtime.bigint() - started) / 1e6
      if (code === exit) resolve({ milliseconds, out, err })
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${err}`))
    })
  })
}

/** A grants file with this many grants, each for a user of its own, over 20 servers; unlike ones where asked for. */
export function writeGrants(path, grants, { different = true, account = '123456789012' } = {}) {
  const personas = ['viewer', 'data-scientist', 'ml-engineer', 'model-approver', 'ci-cd']
  const lines = Array.from({ length: grants }, (_, index) => {
    const on = different ? `[ml-${index % 20}, ml-${(index + 1 + (index % 7)) % 20}]` : '[ml-0]'
    return `  - { to: user/user-${index}, persona: ${personas[index % personas.length]}, on: ${on} }`
  })
  const servers = Array.from(
    { length: 20 },
    (_, index) => `  ml-${index}: { planned: true, artifacts: s3://ml-${index}-mlflow }`,
  )
  const head = [
    'version: 1',
    'name: bench',
    `account: "${account}"`,
    'region: eu-west-1',
    'servers:',
    ...servers,
  ]
  writeFileSync(path, `${[...head, 'grants:', ...lines].join('\n')}\n`)
}
