import type { Area, Strip, View } from '../ui/frame.ts'
import { cell, column, line, span, spread } from '../ui/line.ts'
import { moveCursor } from '../ui/scroll.ts'
import { askForServer } from '../wizard/added-servers.ts'
import { appQuestion, compatibleQuestion } from '../wizard/apps.ts'
import { asking } from '../wizard/ask.ts'
import type { Key } from '../wizard/keys.ts'
import { changed, loaded, type Model, placeOf, withPlace } from '../wizard/model.ts'
import { kindsWords, type ServerChoice, serverChoices } from '../wizard/server-choices.ts'
import { commonTag, nameServers, ruleOf, type ServerRule, tickedServers } from '../wizard/servers.ts'
import { blank, list, radio, row, text, tick } from './rows.ts'
import type { Screen } from './screen.ts'
import { troubleLines } from './trouble.ts'

const rules: readonly ServerRule[] = ['arn', 'tag', 'all']

function shown(model: Model): readonly ServerChoice[] {
  const snapshot = loaded(model.snapshot)
  if (!snapshot) return []
  const query = placeOf(model, 'servers').filter.text.toLowerCase()
  return serverChoices(snapshot, model.edit).filter((each) =>
    `${each.name} ${each.tags} ${each.region}`.toLowerCase().includes(query),
  )
}

/** What the list holds, by kind where there is room. */
function shownWords(choices: readonly ServerChoice[], compact: boolean): string {
  if (compact) return `${choices.length} shown`
  const apps = choices.filter(({ kind }) => kind === 'app').length
  return `${kindsWords(choices.length - apps, apps)} shown`
}

/** Which servers, and how policies name them. */
export const serversScreen: Screen = {
  id: 'servers',
  title: 'Servers',
  filters: true,

  /** All servers by ARN, unless something was chosen before. */
  enter(model) {
    const snapshot = loaded(model.snapshot)
    if (!snapshot || model.edit.servers.length > 0) return { model }
    const all = snapshot.servers
      .filter((server) => server.region === snapshot.region)
      .map((server) => server.arn)
    return { model: { ...model, edit: nameServers(model.edit, snapshot, all, 'arn') } }
  },

  blocks: (model) =>
    model.edit.servers.length > 0 ? undefined : 'Tick at least one server with space; nothing is ticked now.',

  onKey(model: Model, key: Key) {
    const snapshot = loaded(model.snapshot)
    const choices = shown(model)
    const place = placeOf(model)
    const moved = moveCursor(place.row, choices.length + rules.length, key.name, 8)
    if (moved !== undefined) return { model: withPlace(model, { row: moved }) }
    if (key.name === 'enter') return { model, go: 'next' }
    if (!snapshot) return undefined
    const ticked = tickedServers(model.edit, snapshot)
    const rule = ruleOf(model.edit)
    const put = (arns: readonly string[], next: ServerRule, what: string) => ({
      model: changed(model, nameServers(model.edit, snapshot, arns, next), what),
    })
    if (key.name === 'space') {
      const chosen = rules[place.row - choices.length]
      if (chosen) {
        if (chosen === 'tag' && !commonTag(snapshot, ticked)) {
          return {
            model: { ...model, said: { text: 'The ticked servers have no tag in common.', tone: 'warn' } },
          }
        }
        return put(ticked, chosen, `servers named by ${chosen}`)
      }
      const server = choices[place.row]
      if (!server) return { model }
      const on = ticked.includes(server.arn)
      if (server.kind === 'app' && !on) return { model: asking(model, appQuestion(model, snapshot, server)) }
      const next = on ? ticked.filter((arn) => arn !== server.arn) : [...ticked, server.arn]
      const named = rule === 'all' && server.kind === 'server' ? 'arn' : rule
      return put(next, named, `${on ? 'untick' : 'tick'} ${server.name}`)
    }
    if (key.name === 'c') return { model: asking(model, compatibleQuestion(model, choices[place.row])) }
    if (key.name === '+') return { model: askForServer(model) }
    if (key.name === 'a') {
      const arns = choices.filter((each) => each.kind === 'server').map((each) => each.arn)
      return put([...new Set([...ticked, ...arns])], rule, 'tick all servers shown')
    }
    if (key.name === 'n') {
      const hidden = ticked.filter((arn) => !choices.some((each) => each.arn === arn))
      return put(hidden, rule === 'all' ? 'arn' : rule, 'untick all servers shown')
    }
    return undefined
  },

  view(model: Model, area: Area): View {
    const { glyphs } = area
    const width = area.columns - 1
    const snapshot = loaded(model.snapshot)
    const compact = area.layout === 'compact'
    const head = compact ? [] : [blank]
    if (!snapshot) return { body: [...head, ...waiting(model)] }
    const choices = shown(model)
    const place = placeOf(model)
    const ticked = tickedServers(model.edit, snapshot)
    const filter = place.filter.text === '' ? '/ filter' : `/ ${place.filter.text}`
    const draw = (server: ServerChoice, focused: boolean) =>
      row(
        area,
        focused,
        `${tick(ticked.includes(server.arn))} `,
        cell(server.name, compact ? 20 : 14, 'plain', glyphs.more),
        cell(server.status, 11, 'plain', glyphs.more),
        ...(compact ? [] : [cell(server.size, 9), cell(server.role, 18, 'plain', glyphs.more)]),
        server.region === snapshot.region ? server.tags : `${server.region} ${server.tags}`,
      )
    const rows = list(
      area,
      choices,
      place.row,
      place.top,
      compact ? 4 : area.layout === 'wide' ? 16 : 5,
      draw,
    )
    const tag = commonTag(snapshot, ticked)
    const rule = ruleOf(model.edit)
    const ruleWords: Readonly<Record<ServerRule, readonly [string, string]>> = {
      arn: [
        ticked.length === 1 ? 'by ARN, this one only' : `by ARN, these ${ticked.length} only`,
        'a new server starts with no access',
      ],
      tag: [
        tag ? `by tag ${tag.key} = ${tag.values.join(', ')}` : 'by tag',
        tag ? 'a new server with that tag joins by itself' : 'they have no tag in common',
      ],
      all: ['every server here', '! widest; includes future servers'],
    }
    const at = place.row - choices.length
    const ruleLines = rules.map((each, index) =>
      row(
        area,
        index === at,
        compact ? '' : '  ',
        `${radio(area, rule === each)} `,
        column(ruleWords[each][0], 27, 'plain', glyphs.more),
        ' ',
        ruleWords[each][1],
      ),
    )
    const header = compact
      ? []
      : [blank, text(span('    Server        Status     Size     Role              Tags', 'dim'))]
    const stopped = choices.filter((each) => each.status === 'stopped' && ticked.includes(each.arn))
    const notes = stopped
      .slice(0, 1)
      .map((each) =>
        text(`${glyphs.dot} ${each.name} is stopped: access can be set now and works once it runs.`),
      )
    const above = [
      ...head,
      spread(
        ['   ', span('Which tracking servers?', 'bold')],
        [`${filter} ${glyphs.dot} ${shownWords(choices, compact)}, ${ticked.length} ticked`],
        width,
      ),
      ...header,
    ]
    const between = compact ? [] : [blank, text('How should policies name them?')]
    const cursor =
      at >= 0 ? above.length + rows.lines.length + between.length + at : above.length + (rows.cursor ?? 0)
    return {
      body: [...above, ...rows.lines, ...between, ...ruleLines, ...(compact ? [] : [blank, ...notes])],
      strip: serverStrip(model, choices[place.row], ticked, area),
      cursor: { row: cursor, column: 1 },
    }
  },

  footer: (model) => [
    { keys: '?', does: 'help' },
    { keys: model.ascii ? 'up/down' : '↑↓', does: 'move' },
    { keys: 'space', does: 'tick' },
    { keys: 'enter', does: 'next' },
    { keys: 'a', does: 'all' },
    { keys: 'n', does: 'none' },
    ...(shown(model)[placeOf(model).row]?.kind === 'app' ? [{ keys: 'c', does: 'form' }] : []),
    { keys: '+', does: 'add' },
    { keys: 'esc', does: 'back' },
    { keys: 'q', does: 'quit' },
  ],
  help: [
    ['Move', '↑↓ j k row    g G ends'],
    ['Choose', 'space tick, or choose how policies name them'],
    ['', 'a all shown    n none shown'],
    ['Add', '+ by ARN, of another account too, or one that is planned'],
    ['Apps', 'c compatible form: the actions of servers as well'],
    ['Find', '/ filter by name, tag or region'],
  ],
}

