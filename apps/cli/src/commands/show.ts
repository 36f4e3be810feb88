import { evaluateAccess } from '@mlflow-iam/core/evaluate/evaluate-access'
import { exitCodes } from '@mlflow-iam/core/problem'
import { openAccount } from '../account/open-account.ts'
import { readGrants } from '../files/read-grants.ts'
import { renderAccessCsv } from '../output/access-csv.ts'
import { showObject } from '../output/access-json.ts'
import { renderAccessMatrix } from '../output/access-matrix.ts'
import { emit } from '../output/emit.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Command } from './command.ts'
import { findPrincipals, findServers } from './select-access.ts'

/** `show`: who can do what today, whoever granted it. */
export const run: Command = async ({ flags, io }) => {
  const file = flags.file === undefined ? undefined : readGrants(flags.file)
  const format = io.json ? 'json' : (flags.format ?? 'table')
  const account = openAccount(flags)
  try {
    // Everything, also with a file: it only says whose policies are ours.
    const snapshot = await account.observe(
      flags.offline && file ? { file } : file?.account === undefined ? {} : { expected: file.account },
    )
    warnUnknown(snapshot, io)
    const principals = findPrincipals(snapshot, flags.principal)
    const servers = findServers(snapshot, flags.server)
    const all = evaluateAccess(snapshot, {
      ...(principals === undefined ? {} : { principals }),
      ...(servers === undefined ? {} : { servers }),
      ...(file === undefined ? {} : { name: file.name }),
      now: new Date(),
    })
    // Who has nothing is said where it was asked for, and left out of a list of everyone.
    const rows =
      principals === undefined
        ? all.filter((row) => row.allowed.length + row.denied.length + row.depends.length > 0)
        : all
    const shown = flags.redact
      ? (await import('../output/access-html.ts')).createRedactor(snapshot).rows(rows)
      : rows
    await emit(flags, io, async () => {
      switch (format) {
        case 'json':
          return JSON.stringify(showObject(shown), null, io.json ? 0 : 2)
        case 'csv':
          return renderAccessCsv(shown)
        case 'html':
          return (await import('../output/access-html.ts')).renderShowHtml(
            rows,
            snapshot,
            flags.redact ?? false,
            file?.name,
          )
        default:
          return renderAccessMatrix(shown, io)
      }
    })
    return exitCodes.done
  } finally {
    account.close()
  }
}
