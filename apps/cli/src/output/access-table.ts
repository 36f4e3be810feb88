import { mlflowActions } from '@mlflow-iam/core/catalog/actions'
import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { describeAccess, unreadPolicies } from '@mlflow-iam/core/evaluate/describe-access'
import { type NamedPrincipal, policyWord, principalWord, serverWordAmong } from './names.ts'
import { byServer } from './row-order.ts'
import { renderTable } from './table.ts'

/** Who can do what, one line for each principal and server: in the words of personas, and what else to know. */
export function renderAccessTable(
  rows: readonly AccessRow[],
  { width, principals = [] }: { readonly width: number; readonly principals?: readonly NamedPrincipal[] },
): string {
  if (rows.length === 0) return 'Nobody can do anything here.'
  const word = serverWordAmong(rows.map((row) => row.server))
  const lines = byServer(rows).map((row) => [
    principalWord(row.principal, principals),
    word(row.server),
    describeAccess(row),
    row.decidedIn === undefined ? `${row.allowed.length} of ${isApp(row) ? 1 : mlflowActions.length}` : '?',
    notes(row).join('; '),
  ])
  const columns = [
    { title: 'WHO', shrinks: true },
    { title: 'SERVER' },
    { title: 'ACCESS' },
    { title: 'ACTIONS' },
  ]
  return renderTable([...columns, { title: 'NOTES', wraps: true }], lines, width).join('\n')
}

function isApp({ server }: AccessRow): boolean {
  return server.includes(':mlflow-app/')
}

function notes({ allowed, denied, depends, elsewhere }: AccessRow): string[] {
  const unread = unreadPolicies({ depends })
  const keys = [...new Set(depends.flatMap((each) => each.keys))].filter((key) => !unread.includes(key))
  const open = `${depends.length} more`
  return [
    ...(allowed.length === 1 ? allowed : []),
    ...(denied.length > 0 ? [`denied: ${denied.join(', ')}`] : []),
    ...(keys.length > 0 ? [`${open} if ${keys.join(', ')}`] : []),
    ...(unread.length > 0
      ? [`${open} for all that is known: ${unread.map(policyWord).join(', ')} not read`]
      : []),
    ...elsewhere.map(
      ({ policy, actions }) =>
        `${actions.length === allowed.length ? 'all' : actions.length} from ${policyWord(policy)}`,
    ),
  ]
}
