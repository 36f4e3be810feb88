import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import type { Edit } from './edit.ts'
import { grantsText } from './grants-text.ts'
import type { HistoryStep } from './model.ts'

/** A step that can be undone, as a draft keeps it: what was different before it. */
export interface KeptStep {
  readonly what: string
  /** Parts of the choices as they were; `null` where there was nothing. */
  readonly parts: Readonly<Record<string, unknown>>
  /** Rows of cells as they were, by principal. */
  readonly rows: Readonly<Record<string, Edit['cells'][string] | null>>
}

/** A draft is written after every key: it keeps the last steps, as far as they are small. */
const mostSteps = 20
const mostCharacters = 32_768

let last:
  | { readonly edit: Edit; readonly past: readonly HistoryStep[]; kept: readonly KeptStep[] }
  | undefined

/** The last steps that led to these choices, the newest first. */
export function keptSteps(edit: Edit, past: readonly HistoryStep[]): readonly KeptStep[] {
  if (last?.edit === edit && last.past === past) return last.kept
  const kept: KeptStep[] = []
  let after = edit
  let size = 0
  for (const step of past.slice(-mostSteps).reverse()) {
    const one = difference(step, after)
    size += JSON.stringify(one).length
    if (size > mostCharacters) break
    kept.push(one)
    after = step.edit
  }
  last = { edit, past, kept }
  return kept
}

function difference({ what, edit: before }: HistoryStep, after: Edit): KeptStep {
  const [was, is] = [partsOf(before), partsOf(after)]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => was[name] !== is[name],
  )
  const holders = [...new Set([...Object.keys(before.cells), ...Object.keys(after.cells)])].filter(
    (arn) => before.cells[arn] !== after.cells[arn],
  )
  return {
    what,
    parts: Object.fromEntries(names.map((name) => [name, was[name] ?? null])),
    rows: Object.fromEntries(holders.map((arn) => [arn, before.cells[arn] ?? null])),
  }
}

function partsOf({ cells: _, ...parts }: Edit): Readonly<Record<string, unknown>> {
  return parts
}

/** The steps that a draft kept. One that does not hold choices, and all that were before it, are left out. */
export function historyOf(edit: Edit, kept: unknown): readonly HistoryStep[] {
  const past: HistoryStep[] = []
  let after = edit
  for (const step of Array.isArray(kept) ? kept.slice(0, mostSteps) : []) {
    const before = takenBack(step, after)
    if (!before) break
    past.unshift(before)
    after = before.edit
  }
  return past
}

function takenBack(step: unknown, after: Edit): HistoryStep | undefined {
  if (!isRecord(step) || typeof step.what !== 'string' || !isRecord(step.parts) || !isRecord(step.rows))
    return undefined
  const given = (values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
  const parts = given({ ...partsOf(after), ...step.parts })
  const edit = { ...parts, cells: given({ ...after.cells, ...step.rows }) } as unknown as Edit
  try {
    // What a grants file may not say is no choice of ours.
    parseGrants(grantsText(edit), 'draft', 'draft')
    const isSound = edit.members.every(isMember) && Object.values(edit.cells).every(isRow)
    return isSound ? { edit, what: step.what } : undefined
  } catch {
    return undefined
  }
}

function isMember({ arn, refs }: Edit['members'][number]): boolean {
  return typeof arn === 'string' && isTexts(refs)
}

/** Also of servers that the file does not name, which no reader of grants has seen. */
function isRow(row: unknown): boolean {
  const isCell = (cell: unknown) => isRecord(cell) && [cell.personas, cell.add, cell.remove].every(isTexts)
  return isRecord(row) && Object.values(row).every((cells) => Array.isArray(cells) && cells.every(isCell))
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
