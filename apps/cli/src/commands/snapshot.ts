import { exitCodes } from '@mlflow-iam/core/problem'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { checkWritable, writeOutput } from '../files/write-output.ts'
import { count } from '../output/count.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import { usageProblem } from './usage-problem.ts'

/** `snapshot`: saves everything that can be looked at, for plan, show and verify without the account. */
export const run: Command = async ({ flags, io }) => {
  const path = flags.output
  if (path === undefined)
    throw usageProblem('No file is given.', 'The snapshot must be kept somewhere.', 'Add -o account.json.')
  const force = flags.force ?? false
  if (path !== '-') checkWritable(path, { force })
  const account = openAccount(flags)
  try {
    const snapshot = await account.observe(flags.file === undefined ? {} : { file: readGrants(flags.file) })
    warnUnknown(snapshot, io)
    const text = JSON.stringify(snapshot, null, 2)
    if (path === '-') io.out(text)
    else {
      writeOutput(path, `${text}\n`, { force, secret: true })
      const { users, groups, roles, policies, servers } = snapshot
      const parts = [count(users.length, 'user'), count(groups.length, 'group'), count(roles.length, 'role')]
      io.note(
        `Wrote ${path}: ${[...parts, count(policies.length, 'policy', 'policies'), count(servers.length, 'server')].join(', ')}.`,
      )
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
