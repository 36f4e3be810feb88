import { Refusal } from './refusal.ts'

interface Paging {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

/** One page of a listing with `NextToken`. The token holds the key of the last row shown. */
export function tokenPage<Row>(
  rows: readonly Row[],
  input: Paging,
  scope: string,
  keyOf: (row: Row) => string,
  usual: number,
): { rows: readonly Row[]; end: { NextToken?: string } } {
  const size = input.MaxResults ?? usual
  let start = 0
  if (input.NextToken !== undefined && input.NextToken !== '') {
    const key = readToken(input.NextToken, scope)
    const last = rows.findIndex((row) => keyOf(row) === key)
    if (last < 0) throw invalidToken()
    start = last + 1
  }
  const shown = rows.slice(start, start + size)
  const last = shown.at(-1)
  if (last === undefined || start + size >= rows.length) return { rows: shown, end: {} }
  return { rows: shown, end: { NextToken: Buffer.from(`${scope}\n${keyOf(last)}`).toString('base64') } }
}

function readToken(token: string, scope: string): string {
  const [given, key] = Buffer.from(token, 'base64').toString('utf8').split('\n')
  if (given !== scope || key === undefined) throw invalidToken()
  return key
}

function invalidToken(): Refusal {
  return new Refusal('ValidationException', 'Invalid NextToken.', 400)
}
