import { findStaleness } from '@mlflow-iam/core/plan/fingerprint'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { AwsConnection } from '../connection.ts'
import { needIamOnly, needsOfOperations, type ObserveNeeds } from '../observe/needs.ts'
import { observeAccount } from '../observe/observe-account.ts'
import { realTime, type Timing } from '../time.ts'
import { wrongAccount } from './right-account.ts'

/** Reads only what a plan's operations depend on: the account's IAM, and the other objects that they name. */
export function observeFor(
  connection: AwsConnection,
  plan: Plan,
  timing: Timing = realTime,
  more: ObserveNeeds = {},
): Promise<Snapshot> {
  const needs: ObserveNeeds = { ...needIamOnly, ...needsOfOperations(plan), ...more }
  return observeAccount(connection, needs, { timing })
}

/** Reads again what a plan depends on, and throws (exit 7) where that has changed since the plan was made. */
export async function checkFresh(
  connection: AwsConnection,
  plan: Plan,
  timing: Timing = realTime,
): Promise<void> {
  if (plan.operations.length === 0) return
  const snapshot = await observeFor(connection, plan, timing)
  if (snapshot.account !== plan.account) throw wrongAccount(plan, snapshot.account)
  const changes = findStaleness(plan, snapshot)
  if (changes.length === 0) return
  throw new Problem('STALE_PLAN', 'AWS changed since this plan was made, so nothing was applied.', {
    why: changes.join('\n'),
    fix: ['mlflow-iam plan -f grants.yaml -o plan.json, then apply again.'],
    exit: exitCodes.stalePlan,
  })
}
