import { exitCodes } from '@mlflow-iam/core/problem'
import { namedAccounts } from '../account/named-accounts.ts'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { checkWritable, writeOutput } from '../files/write-output.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import { snapshotSeveral } from './several/snapshot-several.ts'
import { readSnapshotOf, snapshotWords } from './snapshot-words.ts'
import { usageProblem } from './usage-problem.ts'

/** `snapshot`: saves everything that can be looked at, for plan, show and verify without the account. */
export const run: Command = async (call) => {
  const { flags, io } = call
  const path = flags.output
  if (path === undefined)
    throw usageProblem('No file is given.', 'The snapshot must be kept somewhere.', 'Add -o account.json.')
  const file = flags.file === undefined ? undefined : readGrants(flags.file)
  const named = namedAccounts(flags, file)
  if (named) return snapshotSeveral(named, file, call)
  const force = flags.force ?? false
  if (path !== '-') checkWritable(path, { force })
  const account = openAccount(flags)
  try {
    const snapshot = await readSnapshotOf(account, file)
    warnUnknown(snapshot, io)
    const text = JSON.stringify(snapshot, null, 2)
    if (path === '-') io.out(text)
    else {
      writeOutput(path, `${text}\n`, { force, secret: true })
      io.note(`Wrote ${path}: ${snapshotWords(snapshot)}.`)
      if (io.json)
        io.out(
          JSON.stringify({ version: 1, file: path, account: snapshot.account, takenAt: snapshot.takenAt }),
        )
    }
    return exitCodes.done
  } finally {
    account.close()
  }
}
