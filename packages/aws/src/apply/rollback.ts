import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { AwsConnection } from '../connection.ts'
import { needsOfCaller, type ObserveNeeds } from '../observe/needs.ts'
import { applyPlan } from './apply-plan.ts'
import type { ApplyEvent, ApplyOptions } from './events.ts'
import { loadJournal, suffixed } from './journal-file.ts'
import { planUndoing } from './plan-undoing.ts'
import { refuseOtherAccount } from './right-account.ts'

/**
 * The plan that takes an apply back, made from its journal and the account as it is. Sends nothing. Its findings
 * name what was changed since and is left alone, and what cannot come back exactly.
 */
export async function planRollback(
  connection: AwsConnection,
  path: string,
  options: Pick<ApplyOptions, 'timing'> = {},
): Promise<Plan> {
  const { plan } = await prepareRollback(connection, path, options, {})
  return plan
}

/** The same, with the account that it was made from, in which all is read that says what the caller may do. */
export async function prepareRollback(
  connection: AwsConnection,
  path: string,
  options: Pick<ApplyOptions, 'timing'> = {},
  needs: ObserveNeeds = needsOfCaller,
): Promise<{ readonly plan: Plan; readonly snapshot: Snapshot }> {
  const journal = await loadJournal(path)
  await refuseOtherAccount(connection, journal.header.plan)
  return planUndoing(connection, journal, options, needs)
}

/** Carries out a rollback's plan, with a journal of its own beside the one that it takes back. */
export function applyRollback(
  connection: AwsConnection,
  path: string,
  plan: Plan,
  options: ApplyOptions = {},
): AsyncGenerator<ApplyEvent, void, void> {
  return applyPlan(connection, plan, {
    ...options,
    journal: options.journal ?? rollbackJournal(path),
    undoes: path,
  })
}

/** `mlflow-iam-1a2b.journal.jsonl` is taken back under `mlflow-iam-1a2b-rollback.journal.jsonl`. */
export function rollbackJournal(path: string): string {
  return suffixed(path, 'rollback')
}
