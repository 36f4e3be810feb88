import type { FindingLevel, Plan } from '@mlflow-iam/core/plan/plan'
import type { Problem } from '@mlflow-iam/core/problem'
import { marks } from './plan-lines.ts'
import { renderTable } from './table.ts'

/** A line of the table: an account and its plan, or what kept it from one. */
export interface AccountLine {
  readonly account?: string
  readonly alias?: string
  readonly profile?: string
  readonly plan?: Plan
  readonly problem?: Problem
}

const levels: readonly FindingLevel[] = ['high', 'review', 'low']

/** What would change in each of several accounts, a line each. */
export function renderAccountsTable(lines: readonly AccountLine[], width: number): string {
  const rows = lines.map(({ account = '-', alias = '-', profile = '-', plan, problem }) => [
    account,
    alias,
    profile,
    ...(plan ? [plan.totals.adds, plan.totals.changes, plan.totals.removes].map(String) : ['-', '-', '-']),
    plan?.id ?? '-',
    plan ? findingWords(plan) : (problem?.what ?? ''),
  ])
  // The marks of a plan's lines, so that 80 columns are enough.
  const columns = ['ACCOUNT', 'ALIAS', 'PROFILE', marks.adds, marks.changes, marks.removes, 'PLAN']
  return renderTable(
    [...columns.map((title) => ({ title })), { title: 'FINDINGS', wraps: true }],
    rows,
    width,
  ).join('\n')
}

/** `1 high, 2 review`; `none`. */
function findingWords({ findings }: Plan): string {
  const parts = levels.flatMap((level) => {
    const number = findings.filter((finding) => finding.level === level).length
    return number === 0 ? [] : [`${number} ${level}`]
  })
  return parts.join(', ') || 'none'
}
