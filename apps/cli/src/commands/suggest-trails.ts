import { s3NeedsOfActions } from '@mlflow-iam/core/catalog/closure'
import { trailLimits } from '@mlflow-iam/core/suggest/find-unused'
import {
  type Reason,
  type Suggestion,
  type SuggestOptions,
  suggestFor,
} from '@mlflow-iam/core/suggest/suggest-grants'
import { readTrails } from '../files/read-trails.ts'
import { principalWord, serverWord } from '../output/names.ts'
import type { Call } from './command.ts'

/** Reads CloudTrail records as they stream by and suggests what was used or refused. */
export async function suggestFromTrails(
  paths: readonly string[],
  { flags, io }: Call,
  options: SuggestOptions,
): Promise<Suggestion> {
  const usage = await readTrails(paths)
  const wanted = flags.principal
  const rows = usage.rows.filter(
    ({ principal, server }) =>
      (wanted === undefined ||
        wanted.some((word) => word === principal || word === principalWord(principal))) &&
      (flags.server === undefined ||
        flags.server.some((word) => word === server || word === serverWord(server))),
  )
  io.note(
    `${usage.records} records, ${usage.events} of them MLflow events${usage.broken > 0 ? `, ${usage.broken} unreadable` : ''}.`,
  )
  io.note(trailLimits)
  const reasons: Reason[] = rows.flatMap(({ principal, server, used, denied }) =>
    [
      ...used.map((use) => ({ ...use, how: 'used' })),
      ...denied.map((use) => ({ ...use, how: 'denied' })),
    ].map(({ action, count, last, how }) => ({
      action,
      at: `${serverWord(server)}:${principalWord(principal)}`,
      function: `${how} ${count} times${last === '' ? '' : `, last ${last}`}`,
      evidence: 'measured' as const,
    })),
  )
  const undecided = usage.unknownActions.map((action) => ({
    at: 'cloudtrail',
    why: `${action} is no action that is known.`,
  }))
  return suggestFor(
    reasons,
    { ...s3NeedsOfActions(reasons.map(({ action }) => action)), onlyTraces: false },
    undecided,
    options,
  )
}