/** What stands where the list will be, while the account is read or could not be. */
export function waiting(model: Model) {
  if (model.snapshot.state === 'failed')
    return troubleLines(model.snapshot.notice, model.columns, 'reads again')
  return [text('reading the account; this screen fills by itself')]
}

/** What policies will say of the servers; for one that differs from others, what is different. */
function serverStrip(
  model: Model,
  server: ServerChoice | undefined,
  ticked: readonly string[],
  area: Area,
): Strip {
  const { glyphs } = area
  const there = model.edit.servers.find((each) => each.kind === 'app' && each.app === server?.arn)
  if (server?.kind === 'app') {
    const form = there?.kind === 'app' && there.compatible ? 'compatible' : 'plain'
    const more = form === 'compatible' ? ', and those of servers' : ''
    return {
      title: `${server.name}, an MLflow App`,
      ...(there ? { right: `${form} form` } : {}),
      lines: [
        line(`   One action, CallMlflowAppApi${more}: any access can delete.`),
        line(
          there ? `   ${glyphs.dot} c other form: AWS's pages contradict each other on what Apps need.` : '',
        ),
      ],
    }
  }
  if (server?.kind === 'added') {
    const elsewhere = server.status === 'elsewhere'
    return {
      title: server.name,
      right: elsewhere ? server.tags : 'planned',
      lines: [
        line(`   ${server.arn}`),
        line(
          elsewhere
            ? `   Reached by assuming role ${server.role} there; S3 keeps the caller's own credentials.`
            : '   It does not exist yet: access is prepared under that name.',
        ),
      ],
    }
  }
  return {
    title: 'Preview: what every policy will say',
    lines: [
      line(`   "Resource": [${resourceWords(ticked, glyphs.more)}]`),
      line(`   ${glyphs.dot} AccessUI has no server-level scope in IAM; it gets its own "*" statement.`),
    ],
  }
}

function resourceWords(arns: readonly string[], more: string): string {
  const [first] = arns
  if (!first) return ''
  const shownArn = first.length > 58 ? `${first.slice(0, 55)}${more}` : first
  return arns.length > 1 ? `"${shownArn}", ${arns.length - 1} more` : `"${shownArn}"`
}
