import { usageProblem } from './usage-problem.ts'

/** The time that `--since` means, ISO 8601 in UTC. */
export function sinceDate(text: string): string {
  const since = new Date(text)
  if (!Number.isNaN(since.getTime())) return since.toISOString()
  throw usageProblem(
    `--since ${text} is no date.`,
    'A date or a time with zone is wanted.',
    'For example: --since 2026-01-31',
  )
}
