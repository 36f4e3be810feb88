import type { Operation } from '@mlflow-iam/core/plan/operation'
import { type Area, stripRule, type View } from '../ui/frame.ts'
import { column, type Line, line, span, spread, type Tone } from '../ui/line.ts'
import { windowOf } from '../ui/scroll.ts'
import { count, wrap } from '../ui/text.ts'
import type { Planned } from '../wizard/account.ts'
import { loaded, type Model, type Place, placeOf } from '../wizard/model.ts'
import { changeOf, documentOf, holderOf, levelOf, objectOf, type PlanFacts } from '../wizard/plan-facts.ts'
import { reachSize, reachWords } from '../wizard/reach.ts'
import { groupTitle } from '../wizard/run.ts'
import { beside } from './panes.ts'
import { levelSpan } from './preview-tabs.ts'
import { blank, row, text } from './rows.ts'

/** Where the summary has room for every change beside what it is about. */
export function hasPanes(model: Model): boolean {
  const { tab, filter } = placeOf(model, 'preview')
  const isWide = model.columns >= 110 && model.rows >= 34
  return isWide && tab === 0 && filter.text === '' && (loaded(model.plan)?.plan.operations.length ?? 0) > 0
}

type Entry =
  | { readonly kind: 'group'; readonly title: string; readonly amount: number }
  | { readonly kind: 'change'; readonly operation: Operation; readonly place: number }

const cache = new WeakMap<
  PlanFacts,
  { readonly entries: readonly Entry[]; readonly lines: readonly number[] }
>()

/** Changes in groups; `lines` says on which line each change of the cursor stands. */
function entriesOf(planned: Planned, facts: PlanFacts) {
  const known = cache.get(facts)
  if (known) return known
  const groups = new Map<string, Extract<Entry, { kind: 'change' }>[]>()
  for (const [place, operation] of planned.plan.operations.entries()) {
    const title = groupTitle(operation)
    const group = groups.get(title)
    if (group) group.push({ kind: 'change', operation, place })
    else groups.set(title, [{ kind: 'change', operation, place }])
  }
  const entries = [...groups].flatMap(([title, changes]): readonly Entry[] => [
    { kind: 'group', title, amount: changes.length },
    ...changes,
  ])
  const lines = entries.flatMap((entry, at) => (entry.kind === 'change' ? [at] : []))
  const made = { entries, lines }
  cache.set(facts, made)
  return made
}

/** The place in the plan of the change that the cursor is on. */
export function changeAt(planned: Planned, facts: PlanFacts, at: number): number {
  const { entries, lines } = entriesOf(planned, facts)
  const entry = entries[lines[Math.min(at, lines.length - 1)] ?? 0]
  return entry?.kind === 'change' ? entry.place : 0
}

interface Panes {
  readonly planned: Planned
  readonly facts: PlanFacts
  readonly place: Place
  /** The line of tabs, as wide as the left pane. */
  readonly tabs: Line
  readonly area: Area
  /** Lines of the body. */
  readonly height: number
}

const leftWidth = 52

/** Every change on the left, the one with the cursor on the right, and what needs a look below both. */
export function panesView({ planned, facts, place, tabs, area, height }: Panes): View {
  const { glyphs } = area
  const looks = facts.findings.filter((finding) => finding.level !== 'low').slice(0, 4)
  const width = area.columns - 1
  const below = looks.map((finding) =>
    spread(['   ', levelSpan(finding.level), finding.message], [], width, glyphs.more),
  )
  const title = stripRule({ title: 'Needs a look before applying', lines: [] }, width, glyphs)
  const panes = height - (below.length > 0 ? below.length + 1 : 0)
  const { entries, lines } = entriesOf(planned, facts)
  const at = lines[Math.min(place.row, lines.length - 1)] ?? 0
  const top = [blank, tabs, blank]
  const bottom = totals(planned, facts)
  const room = panes - top.length - bottom.length
  const shown = windowOf(entries.length, at, 0, room)
  const list = entries
    .slice(shown.start, shown.end)
    .map((entry, index) => entryLine(entry, shown.start + index === at, planned, facts, area))
  const more = shown.below > 0 ? [text(`${glyphs.down} ${shown.below} more`)] : []
  const filler = Array<Line>(Math.max(0, room - list.length - more.length)).fill(blank)
  const left = [...top, ...list, ...more, ...filler, ...bottom]
  const current = entries[at]
  const right =
    current?.kind === 'change' ? detail(current, planned, facts, area, panes, width - leftWidth - 3) : []
  return {
    body: [...beside(left, right, leftWidth, area), ...(below.length > 0 ? [title, ...below] : [])],
    cursor: { row: top.length + at - shown.start, column: 1 },
  }
}

