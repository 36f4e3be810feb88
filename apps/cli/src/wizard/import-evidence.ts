import { statSync } from 'node:fs'
import { readSources } from '@mlflow-iam/core/suggest/read-sources'
import { suggestGrants } from '@mlflow-iam/core/suggest/suggest-grants'
import { collectSources } from '../files/collect-sources.ts'
import { isTrailName, readTrails } from '../files/read-trails.ts'
import type { Found } from './evidence.ts'

/**
 * Reads evidence from a path: CloudTrail records by their name, all else as Python and notebooks. A folder without
 * any of those is taken for a trail's.
 */
export async function importEvidence(path: string, named: string): Promise<Found> {
  if (isTrailName(path)) return records(path, named)
  const { files, undecided } = collectSources([path])
  if (files.length === 0 && undecided.length === 0 && statSync(path).isDirectory())
    return records(path, named)
  // Places are named as the person named the path.
  const short = (name: string) => (name.startsWith(path) ? named + name.slice(path.length) : name)
  const reading = readSources(files.map(({ name, text }) => ({ name: short(name), text })))
  const suggestion = suggestGrants(
    {
      calls: reading.calls,
      undecided: [...undecided.map(({ at, why }) => ({ at: short(at), why })), ...reading.undecided],
    },
    { personas: [] },
  )
  return { path: named, reasons: suggestion.reasons, undecided: suggestion.undecided }
}

async function records(path: string, named: string): Promise<Found> {
  const usage = await readTrails([path])
  const undecided = usage.unknownActions.map((action) => ({
    at: named,
    why: `${action} is no action that is known.`,
  }))
  if (usage.broken > 0) undecided.push({ at: named, why: `${usage.broken} records are unreadable.` })
  return { path: named, reasons: [], undecided, usage }
}
