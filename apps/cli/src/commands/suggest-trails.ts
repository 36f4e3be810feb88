import { s3NeedsOfActions } from '@mlflow-iam/core/catalog/closure'
import type { Undecided } from '@mlflow-iam/core/suggest/code-reading'
import { trailLimits } from '@mlflow-iam/core/suggest/find-unused'
import type { TrailUsage, UsageRow } from '@mlflow-iam/core/suggest/read-cloudtrail'
import {
  type Reason,
  type Suggestion,
  type SuggestOptions,
  suggestFor,
} from '@mlflow-iam/core/suggest/suggest-grants'
import { openAccount } from '../account/open-account.ts'
import { readTrails } from '../files/read-trails.ts'
import { principalWord, serverWord } from '../output/names.ts'
import { warnUnknown } from '../output/warn-unknown.ts'
import type { Call } from './command.ts'
import { isAsked, type Narrowing, narrowFile, type UseRow } from './narrow-file.ts'
import { sinceDate } from './since-date.ts'

/** What CloudTrail records tell: a suggestion, who used what, and how a grants file can be narrowed. */
export interface TrailEvidence {
  readonly suggestion: Suggestion
  readonly rows: readonly UseRow[]
  readonly narrowing?: Narrowing
  /** The records are from this time on, and until that; absent without any MLflow event. */
  readonly from?: string
  readonly until?: string
}

/** Reads CloudTrail records as they stream by. With a grants file, what it grants is set against them. */
export async function readEvidence(
  paths: readonly string[],
  call: Call,
  options: SuggestOptions,
): Promise<TrailEvidence> {
  const { flags, io } = call
  const since = flags.since === undefined ? '' : sinceDate(flags.since)
  const usage = await readTrails(paths)
  io.note(
    `${usage.records} records, ${usage.events} of them MLflow events${usage.broken > 0 ? `, ${usage.broken} unreadable` : ''}.`,
  )
  io.note(trailLimits)
  const rows = usage.rows.filter((row) => isAsked(row, flags))
  const narrowing = flags.file === undefined ? undefined : await narrow(flags.file, usage, since, call)
  return {
    suggestion: suggestFromUse(rows, usage, since, options),
    rows: narrowing?.rows ?? rows,
    ...(narrowing && { narrowing }),
    ...(usage.from !== undefined && usage.until !== undefined && { from: usage.from, until: usage.until }),
  }
}

async function narrow(path: string, usage: TrailUsage, since: string, { flags, io }: Call) {
  const account = openAccount(flags)
  try {
    const { snapshot, narrowing } = await narrowFile(path, usage, since, account, flags)
    warnUnknown(snapshot, io)
    return narrowing
  } finally {
    account.close()
  }
}

/** A grant for each principal and server, of what was used. What was refused is for a person to decide. */
function suggestFromUse(
  rows: readonly UsageRow[],
  usage: TrailUsage,
  since: string,
  options: SuggestOptions,
): Suggestion {
  const undecided: Undecided[] = usage.unknownActions.map((action) => ({
    at: 'cloudtrail',
    why: `${action} is no action that is known.`,
  }))
  if (usage.broken > 0) undecided.push({ at: 'cloudtrail', why: `${usage.broken} records are unreadable.` })
  const parts = rows.flatMap((row) => {
    const at = `${serverWord(row.server)}:${principalWord(row.principal)}`
    for (const { action, count, last } of row.denied) {
      undecided.push({
        at,
        why: `${action} was denied ${times(count)}${lastTime(last)}. Add it if it is wanted.`,
      })
    }
    const used = row.used.filter(({ last }) => last >= since)
    const to = grantee(row.principal)
    if (used.length === 0) return []
    if (to === undefined || row.server === 'unknown') {
      const what = to === undefined ? 'who did it' : 'on which server'
      undecided.push({ at, why: `${used.map(({ action }) => action).join(', ')}: no grant can say ${what}.` })
      return []
    }
    const reasons = used.map(
      ({ action, count, last }): Reason => ({
        action,
        at,
        function: `used ${times(count)}${lastTime(last)}`,
        evidence: 'cloudtrail',
      }),
    )
    return [suggestion(reasons, [], { ...options, to, on: [serverKey(row.server)] })]
  })
  const whole = suggestion(
    parts.flatMap(({ reasons }) => reasons),
    undecided,
    options,
  )
  const lines = parts.map(({ grants }) => grants.replace(/^grants:\n/, ''))
  return { ...whole, grants: lines.length === 0 ? '' : `grants:\n${lines.join('')}` }
}

function suggestion(reasons: readonly Reason[], undecided: readonly Undecided[], options: SuggestOptions) {
  const s3 = { ...s3NeedsOfActions(reasons.map(({ action }) => action)), onlyTraces: false }
  return suggestFor(reasons, s3, undecided, options)
}

/** As a grants file names it. Nobody for root and services. */
function grantee(arn: string): string | undefined {
  const word = principalWord(arn)
  return /^(user|role|group|permission-set)\/[\w+=,.@/-]+$/.test(word) ? word : undefined
}

/** A key that a grants file may give the server. */
function serverKey(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

function lastTime(last: string): string {
  return last === '' ? '' : `, last ${last}`
}
