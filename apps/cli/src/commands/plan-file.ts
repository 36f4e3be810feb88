import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Evidence } from '@mlflow-iam/core/plan/plan-unused'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import type { FlagValues } from './flags.ts'

/** Reads what the file names and compares. Every command that takes `-f` plans like this. */
export async function planFile(
  file: GrantsFile,
  account: Account,
  flags: Pick<FlagValues, 'prune'>,
  evidence?: Evidence,
): Promise<{ readonly plan: Plan; readonly snapshot: Snapshot }> {
  const snapshot = await account.observe({
    file,
    expectedBy: 'The grants file',
    ...(file.account === undefined ? {} : { expected: file.account }),
  })
  const prune = flags.prune ?? false
  return {
    plan: buildPlan({ file, snapshot, prune, now: new Date(), ...(evidence ? { evidence } : {}) }),
    snapshot,
  }
}
