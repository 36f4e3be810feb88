import type { FindingLevel, Plan } from '@mlflow-iam/core/plan/plan'
import type { Problem } from '@mlflow-iam/core/problem'
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
    plan ? findingWords(plan) : '-',
    plan?.id ?? problem?.what ?? '',
  ])
  const columns = ['ACCOUNT', 'ALIAS', 'PROFILE', 'ADDS', 'CHANGES', 'REMOVES', 'FINDINGS']
  return renderTable(
    [...columns.map((title) => ({ title })), { title: 'PLAN', wraps: true }],
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
