import { join } from 'node:path'
import { type ExportedFile, type ExportFormat, exportFormats } from '@mlflow-iam/core/export/exporter'
import { exporters } from '@mlflow-iam/core/export/index'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { exitCodes } from '@mlflow-iam/core/problem'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { namedAccounts } from '../account/named-accounts.ts'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { writeFolder } from '../files/write-folder.ts'
import { count } from '../output/count.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import { version } from '../version.ts'
import type { Command } from './command.ts'
import type { FlagValues } from './flags.ts'
import { findPlanSource, openPlanSource } from './plan-source.ts'
import { exportSeveral, type RenderExport } from './several/export-several.ts'
import { usageProblem } from './usage-problem.ts'

/** `export`: writes a plan as files for someone else to run. */
export const run: Command = async (call) => {
  const { flags, io } = call
  const { format, output } = flags
  const known = Object.keys(exportFormats)
  if (format === undefined) {
    throw usageProblem('No format is given.', `There are ${known.join(', ')}.`, 'For example: --format shell')
  }
  if (output === undefined)
    throw usageProblem('No folder is given.', 'The files must go somewhere.', 'Add -o DIR.')
  if (!isOffered(format)) {
    throw usageProblem(
      `The format ${format} is not offered.`,
      `There are ${known.join(', ')}.`,
      'For example: --format shell',
    )
  }
  const exporter = exporters[format]
  const source = findPlanSource(call)
  const options = {
    json: io.json && !flags.yaml,
    readme: flags['with-readme'] ?? false,
    toolVersion: version,
  }
  const mainFile = exporter.mainFile?.(options)
  if (output === '-' && mainFile === undefined) {
    throw usageProblem(
      `The format ${format} is several files.`,
      '-o - prints one file.',
      'Give a folder: -o DIR.',
    )
  }
  const render: RenderExport = async ({ plan, snapshot }) => [
    ...exporter.render(plan, options),
    ...(await reportOf(plan, snapshot, flags)),
  ]
  const file = source.kind === 'file' ? readGrants(source.path) : undefined
  const named = file && namedAccounts(flags, file)
  if (named) return exportSeveral(named, file, call, format, render)
  const account = openAccount(flags)
  try {
    // A saved plan holds all that an export needs: only the report wants to see the account.
    const alone = source.kind === 'plan' && !flags['with-report']
    const { plan, snapshot } = alone
      ? { plan: source.plan, snapshot: undefined }
      : await openPlanSource(source, account, flags, { file })
    if (snapshot) warnUnknown(snapshot, io)
    const files = snapshot ? await render({ plan, snapshot }) : exporter.render(plan, options)
    if (output === '-') {
      io.out(files.find(({ path }) => path === mainFile)?.text ?? '')
      return exitCodes.done
    }
    writeFolder(output, files, { force: flags.force ?? false })
    if (io.json) {
      const written = files.map(({ path, text }) => ({ path, bytes: Buffer.byteLength(text) }))
      io.out(JSON.stringify({ version: 1, plan: plan.id, format, folder: output, files: written }))
    } else {
      for (const { path } of files) io.out(join(output, path))
      io.note(`Wrote ${count(files.length, 'file')}: ${exportFormats[format].hint}`)
    }
    return exitCodes.done
  } finally {
    account.close()
  }
}

function isOffered(format: string): format is ExportFormat {
  return Object.hasOwn(exportFormats, format)
}

async function reportOf(plan: Plan, snapshot: Snapshot, flags: FlagValues): Promise<readonly ExportedFile[]> {
  if (!flags['with-report']) return []
  const { renderPlanHtml } = await import('../output/access-html.ts')
  return [{ path: 'access-review.html', text: renderPlanHtml(plan, snapshot), executable: false }]
}