const marks: Readonly<Record<Operation['risk'], readonly [mark: string, tone: Tone]>> = {
  adds: ['+', 'ok'],
  changes: ['~', 'warn'],
  removes: ['-', 'danger'],
}

function entryLine(entry: Entry, focused: boolean, planned: Planned, facts: PlanFacts, area: Area): Line {
  const { more } = area.glyphs
  if (entry.kind === 'group')
    return line('  ', column(entry.title, 38), column(String(entry.amount), 8, 'plain', '', 'right'))
  const { operation } = entry
  const [mark, tone] = marks[operation.risk]
  const [holder, object] = namesOf(operation, planned)
  const change = changeOf(facts, operation)
  const reach = change === undefined ? 0 : reachSize(change.reach)
  const who = reach === 0 ? '' : `${reach} ${operation.risk === 'removes' ? 'lose' : 'gain'}`
  const names =
    holder !== '' && holder !== object
      ? [column(holder, 15, 'plain', more), ' ', column(object, 13, 'plain', more)]
      : [column(object, 29, 'plain', more)]
  return row(
    area,
    focused,
    ' ',
    span(`${mark} `, tone),
    ...names,
    ' ',
    column(who, 7, 'plain', '', 'right'),
    ' ',
    levelSpan(levelOf(planned.plan, operation), 6),
  )
}

/** Who holds it and what it is; permission sets by their names. */
function namesOf(operation: Operation, { plan }: Planned): readonly [holder: string, object: string] {
  const holder = holderOf(operation)
  const object = objectOf(operation)
  if (!operation.action.includes('PermissionSet')) return [holder, object]
  const { PermissionSetArn: arn } = operation.input as { readonly PermissionSetArn?: string }
  const set = plan.target.principals.find((each) => each.arn === arn)
  const word = operation.action.replace(/(ToPermissionSet|FromPermissionSet|PermissionSet)$/, '')
  return [set?.name ?? holder, word.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()]
}

function totals({ plan }: Planned, facts: PlanFacts): readonly Line[] {
  const amount = (level: string) => facts.findings.filter((finding) => finding.level === level).length
  const kept = facts.alreadyRight > 0 ? [line('  ', `= ${facts.alreadyRight} more already right`)] : []
  return [
    blank,
    ...kept,
    line('  Totals   ', `+ ${reachWords(facts.gain)}`),
    line('           ', `- ${reachWords(facts.lose)}`),
    line('           ', count(plan.operations.length, 'AWS change')),
    line('           ', `largest policy ${facts.largest.toLocaleString('en-US')} of 6,144 characters`),
    line('           ', `HIGH ${amount('high')}   review ${amount('review')}   low ${amount('low')}`),
  ]
}

/** Who, why, the document and the command of one change, and what takes it back. */
function detail(
  { operation, place }: Extract<Entry, { kind: 'change' }>,
  planned: Planned,
  facts: PlanFacts,
  area: Area,
  height: number,
  width: number,
): readonly Line[] {
  const [mark, tone] = marks[operation.risk]
  const change = changeOf(facts, operation)
  const level = levelOf(planned.plan, operation)
  const part = (label: string, words: string) =>
    wrap(words, width - 9).map((each, index) => line(column(index === 0 ? label : '', 8, 'bold'), each))
  const undo = operation.inverse.map((each) => each.action).join(', then ') || 'nothing to take back'
  const [holder, object] = namesOf(operation, planned)
  const title = operation.action.includes('PermissionSet') ? holder : object
  const head = [
    blank,
    spread(
      [span(`${mark} `, tone), span(`${operation.action} ${title}`, 'bold')],
      [levelSpan(level, 6)],
      width,
      area.glyphs.more,
    ),
    blank,
    ...(change ? part('Who', `${change.name}: ${change.note}`) : []),
    ...part('Why', operation.because),
  ]
  const command = commandLines(facts.calls[place] ?? '').map((each) => line(each))
  const foot = [blank, ...command, blank, ...part('To undo', `${undo} (journalled)`)]
  const document = prettyLines(documentOf(operation))
  const room = Math.max(0, height - head.length - foot.length - 1)
  const shown = document.length > room ? document.slice(0, Math.max(0, room - 1)) : document
  const hidden = document.length - shown.length
  return [
    ...head,
    ...(document.length > 0 ? [blank] : []),
    ...shown.map((each) => line(each)),
    ...(hidden > 0 ? [line(`${area.glyphs.more} ${count(hidden, 'line')} more: 4 shows it whole`)] : []),
    ...foot,
  ]
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
