import { blank, list, row, text } from '../screens/rows.ts'
import type { HelpLine } from '../screens/screen.ts'
import { type Area, type KeyHint, sheetRoom, type View } from '../ui/frame.ts'
import { column, type Line, line, span, spread } from '../ui/line.ts'
import { windowOf } from '../ui/scroll.ts'
import { count, visible, wrap, wrapIndented } from '../ui/text.ts'
import { changedWords } from './applied.ts'
import { askSheet } from './ask-sheet.ts'
import { personasOf } from './cells.ts'
import { helpSheet } from './help-sheet.ts'
import { loaded, type Model, type Overlay } from './model.ts'
import { quitChoices } from './overlays.ts'
import { codeOf } from './palette.ts'

/** What a sheet or question shows in place of the screen's body. */
export function overlayView(
  model: Model,
  overlay: Overlay,
  area: Area,
  title: string,
  help: readonly HelpLine[],
): View {
  switch (overlay.kind) {
    case 'help':
      return helpSheet(overlay, area, { id: model.screen, title, help })
    case 'quit':
      return quitSheet(model, overlay, area)
    case 'list':
      return listSheet(overlay, area)
    case 'notice':
      return noticeSheet(overlay, area)
    case 'personas':
      return personaSheet(model, overlay, area)
    case 'ask':
      return askSheet(overlay.question, overlay.top, area)
    case 'input':
      return inputSheet(overlay, area)
  }
}

/** The keys of a sheet. */
export function overlayFooter(overlay: Overlay, ascii: boolean): readonly KeyHint[] {
  const move = {
    keys: ascii ? 'up/down' : '↑↓',
    does: ['help', 'list', 'ask'].includes(overlay.kind) ? 'scroll' : 'move',
  }
  const help = { keys: '?', does: 'help' }
  switch (overlay.kind) {
    case 'help':
      return [{ keys: 'esc', does: 'close' }, move, { keys: 'type', does: 'search' }]
    case 'list':
      return [
        help,
        { keys: 'esc', does: 'close' },
        move,
        { keys: 'y', does: 'copy' },
        { keys: 'v', does: 'raw' },
      ]
    case 'quit':
      return overlay.discarding
        ? [help, { keys: 'D', does: 'discard it' }, { keys: 'esc', does: 'stay' }]
        : [
            help,
            move,
            { keys: 'enter', does: 'choose' },
            { keys: 'esc', does: 'stay' },
            { keys: 'ctrl-c', does: 'leave now' },
          ]
    case 'notice':
      return [
        help,
        { keys: 'esc', does: 'close' },
        ...([5, 6, 7].includes(overlay.notice.exit) ? [{ keys: 'r', does: 'retry' }] : []),
        ...(overlay.notice.exit === 5 ? [{ keys: 'L', does: 'sign in' }] : []),
        { keys: 'y', does: 'copy' },
      ]
    case 'personas':
      return [
        help,
        { keys: 'enter', does: 'give' },
        move,
        { keys: 'space', does: 'add to the union' },
        { keys: 'esc', does: 'close' },
        { keys: '1-9', does: 'its digit' },
      ]
    case 'ask':
      return [help, { keys: 'enter', does: overlay.question.yes }, { keys: 'esc', does: 'no' }, move]
    case 'input':
      return [
        { keys: 'enter', does: 'take it' },
        { keys: 'ctrl-u', does: 'clear' },
        { keys: 'esc', does: 'back' },
      ]
  }
}

function head(area: Area): readonly Line[] {
  return area.layout === 'compact' ? [] : [blank]
}

function quitSheet(model: Model, overlay: Extract<Overlay, { kind: 'quit' }>, area: Area): View {
  const { edit } = model
  const running = model.run.state === 'running' || model.run.state === 'stopping'
  const happened = running
    ? 'Calls in flight are finished; no new ones start. The journal lets you resume or roll back.'
    : changedWords(model)
  const cells = Object.values(edit.cells).reduce((sum, row) => sum + Object.keys(row).length, 0)
  const compact = area.layout === 'compact'
  const resume = `mlflow-iam --resume ${edit.name}${model.shellFlags}`
  const wordings = [`continue later: ${resume}`, `later: ${resume}`, resume]
  const later = wordings.find((words) => words.length <= area.columns - 34)
  const size = `${count(edit.members.length, 'row')}, ${count(cells, 'cell')}; `
  const words = {
    keep: ['Keep the draft and leave', later ?? ''],
    stay: ['Stay', ''],
    discard: ['Discard the draft', `${compact ? '' : size}recoverable for 7 days`],
  } as const
  const top = [
    ...head(area),
    text(span('Leave the wizard?', 'bold')),
    blank,
    ...wrap(happened, area.columns - 6).map((each) => text(each)),
    blank,
  ]
  return {
    body: [
      ...top,
      ...quitChoices.map((choice, index) =>
        row(area, index === overlay.row, column(words[choice][0], 30), words[choice][1]),
      ),
      blank,
      overlay.discarding
        ? text(span(`Press D to discard draft "${edit.name}"; esc keeps it.`, 'danger'))
        : text('Discarding asks once more.'),
      // A command is shown whole, or it is of no use.
      ...(later ? [] : wrap(`later: ${resume}`, area.columns - 6).map((each) => text(each))),
    ],
    strip: {
      title: `Draft ${edit.name}`,
      ...(model.saved ? { right: `saved ${model.saved}` } : {}),
      lines: [
        line(
          `   ${loaded(model.identity)?.alias ?? edit.account ?? 'no account yet'} ${area.glyphs.dot} ${count(edit.servers.length, 'server')} ${area.glyphs.dot} ${count(edit.members.length, 'row')} ${area.glyphs.dot} ${count(cells, 'cell')}`,
        ),
      ],
    },
    cursor: { row: top.length + overlay.row, column: 1 },
  }
}

