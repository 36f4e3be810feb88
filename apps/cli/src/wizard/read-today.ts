import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { evaluateAccess } from '@mlflow-iam/core/evaluate/evaluate-access'
import { draftFromAccount } from '@mlflow-iam/core/init/draft-from-account'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { type Edit, editOf } from './edit.ts'
import type { TodayAccess } from './model.ts'
import { principalOf } from './people.ts'

/** What everyone may do on every server, whoever gave it. */
export function readToday(snapshot: Snapshot, name: string, now: Date): TodayAccess {
  const { users, groups, roles, permissionSets } = snapshot
  const principals = [users, groups, roles, permissionSets].flatMap((list) => list.map((each) => each.arn))
  const today = new Map<string, Map<string, AccessRow>>()
  for (const row of evaluateAccess(snapshot, { name, now, principals })) {
    const rows = today.get(row.principal) ?? new Map<string, AccessRow>()
    rows.set(row.server, row)
    today.set(row.principal, rows)
  }
  return today
}

/** What this tool gave before under this name, so that a new draft starts from it. */
export function readOwned(snapshot: Snapshot, name: string, now: Date): Edit | undefined {
  const prefix = `/mlflow-iam/${name}/`
  if (!snapshot.policies.some((policy) => policy.path === prefix)) return undefined
  return editOf(draftFromAccount(snapshot, now, name).file, (ref) => principalOf(ref, snapshot))
}
