import { type ExitCode, exitCodes, Problem } from '@mlflow-iam/core/problem'
import { version } from '../version.ts'
import { asTyped } from './as-typed.ts'
import type { Io } from './io.ts'
import { wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

/** npm knows where the package's bugs go, wherever that is by then. */
const reportTo = 'npm bugs mlflow-iam'

/** Says what went wrong on standard error, and as an object on standard output with `--json`. Returns the exit code. */
export function reportFailure(error: unknown, io: Io): ExitCode {
  if (error instanceof Problem) {
    io.error(renderProblem(error, io))
    if (io.json) io.out(JSON.stringify({ version: 1, error: problemObject(error) }))
    return error.exit
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  io.error(`mlflow-iam ${version} met a situation it does not know. This is a bug.\n\n${stack}\n`)
  io.error(`Please report it with these lines: ${reportTo} opens the place.`)
  if (io.json) {
    const what = error instanceof Error ? error.message : String(error)
    const bug = {
      code: 'BUG',
      what,
      why: 'This is a bug of mlflow-iam.',
      fix: [`Report it with these lines: ${reportTo} opens the place.`],
      exit: exitCodes.bug,
    }
    io.out(JSON.stringify({ version: 1, error: bug }))
  }
  return exitCodes.bug
}

type ErrorIo = Pick<Io, 'paintError' | 'errorWidth'>

/** What, why and fix, in that order; for input files one such block for each place. */
export function renderProblem(problem: Problem, io: ErrorIo): string {
  if (!problem.errors || problem.errors.length === 0) return block(problem.what, problem.why, problem.fix, io)
  const blocks = problem.errors.map(({ file, line, column, what, why, fix }) =>
    block(`${file}:${line}:${column}: ${what}`, why, [fix], io),
  )
  const count = problem.errors.length
  return [...blocks, `${count} ${count === 1 ? 'error' : 'errors'}.`].join('\n')
}

function block(
  what: string,
  why: string,
  fix: readonly string[],
  { paintError, errorWidth }: ErrorIo,
): string {
  const lines = wrapped(what, errorWidth).map((line) => paintError.strong(terminalText(line)))
  if (why !== '') lines.push(...labelled('why', wrapped(why, errorWidth - 7)))
  lines.push(
    ...labelled(
      'fix',
      fix
        .filter((line) => line !== '')
        .flatMap((line) => (isTyped(line) ? asTyped(line) : wrapped(line, errorWidth - 7))),
    ),
  )
  return lines.join('\n')
}

/** Whether a line is, or ends with, something to type: it is copied whole, so it does not wrap. */
function isTyped(line: string): boolean {
  return /(^|: )(mlflow-iam|aws|npm|npx|export) /.test(line)
}

function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapText(line, Math.max(24, width)))
}

/** Indented under its label; text of our own never begins a line with `at`, as a stack would. */
function labelled(label: string, texts: readonly string[]): string[] {
  const lines = texts.flatMap((text) => text.split('\n'))
  return lines.map((line, index) => `  ${index === 0 ? label : '   '}  ${terminalText(line)}`)
}

/** The `error` of a failure's JSON. */
export function problemObject({ code, what, why, fix, exit, errors }: Problem): object {
  return { code, what, why, fix, exit, ...(errors && errors.length > 0 ? { errors } : {}) }
}
