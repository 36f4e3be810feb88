import type { Area, View } from '../ui/frame.ts'
import { cell, column, type Line, line, span, spread } from '../ui/line.ts'
import { count, wrap } from '../ui/text.ts'
import { policyWords } from '../wizard/access-edits.ts'
import { callWords } from '../wizard/evidence.ts'
import { freshPlace, type Model, placeOf } from '../wizard/model.ts'
import { neededBy, visibleRows } from '../wizard/rows.ts'
import { type Item, type Opened, openedOf } from './access-opened.ts'
import { blank, row as drawRow, list, text, tick } from './rows.ts'

export function actionsView(model: Model, area: Area): View {
  const opened = openedOf(model)
  if (!opened) return { body: [blank, text('This row is gone. esc goes back.')] }
  const compact = area.layout === 'compact'
  const width = area.columns - 1
  const place = placeOf(model, 'actions')
  const filter = place.filter.text === '' && !place.typing ? '/ filter or call' : `/ ${place.filter.text}`
  const top: Line[] = [
    ...(compact ? [] : [blank]),
    spread(['   ', span(opened.title, 'bold')], [`${filter} `], width, area.glyphs.more),
    ...(compact ? [] : [blank]),
    ...(opened.needs ? [needsLine(opened, width), ...(compact ? [] : [blank])] : []),
  ]
  const strip = compact ? undefined : actionStrip(area, opened, opened.items[place.row])
  const height = Math.max(3, area.rows - 1 - (compact ? 4 : 5 + 3) - top.length)
  const drawn = list(area, opened.items, place.row, place.top, height, (item, focused) =>
    itemLine(item, focused, area, opened, model.actions?.open ?? []),
  )
  return {
    body: [...top, ...drawn.lines],
    strip,
    ...(drawn.cursor === undefined ? {} : { cursor: { row: top.length + drawn.cursor, column: 1 } }),
  }
}

function needsLine({ needs, facts }: Opened, width: number): Line {
  if (!needs) return blank
  const granted = needs.actions.filter((action) => facts.after.has(action)).length
  const missing = needs.actions.length - granted
  return spread(
    [
      `   ${callWords(needs.call)} needs ${count(needs.actions.length, 'action')}: ${granted} granted, ${missing} missing`,
    ],
    [missing > 0 ? '+ adds them ' : ''],
    width,
  )
}

function itemLine(item: Item, focused: boolean, area: Area, opened: Opened, open: readonly string[]): Line {
  const { glyphs } = area
  const { facts, needs } = opened
  if (item.kind === 'group') {
    const has = item.actions.filter((action) => facts.after.has(action.bare)).length
    const unfolded = opened.items.some((each) => each.kind === 'action' && each.group === item.title)
    const yours = item.actions.filter(
      (action) => opened.own.has(action.bare) !== opened.base.has(action.bare),
    )
    const needed = needs
      ? item.actions.filter((action) => needs.actions.includes(action.bare) && !facts.after.has(action.bare))
      : []
    const bar = `[${'#'.repeat(Math.round((has / Math.max(1, item.actions.length)) * 8)).padEnd(item.actions.length === 1 ? 1 : 8, '-')}]`
    const shownBar = item.actions.length === 1 ? (has === 1 ? '[#]' : '[-]') : bar
    const note =
      unfolded && open.length > 0
        ? ''
        : needed.length > 0
          ? `${glyphs.needed} ${needed.length} needed: ${needed.map((action) => action.bare).join(', ')}`
          : yours.length > 0
            ? `${yours.length} yours: ${yours.map((action) => action.bare).join(', ')}`
            : ''
    return drawRow(
      area,
      focused,
      `${unfolded ? glyphs.open : glyphs.folded} `,
      column(item.title, 16),
      column(shownBar, 16),
      column(`${has} of ${item.actions.length}`, 10),
      note,
    )
  }
  const { bare, access } = item.action
  const inPersona = opened.base.has(bare)
  const own = opened.own.has(bare)
  const elsewhere = facts.elsewhere.find((each) => each.actions.includes(bare))
  const needed = needs?.actions.includes(bare) && !facts.after.has(bare)
  const box = own ? '[x]' : elsewhere ? '[=]' : tick(false)
  const nowHas = facts.now?.has(bare)
  const change =
    facts.now === undefined
      ? ''
      : nowHas === facts.after.has(bare)
        ? nowHas
          ? 'unchanged'
          : ''
        : nowHas
          ? '- removed'
          : '+ new'
  const source =
    elsewhere && !own
      ? `stays, ${policyWords(elsewhere.policy)}`
      : opened.evidenceOf(bare) !== ''
        ? opened.evidenceOf(bare)
        : needed
          ? `needed by ${needs?.call.split('.').at(-1)}`
          : own !== inPersona
            ? `${own ? '+' : '-'} yours`
            : change
  return drawRow(
    area,
    focused,
    `  ${needed ? `${glyphs.needed} ` : '  '}${box} `,
    cell(bare, area.layout === 'wide' ? 40 : 27, 'plain', glyphs.more),
    column(access.toLowerCase(), 8),
    ...(area.layout === 'compact' ? [] : [column(inPersona ? 'in persona' : '', 12)]),
    span(source, needed ? 'warn' : 'plain'),
  )
}

