import { actionGroups, actionsOfGroup } from '@mlflow-iam/core/catalog/actions'
import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { describeAccess, unreadPolicies } from '@mlflow-iam/core/evaluate/describe-access'
import { renderAccessTable } from './access-table.ts'
import { type NamedPrincipal, principalWord, serverWordAmong } from './names.ts'
import { byServer } from './row-order.ts'
import { renderTable } from './table.ts'

interface MatrixOptions {
  readonly width: number
  readonly principals?: readonly NamedPrincipal[]
  readonly ascii?: boolean
}

/**
 * Who can do what, in the shape that the question has: actions by servers for one principal, principals by groups of
 * actions for one server, else principals by servers. What is too wide for the screen becomes a list.
 */
export function renderAccessMatrix(rows: readonly AccessRow[], options: MatrixOptions): string {
  const principals = new Set(rows.map((row) => row.principal))
  const servers = new Set(rows.map((row) => row.server))
  if (rows.length === 0) return renderAccessTable(rows, options)
  if (principals.size === 1) return orList(actionsByServers(byServer(rows), options), rows, options)
  if (servers.size === 1) return orList(principalsByGroups(rows, options), rows, options)
  return renderServersMatrix(rows, options)
}

/** Principals by servers, however few there are of either. */
export function renderServersMatrix(rows: readonly AccessRow[], options: MatrixOptions): string {
  if (rows.length === 0) return renderAccessTable(rows, options)
  return orList(principalsByServers(rows, options), rows, options)
}

function orList(lines: readonly string[], rows: readonly AccessRow[], options: MatrixOptions): string {
  return lines.every((line) => line.length <= options.width)
    ? lines.join('\n')
    : renderAccessTable(rows, options)
}

function principalsByServers(
  rows: readonly AccessRow[],
  { width, principals, ascii }: MatrixOptions,
): string[] {
  const servers = [...new Set(rows.map((row) => row.server))].sort()
  const word = serverWordAmong(servers)
  const byPrincipal = groupRows(rows)
  const table = [...byPrincipal].map(([principal, own]) => [
    principalWord(principal, principals),
    ...servers.map((server) =>
      cellWords(
        own.find((row) => row.server === server),
        noneIn(ascii),
      ),
    ),
  ])
  const columns = [{ title: 'WHO', shrinks: true }, ...servers.map((server) => ({ title: word(server) }))]
  const lines = renderTable(columns, table, width)
  const legend = [
    ...(rows.some((row) => row.elsewhere.length > 0)
      ? ['* all or part of it through policies that are not ours']
      : []),
    ...openLegend(rows),
    ...(rows.some((row) => row.denied.length > 0) ? ['! something is denied'] : []),
  ]
  return legend.length > 0 ? [...lines, '', ...legend] : lines
}

/** What `?` stands for: a condition, or a policy of which only the name is known. */
function openLegend(rows: readonly AccessRow[]): readonly string[] {
  const unread = new Set(rows.flatMap(unreadPolicies))
  const keys = rows.flatMap(({ depends }) => depends.flatMap((one) => one.keys))
  return [
    ...(keys.some((key) => !unread.has(key)) ? ['? more under a condition that is not known here'] : []),
    ...(unread.size > 0
      ? ['unknown, or ? behind what is known: policies that could not be read may give it']
      : []),
  ]
}

function cellWords(row: AccessRow | undefined, none: string): string {
  if (row?.decidedIn !== undefined) return describeAccess(row)
  if (!row || row.allowed.length + row.denied.length + row.depends.length === 0) return none
  const words = describeAccess(row)
  const marks = [
    row.elsewhere.length > 0 ? '*' : '',
    row.depends.length > 0 && words !== 'unknown' ? '?' : '',
    row.denied.length > 0 ? '!' : '',
  ].join('')
  return `${words}${marks === '' ? '' : ` ${marks}`}`
}

function principalsByGroups(
  rows: readonly AccessRow[],
  { width, principals, ascii }: MatrixOptions,
): string[] {
  const table = rows.map((row) => [
    principalWord(row.principal, principals),
    describeAccess(row),
    ...actionGroups.map((group) => countIn(row, group, noneIn(ascii))),
  ])
  const columns = [
    { title: 'WHO', shrinks: true },
    { title: 'ACCESS' },
    ...actionGroups.map((group) => ({ title: group })),
  ]
  const legend = openLegend(rows)
  return [...renderTable(columns, table, width), ...(legend.length > 0 ? ['', ...legend] : [])]
}

function countIn(row: AccessRow, group: (typeof actionGroups)[number], none: string): string {
  const all = actionsOfGroup(group)
  if (row.decidedIn !== undefined) return '?'
  const held = all.filter((action) => row.allowed.includes(action.bare)).length
  const open = row.depends.some(({ action }) => all.some(({ bare }) => bare === action)) ? '?' : ''
  if (held === 0) return open || none
  return `${held === all.length ? 'all' : `${held}/${all.length}`}${open}`
}

function actionsByServers(rows: readonly AccessRow[], { width, principals, ascii }: MatrixOptions): string[] {
  const word = serverWordAmong(rows.map((row) => row.server))
  const tracking = rows.filter((row) => !row.server.includes(':mlflow-app/'))
  const table = actionGroups.flatMap((group) => [
    [group],
    ...actionsOfGroup(group).map(({ bare }) => [
      `  ${bare}`,
      ...tracking.map((row) => actionWord(row, bare, noneIn(ascii))),
    ]),
  ])
  const columns = [{ title: 'ACTION' }, ...tracking.map((row) => ({ title: word(row.server) }))]
  const apps = rows
    .filter((row) => !tracking.includes(row))
    .map((row) => `${word(row.server)}: ${describeAccess(row)}`)
  const sources = rows.flatMap((row) =>
    row.elsewhere.map(
      ({ policy, actions }) => `${word(row.server)}: ${actions.length} actions from ${policy}`,
    ),
  )
  return [
    principalWord(rows[0]?.principal ?? '', principals),
    ...tracking.map((row) => `  ${word(row.server)}: ${describeAccess(row)}`),
    ...apps.map((line) => `  ${line}`),
    '',
    ...renderTable(columns, table, width),
    ...(sources.length > 0 ? ['', ...sources] : []),
  ]
}

function actionWord(row: AccessRow, action: string, none: string): string {
  if (row.decidedIn !== undefined) return '?'
  if (row.denied.includes(action)) return 'denied'
  const open = row.depends.find((one) => one.action === action)
  if (open) return open.keys.some((key) => key.startsWith('arn:')) ? 'unknown' : 'depends'
  if (!row.allowed.includes(action)) return none
  return row.elsewhere.some((source) => source.actions.includes(action)) ? 'elsewhere' : 'yes'
}

/** The sign for nothing. */
function noneIn(ascii = false): string {
  return ascii ? '-' : '·'
}

function groupRows(rows: readonly AccessRow[]): ReadonlyMap<string, readonly AccessRow[]> {
  const byPrincipal = new Map<string, AccessRow[]>()
  for (const row of rows) byPrincipal.set(row.principal, [...(byPrincipal.get(row.principal) ?? []), row])
  return byPrincipal
}
