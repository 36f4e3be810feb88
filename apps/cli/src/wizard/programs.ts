import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Stops like any other program in this terminal, and goes on when the shell says so. */
export function suspend(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGCONT', () => resolve())
    process.kill(process.pid, 'SIGTSTP')
  })
}

/** Shows raw text in the person's pager, from a file that only they can read. */
export async function pageText(text: string, pager: string | undefined): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mlflow-iam-'))
  const path = join(folder, 'text')
  try {
    await writeFile(path, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 })
    await runCommand(['sh', '-c', `${pager || 'less'} "$1" || cat "$1"`, 'sh', path])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs a program that has the terminal to itself; the answer is its exit code. */
export function runCommand([program = 'true', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' })
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