function actionStrip(area: Area, opened: Opened, item: Item | undefined) {
  if (item?.kind !== 'action') {
    const words = item ? `${item.actions.map((action) => action.bare).join(', ')}` : ''
    const lines = wrap(words, area.columns - 8).slice(0, 2)
    return {
      title: item?.title ?? '',
      right: 'a all, n none',
      lines: [line(`   ${lines[0] ?? ''}`), line(`   ${lines[1] ?? ''}`)],
    }
  }
  const { action } = item
  const calls = action.functions
    .slice(0, 3)
    .map((name) => `${name}()`)
    .join(', ')
  const more = action.functions.length > 3 ? ` and ${action.functions.length - 3} more` : ''
  const source = opened.facts.elsewhere.find((each) => each.actions.includes(action.bare))
  const stays = source
    ? ` It stays through ${policyWords(source.policy)}, which this tool does not manage.`
    : ''
  const words = `Lets them ${action.description}.${calls ? ` Used by ${calls}${more}.` : ''}${stays}`
  const lines = wrap(words, area.columns - 8).slice(0, 2)
  return {
    title: action.bare,
    right: action.access.toLowerCase(),
    lines: [line(`   ${lines[0] ?? ''}`), line(`   ${lines[1] ?? ''}`)],
  }
}

/** The right pane of a wide window: the cell under the cursor, its groups with counts. */
export function sidePane(model: Model, area: Area, width: number, height: number): readonly Line[] {
  const { row, column: at, filter } = placeOf(model, 'access')
  const current = visibleRows(model)[row]
  const server = model.edit.servers[Math.max(0, at - 1)]
  if (!current || !server) return []
  if (server.kind === 'app') {
    const words = 'An MLflow App has one action, CallMlflowAppApi: any access is full access, deleting too.'
    const title = span(`${current.title} on ${server.key}`, 'bold')
    return [blank, [title], blank, ...wrap(words, width).map((each) => line(each))]
  }
  const open = neededBy(filter.text) ? ['*needed'] : ['Logging', 'Versions']
  const peek: Model = {
    ...model,
    actions: { principal: current.member.arn, server: server.key, open },
    places: {
      ...model.places,
      actions: { ...freshPlace, filter: neededBy(filter.text) ? filter : freshPlace.filter },
    },
  }
  const opened = openedOf(peek)
  if (!opened) return []
  const pane: Line[] = [blank, [span(opened.title, 'bold')], blank]
  for (const item of opened.items) pane.push(paneLine(item, area, opened))
  const shown = pane.slice(0, height - 1).map((each) => spread(each, [], width, area.glyphs.more))
  const rest = pane.length - shown.length
  return rest > 0 ? [...shown, line(`${area.glyphs.down} ${rest} more; enter opens it`)] : shown
}

function paneLine(item: Item, area: Area, opened: Opened): Line {
  const { glyphs } = area
  if (item.kind === 'group') {
    const has = item.actions.filter((action) => opened.facts.after.has(action.bare)).length
    const bar = `[${'#'.repeat(Math.round((has / Math.max(1, item.actions.length)) * 8)).padEnd(8, '-')}]`
    const unfolded = opened.items.some((each) => each.kind === 'action' && each.group === item.title)
    return line(
      `${unfolded ? glyphs.open : glyphs.folded} `,
      column(item.title, 16),
      column(bar, 12),
      `${has} of ${item.actions.length}`,
    )
  }
  const { bare, access } = item.action
  const own = opened.own.has(bare)
  const elsewhere = opened.facts.elsewhere.some((each) => each.actions.includes(bare))
  const needed = opened.needs?.actions.includes(bare) && !opened.facts.after.has(bare)
  const yours = own !== opened.base.has(bare) ? 'yours' : ''
  return line(
    `  ${needed ? glyphs.needed : ' '} ${own ? '[x]' : elsewhere ? '[=]' : '[ ]'} `,
    cell(bare, 24, 'plain', glyphs.more),
    column(access.toLowerCase(), 6),
    needed ? 'needed' : yours,
  )
}
