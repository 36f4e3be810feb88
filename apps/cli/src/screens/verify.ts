import type { Area, View } from '../ui/frame.ts'
import { column, type Line, line, span, spread } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { count, wrap } from '../ui/text.ts'
import { policyWords } from '../wizard/access-edits.ts'
import { type Checked, type CheckedCell, checkedRows } from '../wizard/checked-rows.ts'
import type { Outcome } from '../wizard/effect.ts'
import type { Key } from '../wizard/keys.ts'
import { loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { lastPart } from '../wizard/people.ts'
import { askUndo } from './preview.ts'
import { blank, row as drawRow, list, text } from './rows.ts'
import type { Screen } from './screen.ts'
import { troubleKeys, troubleLines } from './trouble.ts'

/** Does the account give exactly what was planned? */
export const verifyScreen: Screen = {
  id: 'verify',
  title: 'Verify',

  enter(model) {
    const planned = loaded(model.plan)
    if (!planned || model.verification.state === 'ready' || model.verification.state === 'loading')
      return { model }
    return {
      model: { ...model, verification: { state: 'loading' } },
      effects: [{ type: 'verify', plan: planned.plan }],
    }
  },

  onKey(model: Model, key: Key): Outcome | undefined {
    const rows = shownRows(model)
    const place = placeOf(model)
    const moved = moveCursor(place.row, rows.length, key.name, 8)
    if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
    const planned = loaded(model.plan)
    switch (key.name) {
      case 'enter': {
        const current = rows[place.row]
        return current
          ? {
              model: {
                ...model,
                overlay: { kind: 'list', title: current.title, lines: detailLines(current), top: 0 },
              },
            }
          : { model }
      }
      case 'f':
        return { model: withPlace({ ...model, onlyProblems: !model.onlyProblems }, { row: 0 }) }
      case 'r':
        return planned
          ? {
              model: { ...model, verification: { state: 'loading' } },
              effects: [{ type: 'verify', plan: planned.plan }],
            }
          : { model }
      case 'E':
        return { model: { ...model, applyMode: 'export' }, go: 'back' }
      case 'U':
        return askUndo(model)
      case 'H': {
        const snapshot = loaded(model.snapshot)
        return planned && snapshot
          ? { model, effects: [{ type: 'save-report', plan: planned.plan, snapshot }] }
          : { model }
      }
      case 'q':
        return { model: { ...model, exit: { code: 0, keepDraft: true } } }
      case '<':
      case 'esc':
        return { model, go: 'back' }
      default:
        return undefined
    }
  },

  view(model: Model, area: Area): View {
    const { glyphs } = area
    const compact = area.layout === 'compact'
    const width = area.columns - 1
    const head = compact ? [] : [blank]
    const { verification } = model
    if (verification.state === 'failed')
      return { body: [...head, ...troubleLines(verification.notice, model.columns, 'checks again')] }
    const checked = loaded(verification)
    if (!checked) return { body: [...head, text('reading AWS again and comparing it with the plan')] }
    const checkedAll = checkedRows(model)
    const rows = shownRows(model)
    const place = placeOf(model)
    const fits = Math.max(1, Math.floor((width - 3 - 18 - 17) / 13))
    const servers = model.edit.servers.slice(0, fits)
    const all = model.edit.servers.length
    const hidden = servers.length < all ? `${servers.length} of ${all} servers ${glyphs.dot} ` : ''
    const heads = servers.map((server) => column(server.key, 13, 'bold', glyphs.more))
    const top: Line[] = [
      ...head,
      spread(
        ['   ', span('Does AWS agree?', 'bold')],
        [
          `${hidden}${hidden && compact ? '' : `${checked.method} ${glyphs.dot} `}${count(checkedAll.length, 'row')} done`,
        ],
        width,
        glyphs.more,
      ),
      ...(compact
        ? []
        : [blank, line('   ', column('Person', 18, 'bold'), ...heads, span('Result', 'bold'))]),
    ]
    const height = Math.max(3, area.rows - 1 - (compact ? 4 : 5 + 3) - top.length - (compact ? 1 : 4))
    const draw = (each: Checked, focused: boolean) =>
      drawRow(
        area,
        focused,
        column(each.title, 17, 'plain', glyphs.more),
        ' ',
        ...each.cells.slice(0, fits).map((cell) => column(cellWords(cell), 13, 'plain', glyphs.more)),
        span(
          each.result,
          each.result === 'as planned'
            ? 'ok'
            : ['more than planned', 'not known'].includes(each.result)
              ? 'warn'
              : 'danger',
        ),
      )
    const drawn = list(area, rows, place.row, place.top, height, draw)
    const amount = (result: string) => checkedAll.filter((each) => each.result === result).length
    const summary = text(
      span(checked.ok ? `${glyphs.yes} ` : '! ', checked.ok ? 'ok' : 'danger'),
      `${amount('as planned')} as planned ${glyphs.dot} ${amount('more than planned')} more than planned ${glyphs.dot} ${amount('missing access') + amount('extra access')} different${amount('not known') > 0 ? ` ${glyphs.dot} ${amount('not known')} not known` : ''}`,
    )
    const current = rows[place.row]
    return {
      body: [
        ...top,
        ...drawn.lines,
        ...(rows.length === 0 ? [text('nobody differs; f shows everyone')] : []),
        ...(compact ? [] : [blank]),
        summary,
        ...(compact
          ? []
          : [blank, text('Next   H access-review.html   W grants file   E export   U roll back   q finish')]),
      ],
      strip: strip(current, area),
      ...(drawn.cursor === undefined ? {} : { cursor: { row: top.length + drawn.cursor, column: 1 } }),
    }
  },

  footer(model) {
    if (model.verification.state === 'failed') return troubleKeys(model.verification.notice, 'check again')
    return [
      { keys: '?', does: 'help' },
      { keys: model.ascii ? 'up/down' : '↑↓', does: 'person' },
      { keys: 'enter', does: 'actions' },
      { keys: 'f', does: model.onlyProblems ? 'all' : 'only problems' },
      { keys: 'r', does: 'check again' },
      { keys: 'H', does: 'report' },
      { keys: 'W', does: 'save' },
      { keys: 'U', does: 'roll back' },
      { keys: 'q', does: 'finish' },
    ]
  },
  help: [
    ['Move', '↑↓ j k person    enter what exactly'],
    ['Show', 'f only problems    r check again'],
    ['Next', 'H write access-review.html    W save the grants file'],
    ['', 'E export for CI    U roll back    q finish'],
  ],
}

function shownRows(model: Model): readonly Checked[] {
  const rows = checkedRows(model)
  return model.onlyProblems ? rows.filter((each) => each.result !== 'as planned') : rows
}

function cellWords(cell: CheckedCell): string {
  if (cell.missing.length > 0) return `${cell.text} -${cell.missing.length} !`
  if (cell.extra.length > 0) return `${cell.text} ${cell.extra.length} extra`
  if (cell.unknown.length > 0) return `${cell.text} ${cell.unknown.length} unknown`
  const more = new Set(cell.more.flatMap((source) => source.actions)).size
  return more > 0 ? `${cell.text} ${more} more` : `${cell.text} ok`
}

function strip(current: Checked | undefined, area: Area) {
  if (!current) return { title: 'Nobody', lines: [blank, blank] }
  const sources = [
    ...new Set(current.cells.flatMap((cell) => cell.more.map((source) => policyWords(source.policy)))),
  ]
  const words =
    current.because.length > 0
      ? current.because.join(' ')
      : sources.length > 0
        ? `More comes from ${sources.join(', ')}, not managed here. Boundaries set by the organisation are not seen.`
        : 'Exactly what the plan says. Policies of VPC endpoints and sessions are not seen.'
  const lines = wrap(words, area.columns - 8).slice(0, 2)
  return {
    title: current.title,
    right: current.result,
    lines: [line(`   ${lines[0] ?? ''}`), line(`   ${lines[1] ?? ''}`)],
  }
}

function detailLines(row: Checked): readonly string[] {
  return row.cells.flatMap((cell) => [
    `${cell.server}: ${cellWords(cell)}`,
    ...(cell.missing.length > 0 ? [`  missing: ${cell.missing.join(', ')}`] : []),
    ...(cell.extra.length > 0 ? [`  extra: ${cell.extra.join(', ')}`] : []),
    ...(cell.unknown.length > 0 ? [`  not known: ${cell.unknown.join(', ')}`] : []),
    ...cell.more.map(
      (source) =>
        `  ${source.actions.length} more through ${lastPart(source.policy)}: ${source.actions.slice(0, 4).join(', ')}${source.actions.length > 4 ? ' …' : ''}`,
    ),
  ])
}
