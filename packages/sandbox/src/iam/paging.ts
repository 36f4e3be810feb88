import type { Table } from '../account/table.ts'
import { validationError } from './refusals.ts'

interface Paging {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly IsTruncated: boolean
  readonly Marker?: string
}

/** IAM gives 100 items where the caller names no number. */
export const defaultPage = 100

/** One page of a table. The marker holds the last key seen, so changes in between neither repeat nor skip rows. */
export function pageOf<Row extends object>(
  table: Table<Row>,
  input: Paging,
  scope: string,
  fits: (row: Row) => boolean = () => true,
): Page<Row> {
  const limit = input.MaxItems ?? defaultPage
  const rows: Row[] = []
  let index = input.Marker === undefined ? 0 : table.after(readMarker(input.Marker, scope))
  for (; index < table.rows.length && rows.length <= limit; index += 1) {
    const row = table.rows[index]
    if (row !== undefined && fits(row)) rows.push(row)
  }
  return cut(rows, limit, scope, (row) => table.keyOf(row))
}

/** One page of a short list in its own order; the marker holds how many were seen. */
export function pageOfList<Row>(items: readonly Row[], input: Paging, scope: string): Page<Row> {
  const limit = input.MaxItems ?? defaultPage
  const start = input.Marker === undefined ? 0 : Number(readMarker(input.Marker, scope))
  const rows = items.slice(start, start + limit + 1)
  return cut(rows, limit, scope, () => String(start + limit))
}

function cut<Row>(rows: Row[], limit: number, scope: string, keyOf: (row: Row) => string): Page<Row> {
  if (rows.length <= limit) return { rows, IsTruncated: false }
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  if (last === undefined) return { rows: shown, IsTruncated: false }
  return { rows: shown, IsTruncated: true, Marker: writeMarker(scope, keyOf(last)) }
}

export function writeMarker(scope: string, key: string): string {
  return Buffer.from(`${scope}\n${key}`).toString('base64')
}

/** The key inside a marker; a marker of another listing, or one that was never given out, is refused. */
export function readMarker(marker: string, scope: string): string {
  const [given, key] = Buffer.from(marker, 'base64').toString('utf8').split('\n')
  if (given !== scope || key === undefined) throw validationError('Invalid Marker.')
  return key
}

/** What a listing says about its page. */
export function pageEnd(page: Page<unknown>): { IsTruncated: boolean; Marker?: string } {
  return page.Marker === undefined
    ? { IsTruncated: page.IsTruncated }
    : { IsTruncated: page.IsTruncated, Marker: page.Marker }
}
