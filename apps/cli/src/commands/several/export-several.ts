import { join } from 'node:path'
import type { ExportedFile } from '@mlflow-iam/core/export/exporter'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { exitCodes } from '@mlflow-iam/core/problem'
import type { NamedAccount } from '../../account/named-accounts.ts'
import { writeFolder } from '../../files/write-folder.ts'
import { count } from '../../output/count.ts'
import { warnUnknown } from '../../output/warn-unknown.ts'
import type { Call } from '../command.ts'
import { type Planned, planFile } from '../plan-file.ts'
import { usageProblem } from '../usage-problem.ts'
import {
  exitOfSeveral,
  exitsOf,
  ioOf,
  openSeveral,
  pointToStackSets,
  tellProblems,
  visitObjects,
} from './accounts.ts'
import { folderOf } from './plan-several.ts'

/** Turns one account's plan into the files of the format. */
export type RenderExport = (planned: Planned) => Promise<readonly ExportedFile[]>

/** `export` of several accounts: a folder with a folder for each, named by its id. */
export async function exportSeveral(
  named: readonly NamedAccount[],
  file: GrantsFile,
  call: Call,
  format: string,
  render: RenderExport,
): Promise<number> {
  const { flags, io } = call
  const folder = flags.output === '-' ? undefined : folderOf(flags, 'handover')
  if (folder === undefined) {
    throw usageProblem(
      '-o - prints one file, and there are several accounts.',
      'Each account gets a folder of its own.',
      'Give a folder, for example -o handover, or one account: --profile NAME',
    )
  }
  const several = await openSeveral(named, call, file)
  try {
    const visits = await several.visit(async ({ account, id, named: { profile }, file: own = file }) => {
      const planned = await planFile(own, account, flags, { profile })
      const files = await render(planned)
      return { ...planned, files: files.map((each) => ({ ...each, path: join(id, each.path) })) }
    })
    for (const visit of visits) if (visit.result) warnUnknown(visit.result.snapshot, ioOf(visit, io))
    const files = visits.flatMap(({ result }) => result?.files ?? [])
    writeFolder(folder, files, { force: flags.force ?? false })
    if (io.json) {
      const accounts = visitObjects(visits, ({ plan, files: own }) => ({
        plan: plan.id,
        files: own.map(({ path, text }) => ({ path, bytes: Buffer.byteLength(text) })),
      }))
      io.out(JSON.stringify({ version: 1, format, folder, accounts }))
    } else {
      for (const { path } of files) io.out(join(folder, path))
      const written = visits.filter(({ result }) => result).length
      io.note(`Wrote ${count(files.length, 'file')} for ${count(written, 'account')}.`)
    }
    tellProblems(visits, io)
    pointToStackSets(named, call)
    return exitOfSeveral(exitsOf(visits, () => exitCodes.done))
  } finally {
    several.close()
  }
}
