import { decideResume } from '@mlflow-iam/core/journal/decide-resume'
import type { Journal } from '@mlflow-iam/core/journal/read-journal'
import { undoJournal } from '@mlflow-iam/core/journal/undo-journal'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { AwsConnection } from '../connection.ts'
import { needsOfUndoing, type ObserveNeeds } from '../observe/needs.ts'
import { backOff, realTime } from '../time.ts'
import type { ApplyOptions } from './events.ts'
import { observeFor } from './observe-for.ts'

const recent = 30 * 60_000
const patience = 15_000

/**
 * Reads the account and lines up what takes a run back. Right after a run AWS may not show all of it: then it is
 * looked at again for a while, since what does not show would count as changed by somebody else.
 */
export async function planUndoing(
  connection: AwsConnection,
  journal: Journal,
  options: Pick<ApplyOptions, 'timing'> = {},
  more: ObserveNeeds = {},
): Promise<{ readonly plan: Plan; readonly snapshot: Snapshot }> {
  const timing = options.timing ?? realTime
  const { plan } = journal.header
  const started = timing.now()
  const isRecent = started - Date.parse(journal.header.at) < recent
  for (let look = 1; ; look += 1) {
    const snapshot = await observeFor(connection, plan, timing, { ...needsOfUndoing(plan), ...more })
    const mayShow = isRecent && timing.now() - started < patience
    if (!mayShow || decideResume(journal, snapshot).undone.length === 0)
      return { plan: undoJournal(journal, snapshot), snapshot }
    await timing.sleep(backOff(look, timing, 500, 5_000))
  }
}
