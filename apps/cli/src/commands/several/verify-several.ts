import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import type { NamedAccount } from '../../account/named-accounts.ts'
import { renderAccountsCsv } from '../../output/access-csv.ts'
import { accessObjects } from '../../output/access-json.ts'
import { renderJunitSuites } from '../../output/access-junit.ts'
import { warnUnknown } from '../../output/warn-unknown.ts'
import type { Call } from '../command.ts'
import { planFile } from '../plan-file.ts'
import { exitOf, renderVerified, type Verified, verifyPatiently } from '../verified.ts'
import {
  accountWords,
  exitOfSeveral,
  exitsOf,
  ioOf,
  openSeveral,
  type Visit,
  visitObjects,
} from './accounts.ts'
import { emitSeveral } from './emit-several.ts'
import { aliasOf } from './plan-several.ts'

/** `verify` of several accounts: each under its name, or one list in JSON, CSV and JUnit. Exit 9 if any differs. */
export async function verifySeveral(
  named: readonly NamedAccount[],
  file: GrantsFile,
  call: Call,
): Promise<number> {
  const { flags, io } = call
  const format = io.json ? 'json' : (flags.format ?? 'table')
  const emit = emitSeveral<Verified>(format, call, (each) => renderVerified(format, each, call))
  const several = await openSeveral(named, call, file)
  try {
    const visits = await several.visit(async ({ account, id, named: { profile }, file: own = file }) => {
      const who = { account: id, ...(profile === undefined ? {} : { profile }) }
      const told = { ...call, io: ioOf(who, io) }
      return verifyPatiently(() => planFile(own, account, flags, { profile }), account, told)
    })
    for (const visit of visits) if (visit.result) warnUnknown(visit.result.snapshot, ioOf(visit, io))
    await emit(visits, () => renderTogether(format, visits, call))
    return exitOfSeveral(exitsOf(visits, ({ comparison }) => exitOf(comparison)))
  } finally {
    several.close()
  }
}

/** The formats that hold several accounts in one text; others are rendered one by one. */
function renderTogether(
  format: string,
  visits: readonly Visit<Verified>[],
  { flags, io }: Call,
): string | undefined {
  const found = visits.flatMap(({ result, account = '' }) => (result ? [{ account, ...result }] : []))
  switch (format) {
    case 'json': {
      const method = flags.method ?? 'read'
      const accounts = visitObjects(visits, ({ comparison: { ok, access, differences, unknown } }) => ({
        ok,
        access: accessObjects(access),
        differences,
        ...(unknown ? { unknown } : {}),
      }))
      const ok = found.length === visits.length && found.every(({ comparison }) => comparison.ok)
      return JSON.stringify({ version: 1, ok, method, accounts }, null, io.json ? 0 : 2)
    }
    case 'csv':
      return renderAccountsCsv(found.map(({ account, comparison }) => ({ account, rows: comparison.access })))
    case 'junit':
      return renderJunitSuites(
        visits.map((visit) => {
          const { access: rows = [], differences = [], unknown = [] } = visit.result?.comparison ?? {}
          const suite = { name: accountWords({ ...visit, ...aliasOf(visit) }), rows, differences, unknown }
          return visit.problem ? { ...suite, error: visit.problem.what } : suite
        }),
      )
    default:
      return undefined
  }
}
