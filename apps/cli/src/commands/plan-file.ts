import { grantsForAccount } from '@mlflow-iam/core/grants/for-account'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Evidence } from '@mlflow-iam/core/plan/plan-unused'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import type { FlagValues } from './flags.ts'
import { refuseOtherRegion } from './refuse-other-region.ts'

export interface Planned {
  readonly plan: Plan
  readonly snapshot: Snapshot
}

/**
 * Reads what the file names and compares. Every command that takes `-f` plans like this. Of a file for several
 * accounts, only what it says of this one counts. `profile` is whose account that must be, for the message.
 */
export async function planFile(
  whole: GrantsFile,
  account: Account,
  flags: Pick<FlagValues, 'prune' | 'region'>,
  {
    evidence,
    profile,
  }: { readonly evidence?: Evidence | undefined; readonly profile?: string | undefined } = {},
): Promise<Planned> {
  const file = whole.accounts.length === 0 ? whole : grantsForAccount(whole, await account.id())
  refuseOtherRegion(file, flags)
  const prune = flags.prune ?? false
  const snapshot = await account.observe({
    file,
    prune,
    expectedBy: 'The grants file',
    ...(profile === undefined ? {} : { profile }),
    ...(file.account === undefined ? {} : { expected: file.account }),
  })
  return {
    plan: buildPlan({ file, snapshot, prune, now: new Date(), ...(evidence ? { evidence } : {}) }),
    snapshot,
  }
}
