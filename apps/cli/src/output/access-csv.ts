import type { AccessRow } from '@mlflow-iam/core/evaluate/access'

/** One line for each principal, server and action, for spreadsheets: RFC 4180, and no cell is read as a formula. */
export function renderAccessCsv(rows: readonly AccessRow[]): string {
  const lines = rows.flatMap(({ principal, server, allowed, denied, elsewhere }) => [
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
  ])
  const head = ['principal', 'server', 'action', 'decision', 'elsewhere']
  return [head, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
