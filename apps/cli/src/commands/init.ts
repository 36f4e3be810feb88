import { draftFromAccount } from '@mlflow-iam/core/init/draft-from-account'
import { renderDraft } from '@mlflow-iam/core/init/render-draft'
import { exitCodes } from '@mlflow-iam/core/problem'
import { openAccount } from '../account/open-account.ts'
import { checkWritable } from '../files/write-output.ts'
import { count } from '../output/count.ts'
import { emit } from '../output/emit.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import { usageProblem } from './usage-problem.ts'

/** `init`: writes a grants file from what the account has. Planning with it changes nothing. */
export const run: Command = async ({ flags, io }) => {
  const { name } = flags
  if (name !== undefined && !/^[a-z0-9-]{1,32}$/.test(name)) {
    throw usageProblem(
      `--name ${JSON.stringify(name)} cannot be a file's name.`,
      'Names are 1 to 32 of a-z, 0-9 and -.',
      'For example: --name ml-platform',
    )
  }
  const { output, force = false } = flags
  if (output !== undefined && output !== '-') checkWritable(output, { force })
  const account = openAccount(flags)
  try {
    const snapshot = await account.observe({})
    warnUnknown(snapshot, io)
    const draft = draftFromAccount(snapshot, new Date(), name)
    const notes = [...draft.unsaid, ...draft.notes]
    const text = renderDraft(draft)
    await emit(flags, io, () =>
      io.json && flags.output === undefined ? JSON.stringify({ version: 1, grants: text, notes }) : text,
    )
    if (notes.length > 0)
      io.note(`${count(notes.length, 'line')} at the end of the file: what it leaves out.`)
    return exitCodes.done
  } finally {
    account.close()
  }
}
