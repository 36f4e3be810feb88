import type { Operation } from '@mlflow-iam/core/plan/operation'
import type { Area } from '../ui/frame.ts'
import { column, type Line, line, span, spread, type Tone } from '../ui/line.ts'
import { windowOf } from '../ui/scroll.ts'
import { count, wrap } from '../ui/text.ts'
import type { Planned } from '../wizard/account.ts'
import { changeOf, documentOf, holderOf, levelOf, objectOf, type PlanFacts } from '../wizard/plan-facts.ts'
import { levelSpan } from './preview-tabs.ts'
import { blank } from './rows.ts'

/** What a change does, as a mark. */
export const marks: Readonly<Record<Operation['risk'], readonly [mark: string, tone: Tone]>> = {
  adds: ['+', 'ok'],
  changes: ['~', 'warn'],
  removes: ['-', 'danger'],
}

/** Who holds it and what it is; permission sets by their names. */
export function namesOf(operation: Operation, { plan }: Planned): readonly [holder: string, object: string] {
  const holder = holderOf(operation)
  const object = objectOf(operation)
  if (!operation.action.includes('PermissionSet')) return [holder, object]
  const { PermissionSetArn: arn } = operation.input as { readonly PermissionSetArn?: string }
  const set = plan.target.principals.find((each) => each.arn === arn)
  const word = operation.action.replace(/(ToPermissionSet|FromPermissionSet|PermissionSet)$/, '')
  return [set?.name ?? holder, word.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()]
}

/** Lines of the pane beside, and which of them are the document: what does not fit is left out there first. */
export interface Detail {
  readonly lines: readonly Line[]
  readonly document: { readonly from: number; readonly to: number }
}

/** Who, why, the document and the command of one change, and what takes it back. */
export function detailOf(
  operation: Operation,
  planned: Planned,
  facts: PlanFacts,
  area: Area,
  { width, focused }: { readonly width: number; readonly focused: boolean },
): Detail {
  const [mark, tone] = marks[operation.risk]
  const change = changeOf(facts, operation)
  const part = (label: string, words: string) =>
    wrap(words, width - 9).map((each, index) => line(column(index === 0 ? label : '', 8, 'bold'), each))
  const undo = operation.inverse.map((each) => each.action).join(', then ') || 'nothing to take back'
  const [holder, object] = namesOf(operation, planned)
  const title = operation.action.includes('PermissionSet') ? holder : object
  const head = [
    blank,
    spread(
      [span(`${mark} `, tone), span(`${operation.action} ${title}`, focused ? 'accent' : 'bold')],
      [levelSpan(levelOf(planned.plan, operation), 6)],
      width,
      area.glyphs.more,
    ),
    blank,
    ...(change ? part('Who', `${change.name}: ${change.note}`) : []),
    ...part('Why', operation.because),
  ]
  const document = prettyLines(documentOf(operation)).map((each) => line(each))
  const gap = document.length > 0 ? [blank] : []
  const call = facts.calls[planned.plan.operations.indexOf(operation)] ?? ''
  const command = commandLines(call).map((each) => line(each))
  const from = head.length + gap.length
  return {
    lines: [
      ...head,
      ...gap,
      ...document,
      blank,
      ...command,
      blank,
      ...part('To undo', `${undo} (journalled)`),
    ],
    document: { from, to: from + document.length },
  }
}

/** As much as fits: the document gives way to the command and to what takes it back. */
export function shortPane({ lines, document }: Detail, height: number, area: Area): readonly Line[] {
  const hidden = lines.length - height + 1
  if (lines.length <= height) return lines
  const kept = Math.max(document.from, document.to - hidden)
  const words = `${area.glyphs.more} ${count(document.to - kept, 'line')} more: tab and ${area.glyphs.updown} scroll, 4 shows it whole`
  return [...lines.slice(0, kept), line(words), ...lines.slice(document.to)].slice(0, height)
}

/** The lines from `top` on, while the pane has the keys. */
export function scrolledPane({ lines }: Detail, top: number, height: number, area: Area): readonly Line[] {
  const { start, end, below } = windowOf(lines.length, top, top, height)
  const more = below > 0 ? [line(`${area.glyphs.down} ${count(below, 'line')} more`)] : []
  return [...lines.slice(start, end), ...more]
}

function prettyLines(document: string | undefined): readonly string[] {
  if (document === undefined) return []
  try {
    return JSON.stringify(JSON.parse(document), null, 2).split('\n')
  } catch {
    return document.split('\n')
  }
}

/** The command with its documents left out: they stand above it. */
function commandLines(call: string): readonly string[] {
  const kept: string[] = []
  let inside = false
  for (const each of call.split('\n')) {
    const opens = (each.split("'").length - 1) % 2 === 1
    if (!inside) kept.push(opens ? each.replace(/'[^']*$/, "'…'") : each)
    else if (opens && each.endsWith('\\')) kept.push(`${kept.pop() ?? ''} \\`)
    if (opens) inside = !inside
  }
  return kept
}
