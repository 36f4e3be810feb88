import type { GrantsServer } from '@mlflow-iam/core/grants/grants-file'
import type { Undecided } from '@mlflow-iam/core/suggest/code-reading'
import { findUnused, trailLimits, type UnusedRow } from '@mlflow-iam/core/suggest/find-unused'
import type { TrailUsage, UsageRow } from '@mlflow-iam/core/suggest/read-cloudtrail'
import type { Reason } from '@mlflow-iam/core/suggest/suggest-grants'
import { type CellFacts, serverArns } from './cells.ts'
import { fieldOf } from './field.ts'
import { loaded, type Model } from './model.ts'

/** What was imported to choose by: what code needs, and what CloudTrail recorded. */
export interface Evidence {
  /** Of what was imported last: `train.py`. */
  readonly path: string
  /** Bare action, and the first place that needs it: `train.py:41`. */
  readonly needed: ReadonlyMap<string, string>
  readonly usage?: TrailUsage
}

/** What one import found. */
export interface Found {
  readonly path: string
  readonly reasons: readonly Reason[]
  readonly undecided: readonly Undecided[]
  readonly usage?: TrailUsage
}

/** Code adds up; newer records stand for older ones. */
export function withFound(before: Evidence | undefined, { path, reasons, usage }: Found): Evidence {
  const needed = new Map(before?.needed)
  for (const { action, at } of reasons) if (!needed.has(action)) needed.set(action, at)
  const records = usage ?? before?.usage
  return { path, needed, ...(records && { usage: records }) }
}

/** The sheet that says what an import found, and what it could not decide. */
export function foundLines({ reasons, undecided, usage }: Found): readonly string[] {
  const places = new Map<string, string[]>()
  for (const { action, at } of reasons) places.set(action, [...(places.get(action) ?? []), at])
  const needs = [...places].map(([action, [first, ...more]]) => {
    return `${action}: needed by ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`
  })
  const records = usage
    ? [`${usage.records} records, ${usage.events} of them MLflow events.`, trailLimits]
    : []
  const open = undecided.map(({ at, why }) => `${at}: ${why}`)
  return [
    ...records,
    ...(usage ? [] : needs.length > 0 ? [...needs, '+ gives them to a cell.'] : ['No call of MLflow.']),
    ...(open.length > 0 ? ['', 'Not decided by reading alone:', ...open] : []),
  ]
}

/** A call as people write it, or what else stands for one. */
export function callWords(call: string): string {
  return call.includes(' ') ? call : `${call}()`
}

/** Asks for a path; what is there is read, never run. */
export function askForEvidence(model: Model): Model {
  return {
    ...model,
    overlay: {
      kind: 'input',
      purpose: 'evidence',
      title: 'Import evidence',
      hint: 'Python, a notebook, a folder, or CloudTrail records. Code is read, never run.',
      field: fieldOf(''),
    },
  }
}

/** What imported code needs, in the form of a typed call. */
export function neededByCode({ evidence }: Pick<Model, 'evidence'>) {
  if (!evidence || evidence.needed.size === 0) return undefined
  return { call: 'the imported code', actions: [...evidence.needed.keys()] }
}

/** What records say of one principal on one server; `undefined` without records of use. */
export function useAt(
  { evidence, snapshot, edit }: Pick<Model, 'evidence' | 'snapshot' | 'edit'>,
  principal: string,
  server: GrantsServer,
  { after }: Pick<CellFacts, 'after'>,
): UnusedRow | undefined {
  const read = loaded(snapshot)
  const [arn] = serverArns(server, read, edit.region)
  if (!evidence?.usage || !read || arn === undefined) return undefined
  const target = { access: [{ principals: [principal], servers: [arn], actions: [...after].sort() }] }
  return findUnused(target, usageOf(evidence.usage, arn), read)[0]
}

/** `needed by train.py:41`, `used`, `denied`, `unused`; nothing where the evidence does not say. */
export function evidenceWord(
  evidence: Evidence | undefined,
  use: UnusedRow | undefined,
  action: string,
): string {
  const place = evidence?.needed.get(action)
  if (place !== undefined) return `needed by ${place}`
  if (use?.used.some((each) => each.action === action)) return 'used'
  if (use?.denied.some((each) => each.action === action)) return 'denied'
  return use?.unused.includes(action) ? 'unused' : ''
}

/** One word for a whole cell, where records say something of it. */
export function cellWord(use: UnusedRow | undefined): 'used' | 'unused' | '' {
  if (!use) return ''
  if (use.used.length > 0) return 'used'
  return use.unused.length > 0 ? 'unused' : ''
}

const byServer = new WeakMap<TrailUsage, ReadonlyMap<string, readonly UsageRow[]>>()

/** Only what was recorded of this server: cells are looked at one by one. */
function usageOf(usage: TrailUsage, server: string): TrailUsage {
  let rows = byServer.get(usage)
  if (!rows) {
    const made = new Map<string, UsageRow[]>()
    for (const row of usage.rows) {
      const list = made.get(row.server)
      if (list) list.push(row)
      else made.set(row.server, [row])
    }
    rows = made
    byServer.set(usage, rows)
  }
  return { ...usage, rows: rows.get(server) ?? [] }
}
