import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Notice } from './model.ts'

/** A failure as the wizard shows it. What was not foreseen keeps its own words. */
export function noticeOf(error: unknown): Notice {
  if (error instanceof Problem) {
    const { code, what, why, fix, exit, errors } = error
    const first = errors?.[0]
    return {
      code,
      what,
      why: first ? `${why} ${first.what} ${first.why}`.trim() : why,
      fix: first ? [first.fix, ...fix] : fix,
      exit,
    }
  }
  return {
    code: 'UNEXPECTED',
    what: 'Something went wrong that the wizard did not expect.',
    why: error instanceof Error ? error.message : String(error),
    fix: ['r tries again; the draft is kept.'],
    exit: exitCodes.bug,
  }
}
