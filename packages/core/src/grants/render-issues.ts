import type { InputIssue } from '../problem.ts'

/** The text for standard error: a line for each issue, `FILE:LINE:COLUMN: ` and then what, why and fix. */
export function renderIssues(issues: readonly InputIssue[]): string {
  return issues.map((issue) => `${renderIssue(issue)}\n`).join('')
}

function renderIssue({ file, line, column, what, why, fix }: InputIssue): string {
  return oneLine(`${file}:${line}:${column}: ${what} ${why} ${fix}`)
}

/** Names of files may hold anything; a line of ours stays one line. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, ' ')
}
