import type { InputIssue } from '../problem.ts'
import { printable } from './complaint.ts'

/** The text for standard error: a line for each issue, `FILE:LINE:COLUMN: ` and then what, why and fix. */
export function renderIssues(issues: readonly InputIssue[]): string {
  return issues.map((issue) => `${renderIssue(issue)}\n`).join('')
}

function renderIssue({ file, line, column, what, why, fix }: InputIssue): string {
  // Names of files and keys may hold anything; a line of ours stays one line.
  return printable(`${file}:${line}:${column}: ${what} ${why} ${fix}`)
}
