import { join } from 'node:path'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { exitCodes } from '@mlflow-iam/core/problem'
import type { NamedAccount } from '../../account/named-accounts.ts'
import { fileExists, isThere, makeFolder, writeOutput } from '../../files/write-output.ts'
import { warnUnknown } from '../../output/warn-unknown.ts'
import type { Call } from '../command.ts'
import { readSnapshotOf, snapshotWords } from '../snapshot-words.ts'
import { usageProblem } from '../usage-problem.ts'
import { exitOfSeveral, exitsOf, ioOf, openSeveral, tellProblems, visitObjects } from './accounts.ts'
import { folderOf } from './plan-several.ts'

/** `snapshot` of several accounts: a folder with a file for each, readable by its owner only. */
export async function snapshotSeveral(
  named: readonly NamedAccount[],
  file: GrantsFile | undefined,
  call: Call,
): Promise<number> {
  const { flags, io } = call
  const folder = flags.output === '-' ? undefined : folderOf(flags, 'snapshots')
  if (folder === undefined) {
    throw usageProblem(
      '-o - prints one snapshot, and there are several accounts.',
      'Each account gets a file of its own, in one folder.',
      'Give a folder, for example -o snapshots, or one account: --profile NAME',
    )
  }
  const force = flags.force ?? false
  const several = await openSeveral(named, call, file)
  try {
    const visits = await several.visit(({ account, named: { profile }, file: own }) =>
      readSnapshotOf(account, own, profile),
    )
    const pathOf = (account: string | undefined) => join(folder, `${account}.json`)
    const taken = visits.find(({ result, account }) => result && isThere(pathOf(account)))
    if (taken && !force) throw fileExists(pathOf(taken.account))
    makeFolder(folder)
    for (const visit of visits) {
      if (!visit.result) continue
      const own = ioOf(visit, io)
      warnUnknown(visit.result, own)
      const path = pathOf(visit.account)
      writeOutput(path, `${JSON.stringify(visit.result, null, 2)}\n`, { force, secret: true })
      own.note(`Wrote ${path}: ${snapshotWords(visit.result)}.`)
    }
    tellProblems(visits, io)
    if (io.json) {
      const accounts = visitObjects(visits, ({ account, takenAt }) => ({ file: pathOf(account), takenAt }))
      io.out(JSON.stringify({ version: 1, accounts }))
    }
    return exitOfSeveral(exitsOf(visits, () => exitCodes.done))
  } finally {
    several.close()
  }
}
