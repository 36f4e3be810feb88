import { actionGroups, findAction } from '@mlflow-iam/core/catalog/actions'
import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { count } from './count.ts'
import { principalWord, serverWord } from './names.ts'
import type { Paint } from './paint.ts'
import { wrapText } from './table.ts'

interface View {
  readonly paint: Paint
  readonly width: number
}

/** `plan --show diff`: for each principal and server, the actions that it gains and loses. */
export function renderPlanDiff(
  plan: Plan,
  before: readonly AccessRow[],
  after: readonly AccessRow[],
  { paint, width }: View,
): string {
  const earlier = new Map(before.map((row) => [keyOf(row), row]))
  const blocks = after.flatMap((row) => {
    const had = new Set(earlier.get(keyOf(row))?.allowed ?? [])
    const has = new Set(row.allowed)
    const gained = row.allowed.filter((action) => !had.has(action))
    const lost = [...had].filter((action) => !has.has(action))
    if (gained.length + lost.length === 0) return []
    const same = row.allowed.length - gained.length
    const who = principalWord(row.principal, plan.target.principals)
    const rest = same > 0 ? paint.dim(`  (${count(same, 'action')} unchanged)`) : ''
    return [
      `${paint.strong(who)} on ${serverWord(row.server)}${rest}`,
      ...actionLines('+', gained, paint.adds, width),
      ...actionLines('-', lost, paint.removes, width),
      '',
    ]
  })
  return blocks.length === 0 ? 'Nobody gains or loses an action.' : blocks.join('\n').trimEnd()
}

function keyOf({ principal, server }: AccessRow): string {
  return `${principal} ${server}`
}

/** Actions by group, so that forty names stay readable. */
function actionLines(
  mark: string,
  actions: readonly string[],
  colour: (text: string) => string,
  width: number,
): string[] {
  const groups = new Map<string, string[]>()
  for (const action of actions) {
    const group = findAction(action)?.group ?? 'Other'
    groups.set(group, [...(groups.get(group) ?? []), action])
  }
  const rank = (group: string) => (actionGroups as readonly string[]).indexOf(group) >>> 0
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([group, names]) => {
      const title = `  ${mark} ${group.padEnd(16)}  `
      return wrapText(names.join(', '), Math.max(24, width - title.length)).map((line, index) =>
        colour(`${index === 0 ? title : ' '.repeat(title.length)}${line}`),
      )
    })
}
