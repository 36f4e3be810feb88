import type { Operation } from '@mlflow-iam/core/plan/operation'
import { type Area, bodyHeight, stripRule, type View } from '../ui/frame.ts'
import { column, type Line, line, span, spread } from '../ui/line.ts'
import { windowOf } from '../ui/scroll.ts'
import { count } from '../ui/text.ts'
import type { Planned } from '../wizard/account.ts'
import { areaOf } from '../wizard/area.ts'
import { loaded, type Model, type Place, placeOf } from '../wizard/model.ts'
import { changeOf, levelOf, type PlanFacts } from '../wizard/plan-facts.ts'
import { reachSize, reachWords } from '../wizard/reach.ts'
import { groupTitle } from '../wizard/run.ts'
import { beside } from './panes.ts'
import { detailOf, marks, namesOf, scrolledPane, shortPane } from './preview-detail.ts'
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

/** The row of the cursor that is at a change, by its place in the plan. */
export function rowOfChange(planned: Planned, facts: PlanFacts, place: number): number {
  const { entries, lines } = entriesOf(planned, facts)
  const row = lines.findIndex((at) => {
    const entry = entries[at]
    return entry?.kind === 'change' && entry.place === place
  })
  return Math.max(0, row)
}

interface Panes {
  readonly planned: Planned
  readonly facts: PlanFacts
  readonly place: Place
  /** The line of tabs, as wide as the left pane. */
  readonly tabs: Line
  readonly area: Area
}

const leftWidth = 52

/** Every change on the left, the one with the cursor on the right, and what needs a look below both. */
export function panesView({ planned, facts, place, tabs, area }: Panes): View {
  const { glyphs } = area
  const looks = looksOf(facts)
  const width = area.columns - 1
  const below = looks.map((finding) =>
    spread(['   ', levelSpan(finding.level), finding.message], [], width, glyphs.more),
  )
  const title = stripRule({ title: 'Needs a look before applying', lines: [] }, width, glyphs)
  const panes = paneRoom(facts, area)
  const { entries, lines: rows } = entriesOf(planned, facts)
  const at = rows[Math.min(place.row, rows.length - 1)] ?? 0
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
  const focused = place.column > 0
  const pane = { width: paneWidth(area), focused }
  const detail =
    current?.kind === 'change' ? detailOf(current.operation, planned, facts, area, pane) : undefined
  const right = !detail
    ? []
    : focused
      ? scrolledPane(detail, place.top, panes, area)
      : shortPane(detail, panes, area)
  return {
    body: [...beside(left, right, leftWidth, area), ...(below.length > 0 ? [title, ...below] : [])],
    cursor: focused ? { row: 1, column: leftWidth + 3 } : { row: top.length + at - shown.start, column: 1 },
  }
}

function looksOf(facts: PlanFacts) {
  return facts.findings.filter((finding) => finding.level !== 'low').slice(0, 4)
}

/** Lines of each pane: what the frame, the strip and what needs a look leave of a window. */
function paneRoom(facts: PlanFacts, area: Area): number {
  const looks = looksOf(facts).length
  return bodyHeight(area, 1) - (looks > 0 ? looks + 1 : 0)
}

function paneWidth(area: Area): number {
  return area.columns - 1 - leftWidth - 3
}

/** How far down the pane beside can be scrolled. */
export function lastTopOfPane(model: Model, planned: Planned, facts: PlanFacts): number {
  const area = areaOf(model)
  const operation = planned.plan.operations[changeAt(planned, facts, placeOf(model, 'preview').row)]
  const room = paneRoom(facts, area)
  const pane = { width: paneWidth(area), focused: true }
  const length = operation ? detailOf(operation, planned, facts, area, pane).lines.length : 0
  return length <= room ? 0 : length - room + 1
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
