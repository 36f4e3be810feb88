import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { writeFolder } from '../../files/write-folder.ts'
import { checkWritable } from '../../files/write-output.ts'
import { count } from '../../output/count.ts'
import { emit } from '../../output/emit.ts'
import type { Call } from '../command.ts'
import { usageProblem } from '../usage-problem.ts'
import { accountWords, tellProblems, type Visit } from './accounts.ts'
import { aliasOf, folderOf } from './plan-several.ts'

/**
 * Prints or writes what was found in several accounts. A report in HTML is of one account, so `-o` names a folder for
 * one each; every other format is one text. Where `-o` cannot be right is said at once, before anything is read.
 */
export function emitSeveral<T extends { readonly snapshot: Snapshot }>(
  format: string,
  { flags, io }: Call,
  renderOne: (result: T) => Promise<string>,
): (visits: readonly Visit<T>[], together: () => string | undefined) => Promise<void> {
  const { output, force = false } = flags
  const folder = format === 'html' ? reportFolder(flags) : undefined
  if (folder === undefined && output !== undefined && output !== '-') checkWritable(output, { force })
  return async (visits, together) => {
    if (folder !== undefined) {
      const files = await Promise.all(
        visits.flatMap(({ result, account }) =>
          result
            ? [
                (async () => ({
                  path: `${account}.html`,
                  text: await renderOne(result),
                  executable: false,
                }))(),
              ]
            : [],
        ),
      )
      if (files.length > 0) {
        writeFolder(folder, files, { force })
        io.note(`Wrote ${count(files.length, 'report')} to ${folder}.`)
      }
    } else {
      await emit(flags, io, async () => together() ?? (await oneByOne(visits)))
    }
    tellProblems(visits, io)
  }

  async function oneByOne(visits: readonly Visit<T>[]): Promise<string> {
    const parts: string[] = []
    for (const visit of visits) {
      const heading = io.paint.strong(accountWords({ ...visit, ...aliasOf(visit) }))
      const text = visit.result ? await renderOne(visit.result) : (visit.problem?.what ?? '')
      parts.push(`${heading}\n\n${text}`)
    }
    return parts.join('\n\n')
  }
}

function reportFolder(flags: Call['flags']): string {
  const folder = flags.output === '-' ? undefined : folderOf(flags, 'reports')
  if (folder !== undefined) return folder
  throw usageProblem(
    'A report is of one account, and there are several.',
    'Each account gets a report of its own, in one folder.',
    'Add -o reports, or give one account: --profile NAME',
  )
}
