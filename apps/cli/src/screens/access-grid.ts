import type { Area, View } from '../ui/frame.ts'
import { column, type Line, line, type Piece, span, spread } from '../ui/line.ts'
import { count, cut, fit, widthOf } from '../ui/text.ts'
import { type CellFacts, cellFacts, personasOf } from '../wizard/cells.ts'
import { cellWord, useAt } from '../wizard/evidence.ts'
import { type Model, placeOf } from '../wizard/model.ts'
import { codeOf, paletteOf, wordOf } from '../wizard/palette.ts'
import { neededBy, type Row, visibleRows } from '../wizard/rows.ts'
import { sidePane } from './access-actions-view.ts'
import { gridStrip, needsLine } from './access-strip.ts'
import { beside } from './panes.ts'
import { blank, row as drawRow, list, text, tick } from './rows.ts'

/** Widths of the columns: narrower where the pane beside the grid needs room. */
function widths(area: Area) {
  return area.layout === 'wide'
    ? { person: 15, through: 15, cell: 11 }
    : { person: 18, through: 17, cell: 12 }
}

/** The grid: one line for each principal, one column for each server. */
export function gridView(model: Model, area: Area): View {
  const compact = area.layout === 'compact'
  const wide = area.layout === 'wide'
  const { glyphs } = area
  const place = placeOf(model, 'access')
  const rows = visibleRows(model)
  const current = rows[place.row]
  const paneWidth = wide ? 47 : 0
  const width = area.columns - 1 - paneWidth - (wide ? 1 : 0)
  const columns = shownServers(model, area, width)
  const needs = neededBy(place.filter.text)
  const title = titleLine(model, area, width, rows, columns)
  const top: Line[] = compact
    ? [title]
    : [
        blank,
        title,
        ...(needs ? [needsLine(model, current, needs, glyphs.needed)] : [blank]),
        headLine(columns, area),
      ]
  const legend = legendLines(model, area, width)
  const strip = compact ? undefined : gridStrip(model, area, current)
  const body = area.rows - 1 - (compact ? 4 : 5 + (strip ? strip.lines.length + 1 : 0))
  const bottom = compact ? legend : [blank, ...legend]
  const height = Math.max(2, body - top.length - bottom.length - (compact ? 1 : 0))
  const draw = (each: Row, focused: boolean, index: number) =>
    gridLine(model, area, each, focused, index, columns)
  const drawn = list(area, rows, place.row, place.top, height, draw)
  const empty =
    place.filter.text === ''
      ? 'nobody is ticked; esc goes back to People'
      : 'nothing matches; esc clears the filter'
  const none = rows.length === 0 ? [text(empty)] : []
  const grid = [
    ...top,
    ...drawn.lines,
    ...none,
    ...Array(Math.max(0, height - drawn.lines.length - none.length)).fill(blank),
    ...bottom,
  ]
  return {
    body: wide ? beside(grid, sidePane(model, area, paneWidth - 3, body), width + 1, area) : grid,
    strip,
    ...(drawn.cursor === undefined ? {} : { cursor: { row: top.length + drawn.cursor, column: 1 } }),
  }
}

interface ShownServers {
  readonly first: number
  readonly keys: readonly string[]
}

/** As many server columns as fit, among them the one with the cursor. */
function shownServers(model: Model, area: Area, width: number): ShownServers {
  const keys = model.edit.servers.map((server) => server.key)
  const { person, through, cell } = widths(area)
  const fixed = area.layout === 'compact' ? 42 : 7 + person + through + 1
  const fits = Math.max(1, Math.floor((width - fixed) / cell))
  const at = Math.max(0, placeOf(model, 'access').column - 1)
  const first = Math.max(0, Math.min(at - fits + 1, keys.length - fits))
  return { first, keys: keys.slice(first, first + fits) }
}

function titleLine(
  model: Model,
  area: Area,
  width: number,
  rows: readonly Row[],
  { first, keys }: ShownServers,
): Line {
  const { glyphs } = area
  const dot = ` ${glyphs.dot} `
  const place = placeOf(model, 'access')
  const filter = place.filter.text
  const people = rows.reduce((sum, row) => sum + row.people, 0)
  const ticked = rows.filter((row) => model.ticked.includes(row.member.arn)).length
  const of = rows.length === model.edit.members.length ? '' : ` of ${model.edit.members.length}`
  const left = `${rows.length}${of} ${rows.length === 1 && of === '' ? 'row' : 'rows'}${dot}${count(people, 'person', 'people')}${dot}${ticked} ticked`
  if (area.layout === 'compact') {
    const at = Math.max(1, place.column)
    const server = model.edit.servers[at - 1]
    const right =
      place.typing || filter
        ? `/ ${filter}`
        : `server ${at} of ${model.edit.servers.length}: ${server?.key ?? ''}`
    return spread(
      [`   ${count(rows.length, 'row')}${dot}${ticked} ticked`],
      [`${right} `],
      width,
      glyphs.more,
    )
  }
  const shown = filter === '' ? '/ filter' : `/ ${filter}`
  const all = model.edit.servers.length
  const compare = { after: 'd diff: after', both: 'd diff: now, after', now: 'd diff: now' }[model.compare]
  const some = `servers ${first + 1}-${first + keys.length} of ${all}`
  const room = width - widthOf(`   ${left}${dot}${shown} `)
  // Beside the pane there is little room; that there are more servers stands nowhere else.
  const wordings = [
    `${some}${dot}${compare} `,
    `${some}${dot}${compare.replace('d diff: ', 'd ')} `,
    `${some} `,
  ]
  const right = keys.length === all ? `${compare} ` : wordings.find((words) => widthOf(words) <= room)
  return spread(
    [`   ${left}${dot}`, span(shown, place.typing ? 'accent' : 'plain')],
    [right ?? `${some} `],
    width,
    glyphs.more,
  )
}

