import { actionGroups, type CatalogAction, mlflowActions } from '@mlflow-iam/core/catalog/actions'
import type { Area, KeyHint, View } from '../ui/frame.ts'
import { cell, column, type Line, line, span, spread } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { wrap } from '../ui/text.ts'
import {
  dropExceptions,
  policyWords,
  selection,
  setActions,
  setPersonas,
  toggleAction,
} from '../wizard/access-edits.ts'
import { actionsOf, type CellFacts, cellFacts, personasOf } from '../wizard/cells.ts'
import type { Outcome } from '../wizard/effect.ts'
import type { Key } from '../wizard/keys.ts'
import { freshPlace, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { paletteOf } from '../wizard/palette.ts'
import { neededBy, personaTitle, rowOf, visibleRows } from '../wizard/rows.ts'
import { blank, row as drawRow, list, text, tick } from './rows.ts'
import type { HelpLine } from './screen.ts'

type Item =
  | { readonly kind: 'group'; readonly title: string; readonly actions: readonly CatalogAction[] }
  | { readonly kind: 'action'; readonly action: CatalogAction; readonly group: string }

const known = new Set(mlflowActions.map((action) => action.bare))

interface Opened {
  readonly title: string
  readonly facts: CellFacts
  readonly own: ReadonlySet<string>
  readonly base: ReadonlySet<string>
  readonly needs: { readonly call: string; readonly actions: readonly string[] } | undefined
  readonly items: readonly Item[]
}

/** Everything about the cell that is opened. */
function openedOf(model: Model): Opened | undefined {
  const { actions } = model
  const server = model.edit.servers.find((each) => each.key === actions?.server)
  const member = model.edit.members.find((each) => each.arn === actions?.principal)
  if (!actions || !server || !member) return undefined
  const facts = cellFacts(model, actions.principal, server)
  const own = actionsOf(facts.cells, model.edit)
  const personas = personasOf(model.edit)
  const base = new Set(
    facts.cells.flatMap((cell) => cell.personas).flatMap((name) => personas.get(name)?.actions ?? []),
  )
  const query = placeOf(model, 'actions').filter.text.trim()
  const needs = neededBy(query)
  const words = facts.cells.map((cell) => {
    const names = cell.personas.map((name) => personaTitle(name, personas)).join(' and ') || 'hand-picked'
    return `${names}${cell.add.length ? ` +${cell.add.length}` : ''}${cell.remove.length ? ` -${cell.remove.length}` : ''}`
  })
  const dot = model.ascii ? '.' : '·'
  const title = `${rowOf(member, model).title} on ${server.key} ${dot} ${words.join(', ') || 'no access'} ${dot} ${facts.after.size} of ${mlflowActions.length}`
  return { title, facts, own, base, needs, items: itemsOf(actions.open, query, needs, facts) }
}

/** Groups, and the actions of those that are unfolded. A plain filter unfolds what matches. */
function itemsOf(
  open: readonly string[],
  query: string,
  needs: Opened['needs'],
  facts: CellFacts,
): readonly Item[] {
  const fresh = [...(facts.now ?? [])].filter((name) => !known.has(name)).map(unknownAction)
  const groups = [
    ...actionGroups.map((title) => ({
      title,
      actions: mlflowActions.filter((each) => each.group === title),
    })),
    ...(fresh.length > 0 ? [{ title: 'New', actions: fresh }] : []),
  ]
  const wanted = query.toLowerCase()
  return groups.flatMap((group): readonly Item[] => {
    const matching =
      query === '' || needs
        ? group.actions
        : group.actions.filter((each) => each.bare.toLowerCase().includes(wanted))
    if (matching.length === 0) return []
    const needed = needs ? group.actions.some((action) => needs.actions.includes(action.bare)) : false
    const isOpen =
      open.includes(group.title) || (query !== '' && !needs) || (needed && open.includes('*needed'))
    const head: Item = { kind: 'group', ...group }
    return isOpen
      ? [head, ...matching.map((action): Item => ({ kind: 'action', action, group: group.title }))]
      : [head]
  })
}

/** An action that AWS has and this catalogue does not know yet. */
function unknownAction(bare: string): CatalogAction {
  return {
    name: `sagemaker-mlflow:${bare}`,
    bare,
    access: 'Write',
    group: 'UI',
    resourceTypes: [],
    conditionKeys: [],
    inGuide: false,
    description: 'do something that is newer than this program',
    functions: [],
  }
}

export function actionsOnKey(model: Model, key: Key): Outcome | undefined {
  const opened = openedOf(model)
  if (!opened || !model.actions) return { model: { ...model, actions: undefined } }
  const place = placeOf(model, 'actions')
  const item = opened.items[place.row]
  const moved = moveCursor(place.row, opened.items.length, key.name, 10)
  if (moved !== undefined) return { model: withPlace(model, { row: moved }, 'actions') }
  const fold = (title: string, on: boolean): Outcome => {
    const open = (model.actions?.open ?? []).filter((each) => each !== title && (on || each !== '*needed'))
    const next = {
      ...model,
      actions: { principal: opened0.principal, server: opened0.server, open: on ? [...open, title] : open },
    }
    const row = on
      ? place.row
      : Math.max(
          0,
          opened.items.findIndex((each) => each.kind === 'group' && each.title === title),
        )
    return { model: withPlace(next, { row }, 'actions') }
  }
  const opened0 = model.actions
  if (/^[0-9]$/.test(key.name)) {
    const custom = model.edit.personas.map((persona) => persona.name)
    const name = paletteOf(personasOf(model.edit), custom, model.palette)[Number(key.name) - 1]
    return {
      model: setPersonas(model, selection(model), key.name === '0' || name === undefined ? [] : [name]),
    }
  }
  switch (key.name) {
    case 'esc':
      if (place.filter.text !== '')
        return { model: withPlace(model, { filter: freshPlace.filter, row: 0, top: 0 }, 'actions') }
      return { model: { ...model, actions: undefined } }
    case '<':
      return { model: { ...model, actions: undefined } }
    case '/':
      return { model: withPlace(model, { typing: true }, 'actions') }
    case 'right':
    case 'l':
      return item?.kind === 'group' ? fold(item.title, true) : { model }
    case 'left':
    case 'h':
      return item ? fold(item.kind === 'group' ? item.title : item.group, false) : { model }
    case 'enter':
    case 'space':
      if (item?.kind === 'action') return { model: toggleAction(model, item.action.bare) }
      return item ? fold(item.title, !model.actions.open.includes(item.title)) : { model }
    case 'a':
    case 'n': {
      if (!item) return { model }
      const title = item.kind === 'group' ? item.title : item.group
      const group = mlflowActions.filter((action) => action.group === title).map((action) => action.bare)
      const on = key.name === 'a'
      return {
        model: setActions(model, selection(model), group, on, `${on ? 'tick' : 'untick'} all of ${title}`),
      }
    }
    case '+': {
      const missing = opened.needs?.actions.filter((action) => !opened.facts.after.has(action)) ?? []
      if (!opened.needs)
        return {
          model: {
            ...model,
            said: { text: 'Type an MLflow call with / first, such as log_model(.', tone: 'plain' },
          },
        }
      if (missing.length === 0)
        return { model: { ...model, said: { text: 'Nothing is missing.', tone: 'plain' } } }
      return {
        model: setActions(
          model,
          selection(model),
          missing,
          true,
          `add ${missing.join(', ')} for ${opened.needs.call}`,
        ),
      }
    }
    case '=':
      return { model: dropExceptions(model, selection(model)) }
    default:
      return undefined
  }
}

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
    [`   ${needs.call}() needs ${needs.actions.length} actions: ${granted} granted, ${missing} missing`],
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

export function actionsKeys(model: Model): readonly KeyHint[] {
  return [
    { keys: '?', does: 'help' },
    { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
    { keys: model.ascii ? 'left/right' : '←→', does: 'fold' },
    { keys: 'space', does: 'tick' },
    { keys: 'a/n', does: 'group' },
    { keys: '1-9', does: 'persona' },
    { keys: 'u', does: 'undo' },
    { keys: 'esc', does: 'done' },
    { keys: '/', does: 'filter' },
  ]
}

export const actionsHelp: readonly HelpLine[] = [
  ['Opened cell', '←→ fold    space tick    a/n whole group    + add what a call needs'],
]
