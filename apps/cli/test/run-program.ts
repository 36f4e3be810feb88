import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

/** The built program, as people run it. */
export const program = fileURLToPath(new URL('../dist/mlflow-iam.js', import.meta.url))
export const examples = fileURLToPath(new URL('../../../examples', import.meta.url))

export interface Ran {
  readonly exit: number | null
  readonly out: string
  readonly err: string
}

export interface Place {
  readonly folder: string
  /** Runs the program in this folder, with a state folder and home of its own and no AWS settings. */
  run(...args: readonly string[]): Promise<Ran>
  runWith(options: RunOptions, ...args: readonly string[]): Promise<Ran>
  env(more?: NodeJS.ProcessEnv): NodeJS.ProcessEnv
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string | Buffer
}

const folders: string[] = []
// Tests that run at once have no test of their own to hang a clean-up on.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder with its own sandbox, gone after the file's tests. */
export function openPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-test-'))
  folders.push(folder)
  const env = (more: NodeJS.ProcessEnv = {}) => ({
    PATH: process.env.PATH,
    HOME: folder,
    XDG_STATE_HOME: join(folder, 'state'),
    COLUMNS: '100',
    ...more,
  })
  const runWith = (options: RunOptions, ...args: readonly string[]) =>
    runCommand(process.execPath, [program, ...args], { cwd: folder, ...options, env: env(options.env) })
  return { folder, env, runWith, run: (...args) => runWith({}, ...args) }
}

/** Runs any command to its end, with nothing to read unless `input` is given. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly input?: string | Buffer },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.on('error', reject)
    child.on('close', (exit) => resolve({ exit, out, err }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
  })
}

/** A grants file for the sandbox's team, with what a test wants to say. */
export function grantsText(grants: string, head = ''): string {
  return `version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers:
  ml-dev: { artifacts: s3://ml-dev-mlflow/experiments }
  ml-prod: { artifacts: s3://ml-prod-mlflow }
${head}grants:
${grants}`
}
