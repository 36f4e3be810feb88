import { exitCodes } from '@mlflow-iam/core/problem'
import { namedAccounts } from '../account/named-accounts.ts'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { emit } from '../output/emit.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import { showSeveral } from './several/show-several.ts'
import { readShown, renderShown } from './shown.ts'

/** `show`: who can do what today, whoever granted it. */
export const run: Command = async (call) => {
  const { flags, io } = call
  const file = flags.file === undefined ? undefined : readGrants(flags.file)
  const named = namedAccounts(flags, file)
  if (named) return showSeveral(named, file, call)
  const format = io.json ? 'json' : (flags.format ?? 'table')
  const account = openAccount(flags)
  try {
    const shown = await readShown(account, file, flags)
    warnUnknown(shown.snapshot, io)
    await emit(flags, io, () => renderShown(format, shown, call))
    return exitCodes.done
  } finally {
    account.close()
  }
}
