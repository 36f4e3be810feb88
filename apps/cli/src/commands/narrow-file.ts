import { editGrants } from '@mlflow-iam/core/grants/edit-grants'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { toDraft } from '@mlflow-iam/core/grants/write-grants'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { findUnused, shortArn } from '@mlflow-iam/core/suggest/find-unused'
import { narrowDraft } from '@mlflow-iam/core/suggest/narrow-draft'
import { narrowGrants } from '@mlflow-iam/core/suggest/narrow-grants'
import type { ActionUse, TrailUsage } from '@mlflow-iam/core/suggest/read-cloudtrail'
import { compileTarget } from '@mlflow-iam/core/target/compile-target'
import type { Account } from '../account/account.ts'
import { readInput } from '../files/read-input.ts'
import { principalWord, serverWord } from '../output/names.ts'
import { diffTexts } from '../output/text-diff.ts'
import type { FlagValues } from './flags.ts'
import { refuseOtherRegion } from './refuse-other-region.ts'

/** What one principal did on one server, and, with a grants file, what it may do there and did not. */
export interface UseRow {
  readonly principal: string
  readonly server: string
  readonly used: readonly ActionUse[]
  readonly denied: readonly ActionUse[]
  /** Granted and not used since the date; absent without a grants file. */
  readonly unused?: readonly string[]
  /** Granted, and CloudTrail does not show whether it is used. */
  readonly unseen?: readonly string[]
  /** Why nothing is called unused here. */
  readonly silent?: string
}

export interface Narrowing {
  readonly rows: readonly UseRow[]
  /** The narrowed grants file, and what that changes as a unified diff; empty where nothing can go. */
  readonly text: string
  readonly diff: string
}

/** Sets a grants file against what was used. What CloudTrail does not show stays granted. */
export async function narrowFile(
  path: string,
  usage: TrailUsage,
  since: string,
  account: Account,
  flags: Pick<FlagValues, 'principal' | 'server' | 'region'>,
): Promise<{ readonly snapshot: Snapshot; readonly narrowing: Narrowing }> {
  const before = readInput(path, 'grants file')
  const name = path === '-' ? 'stdin' : path
  const file = parseGrants(before, name)
  refuseOtherRegion(file, flags)
  const snapshot = await account.observe({
    file,
    expectedBy: 'The grants file',
    ...(file.account === undefined ? {} : { expected: file.account }),
  })
  const now = new Date()
  const granted = findUnused(compileTarget(file, snapshot, now).target, usage, snapshot, since)
  const known = new Set(granted.map(keyOf))
  const elsewhere = usage.rows.filter((row) => !known.has(keyOf(row)))
  const narrowed = narrowGrants(file, usage, snapshot, now, since)
  const text = editGrants(before, narrowDraft(toDraft(file), narrowed))
  return {
    snapshot,
    narrowing: {
      rows: [...granted, ...elsewhere].filter((row) => isAsked(row, flags)),
      text,
      diff: diffTexts(before, text, [name, name]),
    },
  }
}

/** Whether `--principal` and `--server` want to hear of it, if they want something at all. */
export function isAsked(
  { principal, server }: Pick<UseRow, 'principal' | 'server'>,
  flags: Pick<FlagValues, 'principal' | 'server'>,
): boolean {
  const among = (words: readonly string[] | undefined, ...names: readonly string[]) =>
    words === undefined || words.some((word) => names.includes(word))
  return (
    among(flags.principal, principal, principalWord(principal)) &&
    among(flags.server, server, serverWord(server))
  )
}

/** Records of sessions name a role without its path. */
function keyOf({ principal, server }: Pick<UseRow, 'principal' | 'server'>): string {
  return `${shortArn(principal)} ${server}`
}
