import type { AccessRow } from '@mlflow-iam/core/evaluate/access'

const head = ['principal', 'server', 'action', 'decision', 'elsewhere']

/** One line for each principal, server and action, for spreadsheets: RFC 4180, and no cell is read as a formula. */
export function renderAccessCsv(rows: readonly AccessRow[]): string {
  return written([head, ...linesOf(rows)])
}

/** The same for several accounts, with the account's id in front. */
export function renderAccountsCsv(
  accounts: readonly { readonly account: string; readonly rows: readonly AccessRow[] }[],
): string {
  const lines = accounts.flatMap(({ account, rows }) => linesOf(rows).map((line) => [account, ...line]))
  return written([['account', ...head], ...lines])
}

function linesOf(rows: readonly AccessRow[]): string[][] {
  return rows.flatMap(({ principal, server, allowed, denied, depends, elsewhere, decidedIn }) => [
    ...(decidedIn === undefined ? [] : [[principal, server, '*', `decided in account ${decidedIn}`, '']]),
    ...allowed.map((action) => [
      principal,
      server,
      action,
      'allowed',
      elsewhere
        .filter(({ actions }) => actions.includes(action))
        .map(({ policy }) => policy)
        .join(' '),
    ]),
    ...denied.map((action) => [principal, server, action, 'denied', '']),
    ...depends.map(({ action }) => [principal, server, action, 'depends', '']),
  ])
}

function written(lines: readonly (readonly string[])[]): string {
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
