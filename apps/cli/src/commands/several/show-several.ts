import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import { exitCodes } from '@mlflow-iam/core/problem'
import type { NamedAccount } from '../../account/named-accounts.ts'
import { renderAccountsCsv } from '../../output/access-csv.ts'
import { accessObjects } from '../../output/access-json.ts'
import { warnUnknown } from '../../output/warn-unknown.ts'
import type { Call } from '../command.ts'
import { readShown, renderShown, type Shown } from '../shown.ts'
import { exitOfSeveral, exitsOf, ioOf, openSeveral, visitObjects } from './accounts.ts'
import { emitSeveral } from './emit-several.ts'

/** `show` of several accounts: each under its name, or one list in JSON and CSV. */
export async function showSeveral(
  named: readonly NamedAccount[],
  file: GrantsFile | undefined,
  call: Call,
): Promise<number> {
  const { flags, io } = call
  const format = io.json ? 'json' : (flags.format ?? 'table')
  const emit = emitSeveral<Shown>(format, call, (each) => renderShown(format, each, call))
  const several = await openSeveral(named, call, file)
  try {
    const visits = await several.visit(({ account, named: { profile }, file: own }) =>
      readShown(account, own, flags, profile),
    )
    for (const visit of visits) if (visit.result) warnUnknown(visit.result.snapshot, ioOf(visit, io))
    await emit(visits, () => {
      if (format === 'json') {
        const accounts = visitObjects(visits, ({ shown }) => ({ access: accessObjects(shown) }))
        return JSON.stringify({ version: 1, accounts }, null, io.json ? 0 : 2)
      }
      const found = visits.flatMap(({ result, account = '' }) =>
        result ? [{ account, rows: result.shown }] : [],
      )
      return format === 'csv' ? renderAccountsCsv(found) : undefined
    })
    return exitOfSeveral(exitsOf(visits, () => exitCodes.done))
  } finally {
    several.close()
  }
}
