import type { Finding, Plan } from '@mlflow-iam/core/plan/plan'
import { count } from './count.ts'
import { type NamedPrincipal, principalWord, serverWord } from './names.ts'
import { renderOtherAccounts } from './other-accounts.ts'
import type { Paint } from './paint.ts'
import { marks, planLines } from './plan-lines.ts'
import { wrapText } from './table.ts'
import { terminalText } from './terminal-text.ts'

interface View {
  readonly paint: Paint
  readonly width: number
  /** The account's alias, where known. */
  readonly alias?: string
  /** Principals besides the plan's own whose ARNs hold no name: the permission sets that were read. */
  readonly named?: readonly NamedPrincipal[]
  /** What an empty plan means, where it is not that the account is as the file says. */
  readonly nothing?: string
}

/** `plan --show summary`: every change with whose access it is and why, the findings, and the counts. */
export function renderPlanSummary(plan: Plan, view: View): string {
  const { paint } = view
  const account = view.alias === undefined ? plan.account : `${view.alias} (${plan.account})`
  const head = `${paint.strong(`Plan ${plan.id}`)}  ${plan.name} in ${account}, ${plan.region}`
  if (plan.operations.length === 0) {
    const { nothing = 'Nothing to change: the account is as the file says.' } = view
    const rest = [...section(renderFindings(plan, view)), ...section(renderOtherAccounts(plan, view))]
    return [head, '', nothing, ...rest].join('\n')
  }
  return [
    head,
    '',
    ...changeLines(plan, view),
    ...section(renderFindings(plan, view)),
    ...section(renderOtherAccounts(plan, view)),
    '',
    totals(plan, paint),
  ].join('\n')
}

/** `plan --show risk`: each finding in full, then everything that takes access away. */
export function renderPlanRisk(plan: Plan, view: View): string {
  const findings = renderFindings(plan, view)
  const removals = planLines(plan, namesIn(plan, view)).filter(({ risk }) => risk === 'removes')
  const lines = removals.map(({ who, action, object, because }) =>
    view.paint.removes(terminalText(`- ${who}  ${action} ${object}: ${because}`)),
  )
  return [
    ...(findings.length > 0 ? findings : ['No findings.']),
    ...(lines.length > 0 ? ['', view.paint.strong('Takes away'), ...lines] : ['', 'It takes nothing away.']),
  ].join('\n')
}

function changeLines(plan: Plan, view: View): string[] {
  const { paint, width } = view
  const lines = planLines(plan, namesIn(plan, view))
  // What is left holds the name that SageMaker gives an execution role.
  const who = Math.min(28, Math.max(...lines.map((line) => line.who.length)))
  const room = Math.max(24, width - who - 5)
  return lines.flatMap(({ risk, who: name, because }) => {
    const start = `${marks[risk]} ${terminalText(name).padEnd(who)}`
    const reason = wrapText(terminalText(because), room)
    // A name that is longer than its column stands on a line of its own.
    const [first, rest] = start.length > who + 2 ? ['', reason] : [`  ${reason[0]}`, reason.slice(1)]
    return [`${paint[risk](start)}${first}`, ...rest.map((line) => `${' '.repeat(who + 4)}${line}`)]
  })
}

/** The findings, worst first, each with whom and what it is about. */
export function renderFindings(plan: Plan, view: View): string[] {
  const { paint, width } = view
  return plan.findings.flatMap((finding) => {
    const level = finding.level.toUpperCase().padEnd(6)
    const text = terminalText(`${finding.message}${about(finding, namesIn(plan, view))}`)
    const [first = '', ...rest] = wrapText(text, Math.max(24, width - 10))
    return [`${levelPaint(finding, paint)(level)}  ${first}`, ...rest.map((line) => `        ${line}`)]
  })
}

/** Names the principal and server, unless the sentence does. */
function about({ message, principal, server }: Finding, named: readonly NamedPrincipal[]): string {
  const names = [
    ...(principal === undefined ? [] : [principalWord(principal, named)]),
    ...(server === undefined ? [] : [serverWord(server)]),
  ].filter((name) => !message.includes(name.slice(name.lastIndexOf('/') + 1)))
  return names.length === 0 ? '' : ` (${names.join(', ')})`
}

function namesIn({ target }: Plan, { named = [] }: View): readonly NamedPrincipal[] {
  return [...target.principals, ...named]
}

function levelPaint({ level }: Finding, paint: Paint): (text: string) => string {
  return level === 'high' ? paint.removes : level === 'review' ? paint.changes : paint.dim
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}

function totals({ totals: { adds, changes, removes, deletes } }: Plan, paint: Paint): string {
  const parts = [
    paint.adds(`+ ${count(adds, 'addition')}`),
    paint.changes(`~ ${count(changes, 'change')}`),
    paint.removes(`- ${count(removes, 'removal')}${deletes > 0 ? ` (${count(deletes, 'deletion')})` : ''}`),
  ]
  return parts.join('   ')
}
