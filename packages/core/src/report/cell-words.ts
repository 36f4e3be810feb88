import type { AccessRow } from '../evaluate/access.ts'

/** One action of one row, in words that need no colour. */
export type CellState =
  | 'allowed'
  | 'allowed elsewhere'
  | 'denied'
  | 'depends'
  | 'decided there'
  | 'not allowed'

/** The states of a row's actions. "Allowed elsewhere" is what a policy gives that this tool does not own. */
export function cellStates(row: AccessRow): (action: string) => CellState {
  const allowed = new Set(row.allowed)
  const denied = new Set(row.denied)
  const depends = new Set(row.depends.map((one) => one.action))
  const elsewhere = new Set(row.elsewhere.flatMap((one) => one.actions))
  return (action) => {
    if (row.decidedIn !== undefined) return 'decided there'
    if (allowed.has(action)) return elsewhere.has(action) ? 'allowed elsewhere' : 'allowed'
    if (depends.has(action)) return 'depends'
    return denied.has(action) ? 'denied' : 'not allowed'
  }
}

/** Class names for colours, which only repeat what the words say. */
export const cellClasses: Record<CellState, string> = {
  allowed: 'yes',
  'allowed elsewhere': 'else',
  denied: 'deny',
  depends: 'dep',
  'decided there': 'dep',
  'not allowed': 'no',
}
