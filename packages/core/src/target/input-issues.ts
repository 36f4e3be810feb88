import type { GrantsFile } from '../grants/grants-file.ts'
import { type InputIssue, Problem } from '../problem.ts'

/** Gathers complaints about a file, so that all are told at once, each with its place. */
export class InputIssues {
  readonly #file: GrantsFile
  readonly #issues: InputIssue[] = []

  constructor(file: GrantsFile) {
    this.#file = file
  }

  add(path: string, what: string, why: string, fix: string): void {
    this.#issues.push({ ...this.#file.locate(path), path, what, why, fix })
  }

  /** Throws when anything was complained about. */
  throwAny(): void {
    if (this.#issues.length === 0) return
    const issues = [...this.#issues].sort((a, b) => a.line - b.line || a.column - b.column)
    const first = issues[0]
    const count = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`
    throw new Problem('GRANTS_DO_NOT_FIT_ACCOUNT', `${first?.what ?? ''}${count}`, {
      why: first?.why ?? '',
      fix: [...new Set(issues.map((issue) => issue.fix))],
      exit: 3,
      errors: issues,
    })
  }
}