function headLine({ keys }: ShownServers, area: Area): Line {
  const { person, through, cell } = widths(area)
  const heads = keys.map((key) => column(` ${key}`, cell, 'bold', area.glyphs.more))
  return line('       ', column('Person', person, 'bold'), column('Through', through, 'bold'), ...heads)
}

function gridLine(
  model: Model,
  area: Area,
  row: Row,
  focused: boolean,
  index: number,
  shown: ShownServers,
): Line {
  const { glyphs } = area
  const place = placeOf(model, 'access')
  const inRange =
    model.rangeFrom !== undefined &&
    index >= Math.min(model.rangeFrom, place.row) &&
    index <= Math.max(model.rangeFrom, place.row)
  const pieces: Piece[] = []
  let look = row.shared && row.people > 20
  for (const [offset, key] of shown.keys.entries()) {
    const server = model.edit.servers.find((each) => each.key === key)
    if (!server) continue
    const facts = cellFacts(model, row.member.arn, server)
    if (
      facts.cells.length > 1 ||
      facts.cells.some((cell) => cell.until !== undefined || cell.when !== undefined)
    )
      look = true
    const here = focused && shown.first + offset + 1 === place.column
    const word = model.evidence ? cellWord(useAt(model, row.member.arn, server, facts)) : ''
    pieces.push(cellPiece(facts, model.compare, here, glyphs, widths(area).cell, word))
  }
  const box = inRange ? '[v]' : tick(model.ticked.includes(row.member.arn))
  const { person, through } = widths(area)
  const tone = focused && place.column === 0 ? 'inverse' : 'plain'
  return drawRow(
    area,
    focused,
    `${box} `,
    column(keepEnd(row.title, ' +', person - 1, glyphs.more), person - 1, tone),
    ' ',
    column(
      keepEnd(row.through.replace('×', glyphs.times), ` ${glyphs.times}`, through - 1, glyphs.more),
      through,
    ),
    ...pieces,
    look ? span('!', 'warn') : ' ',
  )
}

/** Cuts the names of a cell and keeps the count at its end, which says how many people it is about. */
function keepEnd(words: string, mark: string, width: number, more: string): string {
  const at = words.lastIndexOf(mark)
  if (widthOf(words) <= width || at < 0) return cut(words, width, more)
  const end = words.slice(at)
  return cut(words.slice(0, at), width - widthOf(end), more) + end
}

/** `+DS`, `~VW +1`, `-CI`, a dot for nothing; the cell with the cursor in brackets. */
function cellPiece(
  facts: CellFacts,
  compare: Model['compare'],
  here: boolean,
  { none, arrow }: Area['glyphs'],
  width: number,
  use: string,
) {
  const after = facts.text === '' ? (facts.elsewhere.length > 0 ? 'elsewhere' : none) : facts.text
  const now =
    facts.now === undefined ? '?' : facts.now.size === 0 && compare === 'now' ? none : String(facts.now.size)
  const gone = facts.mark === '-' && facts.text === ''
  const both = facts.now?.size === 0 && facts.after.size === 0 ? none : `${now}${arrow}${facts.after.size}`
  const words = compare === 'now' ? now : compare === 'both' ? both : gone ? none : after
  const plain = `${facts.mark || ' '}${words}`
  // A narrow column has no room for all words; the strip below the grid always has.
  const said = use !== '' && widthOf(plain) + use.length + 3 <= width ? `${plain} ${use}` : plain
  const tone =
    facts.mark === '-' ? 'danger' : facts.mark === '+' ? 'ok' : facts.mark === '~' ? 'warn' : 'plain'
  if (here) return span(fit(`[${said.trim()}]`, width), 'inverse')
  return column(` ${said}`, width, compare === 'after' ? tone : 'plain')
}

function legendLines(model: Model, area: Area, width: number): readonly Line[] {
  const { glyphs } = area
  const custom = model.edit.personas.map((persona) => persona.name)
  const personas = personasOf(model.edit)
  const palette = paletteOf(personas, custom, model.palette)
  if (area.layout === 'compact') {
    return [text(`${palette.map((name, index) => `${index + 1} ${codeOf(name, custom)}`).join(' ')} 0 none`)]
  }
  const marks =
    area.layout === 'wide'
      ? `+ new  ~ changed  - removed  ${glyphs.none} none  ${glyphs.times} sharing it  ! look closer`
      : `+ new   ~ changed   - removed   ${glyphs.none} none   ${glyphs.times} people sharing it   ! look closer`
  const entry = (name: string, index: number) => `${index + 1} ${codeOf(name, custom)} ${wordOf(name)}`
  if (area.layout !== 'wide') {
    return [
      ...wrapEntries(['0 none', ...palette.map(entry)], width - 4).map((each) => text(each)),
      text(marks),
    ]
  }
  const sized = [
    '0 none',
    ...palette.map((name, index) => `${entry(name, index)} ${personas.get(name)?.actions.length ?? 0}`),
  ]
  return [
    ...wrapEntries(sized, width - 4).map((each) => text(each)),
    text('(number = actions)   e every persona'),
    text(marks),
  ]
}

function wrapEntries(entries: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  let current = ''
  for (const entry of entries) {
    if (current !== '' && current.length + 2 + entry.length > width) {
      lines.push(current)
      current = entry
    } else current = current === '' ? entry : `${current}  ${entry}`
  }
  return [...lines, current]
}