/** The lines of a list, each on as many lines of the window as it needs. */
export function linesOfList({ lines }: Extract<Overlay, { kind: 'list' }>, area: Area): readonly string[] {
  return lines.flatMap((each) => wrapIndented(visible(each), area.columns - 5))
}

function listSheet(overlay: Extract<Overlay, { kind: 'list' }>, area: Area): View {
  const lines = linesOfList(overlay, area)
  const { start, end, below } = windowOf(lines.length, overlay.top, overlay.top, sheetRoom(area))
  const shown = lines.slice(start, end)
  const whole = shown.length === lines.length
  const part = `lines ${start + 1}-${end} of ${lines.length} `
  return {
    body: [
      ...head(area),
      spread(['   ', span(overlay.title, 'bold')], whole ? [] : [part], area.columns - 1, area.glyphs.more),
      blank,
      ...(lines.length === 0 ? [text('none')] : []),
      ...shown.map((each) => text(each)),
      ...(below > 0 ? [text(`${area.glyphs.down} ${below} more`)] : []),
    ],
  }
}

function noticeSheet(overlay: Extract<Overlay, { kind: 'notice' }>, area: Area): View {
  const { what, why, fix } = overlay.notice
  const width = area.columns - 14
  const part = (label: string, value: string) =>
    wrap(value, width).map((each, index) => text(column(index === 0 ? label : '', 7), each))
  return {
    body: [
      ...head(area),
      ...wrap(what, area.columns - 6).map((each) => text(span(each, 'warn'))),
      blank,
      ...part('  why', why),
      ...fix.flatMap((each, index) => part(index === 0 ? '  fix' : '', each)),
    ],
  }
}

function personaSheet(model: Model, overlay: Extract<Overlay, { kind: 'personas' }>, area: Area): View {
  const personas = [...personasOf(model.edit).values()]
  const custom = model.edit.personas.map((persona) => persona.name)
  const height = Math.max(3, area.rows - (area.layout === 'compact' ? 7 : 13))
  const drawn = list(area, personas, overlay.row, 0, height, (persona, focused) =>
    row(
      area,
      focused,
      column(codeOf(persona.name, custom), 4),
      column(persona.name, 32, 'plain', area.glyphs.more),
      `${count(persona.actions.length, 'action')}${persona.ui ? ', UI' : ''}`,
    ),
  )
  const current = personas[overlay.row]
  const top = [...head(area), text(span('Every persona', 'bold')), blank]
  return {
    body: [...top, ...drawn.lines],
    strip: {
      title: current?.title ?? '',
      lines: wrap(current?.purpose ?? '', area.columns - 8)
        .slice(0, 2)
        .map((each) => line(`   ${each}`)),
    },
    ...(drawn.cursor === undefined ? {} : { cursor: { row: top.length + drawn.cursor, column: 1 } }),
  }
}

function inputSheet(overlay: Extract<Overlay, { kind: 'input' }>, area: Area): View {
  const width = area.columns - 8
  const { text: typed, caret } = overlay.field
  const from = Math.max(0, caret - width + 2)
  const shown = typed.slice(from, from + width)
  const top = [
    ...head(area),
    text(span(overlay.title, 'bold')),
    blank,
    ...wrap(overlay.hint, width).map((each) => text(each)),
    blank,
  ]
  return {
    body: [
      ...top,
      text('> ', shown, span('_', 'dim')),
      blank,
      ...(overlay.error ? wrap(overlay.error, width).map((each) => text(span(each, 'warn'))) : []),
    ],
    cursor: { row: top.length, column: 5 + caret - from },
  }
}
