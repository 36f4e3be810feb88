import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { findAccountFindings } from '@mlflow-iam/core/evaluate/account-findings'
import { type Comparison, compareAccess } from '@mlflow-iam/core/evaluate/compare-access'
import { sortFindings } from '@mlflow-iam/core/plan/findings'
import type { Plan } from '@mlflow-iam/core/plan/plan'

export { createRedactor, namesElsewhere } from '@mlflow-iam/core/report/redactor'

import { renderAccessReport } from '@mlflow-iam/core/report/render-report'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { version } from '../version.ts'

/** `show --format html`: the report of everything that can be seen. */
export function renderShowHtml(
  rows: readonly AccessRow[],
  snapshot: Snapshot,
  redact: boolean,
  name?: string,
): string {
  const madeAt = new Date()
  const principals = [...new Set(rows.map(({ principal }) => principal))]
  const findings = findAccountFindings(snapshot, {
    now: madeAt,
    principals,
    ...(name === undefined ? {} : { name }),
  })
  return renderAccessReport({
    snapshot,
    rows,
    findings,
    madeAt,
    toolVersion: version,
    method: 'read',
    redact,
  })
}

/** `verify --format html`: the report of what the file describes, and where the account differs. */
export function renderVerifyHtml(
  plan: Plan,
  snapshot: Snapshot,
  comparison: Comparison,
  { strict, method }: { readonly strict: boolean; readonly method: 'read' | 'simulate' },
): string {
  const madeAt = new Date()
  const rows = comparison.access
  const principals = [...new Set(rows.map(({ principal }) => principal))]
  const findings = sortFindings([
    ...plan.findings,
    ...findAccountFindings(snapshot, { now: madeAt, name: plan.name, principals }),
  ])
  const verified = { plan, comparison, strict }
  return renderAccessReport({
    snapshot,
    rows,
    findings,
    madeAt,
    toolVersion: version,
    method,
    verified,
    redact: false,
  })
}

/** `export --with-report`: the same report, of the account before the plan runs. */
export function renderPlanHtml(plan: Plan, snapshot: Snapshot): string {
  const options = { name: plan.name, now: new Date(), strict: false, prune: plan.prune }
  const comparison = compareAccess(plan.target, snapshot, options)
  return renderVerifyHtml(plan, snapshot, comparison, { strict: false, method: 'read' })
}
