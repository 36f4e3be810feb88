/** The exit codes of the command line, by meaning. A code's number never changes. */
export const exitCodes = {
  done: 0,
  bug: 1,
  changes: 2,
  badInput: 3,
  needsAnswer: 4,
  notSignedIn: 5,
  accessDenied: 6,
  stalePlan: 7,
  partlyDone: 8,
  differences: 9,
  overLevel: 10,
  fileExists: 11,
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** One complaint about an input file. Lines and columns count from 1; `path` is dotted (`grants.0.to`). */
export interface InputIssue {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly path: string
  readonly what: string
  readonly why: string
  readonly fix: string
}

export interface ProblemParts {
  readonly why: string
  readonly fix: readonly string[]
  readonly exit: ExitCode
  readonly errors?: readonly InputIssue[]
  readonly cause?: unknown
}

/**
 * A failure that was foreseen: what happened, why, and what to try next.
 * `code` is stable and in capitals (`ACCESS_DENIED`); `exit` is the process exit code it leads to.
 */
export class Problem extends Error {
  readonly code: string
  readonly what: string
  readonly why: string
  readonly fix: readonly string[]
  readonly exit: ExitCode
  readonly errors: readonly InputIssue[] | undefined

  constructor(code: string, what: string, parts: ProblemParts) {
    super(what, { cause: parts.cause })
    this.name = 'Problem'
    this.code = code
    this.what = what
    this.why = parts.why
    this.fix = parts.fix
    this.exit = parts.exit
    this.errors = parts.errors
  }
}
