import { findAction } from '../catalog/actions.ts'
import { readTrailRecord, type TrailEvent } from './trail-event.ts'
import { RecordSplitter } from './trail-records.ts'

/** What principals did on servers, according to CloudTrail. */
export interface TrailUsage {
  /** Sorted by principal, then server. */
  readonly rows: readonly UsageRow[]
  /** The first and last time of any MLflow event; absent without one. */
  readonly from?: string
  readonly until?: string
  /** Records read, MLflow's or not. */
  readonly records: number
  /** MLflow data events among them. */
  readonly events: number
  /** Records that could not be read. */
  readonly broken: number
  /** Names of MLflow events that the catalogue does not know. */
  readonly unknownActions: readonly string[]
}

export interface UsageRow {
  /** ARN of a user or role. */
  readonly principal: string
  /** ARN of a server, or `unknown`. */
  readonly server: string
  readonly used: readonly ActionUse[]
  readonly denied: readonly ActionUse[]
}

export interface ActionUse {
  /** Bare action name. */
  readonly action: string
  readonly count: number
  /** ISO 8601, UTC; empty where no record had a time. */
  readonly last: string
}

/** Reads CloudTrail records as text that comes in chunks; memory grows with principals and servers, not with records. */
export interface TrailReader {
  push(chunk: string): void
  /** Ends one file; a next one may follow. */
  endFile(): void
  usage(): TrailUsage
}

/** In the names of members that hold an event or its parts, here and in lakes and log exports. */
const recordWords = /event|message|detail/i

/** More principals and servers than this are counted as broken records. */
const mostRows = 200_000

interface Row {
  readonly principal: string
  readonly server: string
  readonly used: Map<string, { count: number; last: string }>
  readonly denied: Map<string, { count: number; last: string }>
}

/** Makes a reader. Data events of MLflow must be on in the trail, or there is nothing to find. */
export function createTrailReader(): TrailReader {
  const rows = new Map<string, Row>()
  const unknownActions = new Set<string>()
  let records = 0
  let events = 0
  let broken = 0
  let from = ''
  let until = ''
  let splitter = new RecordSplitter(take)
  /** Whether any record says what every record of CloudTrail does: code and other JSON have braces, too. */
  let isTrail = false
  /** Of the file at hand: its first character, and the records before it. */
  let first = ''
  let earlier = 0

  return {
    push: (chunk) => {
      first ||= chunk.trimStart().charAt(0)
      splitter.push(chunk)
    },
    endFile: () => {
      splitter.end()
      broken += splitter.broken
      // Lists of records may be empty; other text without any record is of another kind.
      if (!['', '{', '['].includes(first) && records === earlier && splitter.broken === 0) broken += 1
      splitter = new RecordSplitter(take)
      first = ''
      earlier = records
    },
    usage: () => ({
      rows: [...rows.values()].sort(byKey).map(finishRow),
      ...(from !== '' && { from, until }),
      records: isTrail ? records : 0,
      events,
      broken: broken + splitter.broken + (isTrail ? 0 : records),
      unknownActions: [...unknownActions].sort(),
    }),
  }

  function take(text: string): void {
    records += 1
    isTrail ||= recordWords.test(text)
    const found = readTrailRecord(text)
    if (!found) broken += 1
    for (const event of found ?? []) count(event)
  }

  function count(event: TrailEvent): void {
    const action = findAction(`sagemaker-mlflow:${event.action}`)
    if (!action) {
      if (unknownActions.size < 1000) unknownActions.add(event.action)
      return
    }
    events += 1
    if (event.time !== '') {
      if (from === '' || event.time < from) from = event.time
      until = later(event.time, until)
    }
    const key = `${event.principal} ${event.server}`
    const row = rows.get(key) ?? {
      principal: event.principal,
      server: event.server,
      used: new Map(),
      denied: new Map(),
    }
    if (rows.size >= mostRows && !rows.has(key)) {
      broken += 1
      return
    }
    rows.set(key, row)
    const uses = event.denied ? row.denied : row.used
    const use = uses.get(action.bare) ?? { count: 0, last: '' }
    uses.set(action.bare, { count: use.count + 1, last: later(event.time, use.last) })
  }
}

/** The later of two ISO times. */
function later(one: string, other: string): string {
  return one < other ? other : one
}

function finishRow(row: Row): UsageRow {
  return {
    principal: row.principal,
    server: row.server,
    used: finishUses(row.used),
    denied: finishUses(row.denied),
  }
}

function finishUses(uses: ReadonlyMap<string, { count: number; last: string }>): readonly ActionUse[] {
  return [...uses]
    .map(([action, use]) => ({ action, ...use }))
    .sort((one, other) => (one.action < other.action ? -1 : 1))
}

function byKey(one: Row, other: Row): number {
  if (one.principal !== other.principal) return one.principal < other.principal ? -1 : 1
  return one.server < other.server ? -1 : one.server > other.server ? 1 : 0
}
