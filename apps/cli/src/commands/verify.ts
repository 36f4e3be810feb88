import { exitCodes } from '@mlflow-iam/core/problem'
import { namedAccounts } from '../account/named-accounts.ts'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { checkWritable } from '../files/write-output.ts'
import { asTyped } from '../output/as-typed.ts'
import { emit } from '../output/emit.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import { findPlanSource, openPlanSource } from './plan-source.ts'
import { verifySeveral } from './several/verify-several.ts'
import { typedFile } from './typed-source.ts'
import { exitOf, patienceOf, renderVerified, verifyPatiently } from './verified.ts'

/** `verify`: does the account give exactly this access? Exit 9 where it does not, 6 where that cannot be known. */
export const run: Command = async (call) => {
  const { flags, io } = call
  const source = findPlanSource(call)
  patienceOf(call)
  const file = source.kind === 'file' ? readGrants(source.path) : undefined
  const named = file && namedAccounts(flags, file)
  if (named) return verifySeveral(named, file, call)
  const format = io.json ? 'json' : (flags.format ?? 'table')
  if (flags.output !== undefined && flags.output !== '-')
    checkWritable(flags.output, { force: flags.force ?? false })
  const account = openAccount(flags)
  try {
    const verified = await verifyPatiently(
      () => openPlanSource(source, account, flags, { file }),
      account,
      call,
    )
    warnUnknown(verified.snapshot, io)
    await emit(flags, io, () => renderVerified(format, verified, call))
    const exit = exitOf(verified.comparison)
    if (exit !== exitCodes.differences) return exit
    const from = [typedFile(flags), account.shellFlags].filter(Boolean).join(' ')
    if (source.kind === 'file' && !io.json) io.note(asTyped(`\nPut it right: mlflow-iam plan ${from}`))
    return exit
  } finally {
    account.close()
  }
}
