import { actionGroups, findAction, mlflowActions } from '@mlflow-iam/core/catalog/actions'
import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import type { TargetPrincipal } from '@mlflow-iam/core/target/target'
import { policyWord, principalWord, serverWord } from './names.ts'
import { renderTable } from './table.ts'

/** Who can do what, one line for each principal and server: how many actions, of which kind, and from where. */
export function renderAccessTable(
  rows: readonly AccessRow[],
  { width, principals = [] }: { readonly width: number; readonly principals?: readonly TargetPrincipal[] },
): string {
  if (rows.length === 0) return 'Nobody can do anything here.'
  const lines = rows.map((row) => [
    principalWord(row.principal, principals),
    serverWord(row.server),
    `${row.allowed.length} of ${isApp(row) ? 1 : mlflowActions.length}`,
    [describeActions(row.allowed), ...others(row)].join('; '),
  ])
  const columns = [
    { title: 'WHO' },
    { title: 'SERVER' },
    { title: 'ACTIONS' },
    { title: 'WHAT', wraps: true },
  ]
  return renderTable(columns, lines, width).join('\n')
}

function isApp({ server }: AccessRow): boolean {
  return server.includes(':mlflow-app/')
}

function others({ denied, depends, elsewhere }: AccessRow): string[] {
  return [
    ...(denied.length > 0 ? [`denied: ${denied.join(', ')}`] : []),
    ...(depends.length > 0
      ? [
          `under conditions: ${depends.length} (${[...new Set(depends.flatMap(({ keys }) => keys))].join(', ')})`,
        ]
      : []),
    ...elsewhere.map(({ policy, actions }) => `${actions.length} from ${policyWord(policy)}`),
  ]
}

/** `all of Runs, Metrics; 3 of Models`: groups that are complete by name, the others by count. */
export function describeActions(actions: readonly string[]): string {
  if (actions.length === 0) return 'nothing'
  if (actions.length === mlflowActions.length) return 'everything'
  const held = new Set(actions)
  const parts = actionGroups.flatMap((group) => {
    const all = mlflowActions.filter((action) => action.group === group)
    const some = all.filter(({ bare }) => held.has(bare))
    if (some.length === 0) return []
    return [some.length === all.length ? group : `${group} ${some.length}/${all.length}`]
  })
  const rest = actions.filter((action) => {
    const group = findAction(action)?.group
    return group === undefined || !(actionGroups as readonly string[]).includes(group)
  })
  return [...parts, ...rest].join(', ')
}
