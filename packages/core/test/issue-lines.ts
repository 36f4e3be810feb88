import { printable } from '../src/grants/complaint.ts'
import type { InputIssue } from '../src/problem.ts'

/** One line for each issue, `FILE:LINE:COLUMN: ` and then what, why and fix. */
export function issueLines(issues: readonly InputIssue[]): string {
  return issues.map((issue) => `${renderIssue(issue)}\n`).join('')
}

function renderIssue({ file, line, column, what, why, fix }: InputIssue): string {
  // Names of files and keys may hold anything; a line of ours stays one line.
  return printable(`${file}:${line}:${column}: ${what} ${why} ${fix}`)
}
