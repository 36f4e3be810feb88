import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { findAssuming, rowOfAssuming } from '@mlflow-iam/core/evaluate/elsewhere-access'
import { evaluateAccess } from '@mlflow-iam/core/evaluate/evaluate-access'
import { grantsForAccount } from '@mlflow-iam/core/grants/for-account'
import type { GrantsFile } from '@mlflow-iam/core/grants/grants-file'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import type { Account } from '../account/account.ts'
import { renderAccessCsv } from '../output/access-csv.ts'
import { showObject } from '../output/access-json.ts'
import { renderAccessMatrix } from '../output/access-matrix.ts'
import { namedSets } from '../output/names.ts'
import type { Call } from './command.ts'
import type { FlagValues } from './flags.ts'
import { findPrincipals, findServers, serversElsewhere } from './select-access.ts'

/** What `show` found in one account. */
export interface Shown {
  readonly snapshot: Snapshot
  readonly rows: readonly AccessRow[]
  /** The rows as they are printed: with `--redact` without names. */
  readonly shown: readonly AccessRow[]
  readonly name?: string
}

/** Reads everything, also with a file: it only says whose policies are ours, and which account is meant. */
export async function readShown(
  account: Account,
  whole: GrantsFile | undefined,
  flags: FlagValues,
  profile?: string,
): Promise<Shown> {
  const listed = whole !== undefined && whole.accounts.length > 0
  const file = listed ? grantsForAccount(whole, await account.id()) : whole
  const snapshot = await account.observe({
    ...(flags.offline && file ? { file } : file?.account === undefined ? {} : { expected: file.account }),
    ...(profile === undefined ? {} : { profile }),
  })
  const principals = findPrincipals(snapshot, flags.principal)
  const elsewhere = serversElsewhere(file, snapshot.account, flags.server)
  const servers = findServers(snapshot, flags.server, elsewhere)
  const now = new Date()
  const here = evaluateAccess(snapshot, {
    ...(principals === undefined ? {} : { principals }),
    ...(servers === undefined ? {} : { servers }),
    ...(file === undefined ? {} : { name: file.name }),
    now,
  })
  const there = findAssuming(snapshot, elsewhere, {
    now,
    ...(principals === undefined ? {} : { principals }),
  })
  const all = [...here, ...there.map(rowOfAssuming)]
  // Who has nothing is said where it was asked for, and left out of a list of everyone.
  const rows =
    principals === undefined
      ? all.filter((row) => row.decidedIn || row.allowed.length + row.denied.length + row.depends.length > 0)
      : all
  const shown = flags.redact ? await redacted(snapshot, rows) : rows
  return { snapshot, rows, shown, ...(file === undefined ? {} : { name: file.name }) }
}

async function redacted(snapshot: Snapshot, rows: readonly AccessRow[]): Promise<readonly AccessRow[]> {
  const { createRedactor, namesElsewhere } = await import('../output/access-html.ts')
  return createRedactor(snapshot, namesElsewhere(rows)).rows(rows)
}

/** What was found, in the format that was asked for. */
export async function renderShown(
  format: string,
  { snapshot, rows, shown, name }: Shown,
  { flags, io }: Call,
): Promise<string> {
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
        name,
      )
    default:
      return renderAccessMatrix(shown, {
        width: io.width,
        ascii: io.ascii,
        principals: namedSets(snapshot),
      })
  }
}
