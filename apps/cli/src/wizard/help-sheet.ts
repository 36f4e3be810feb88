import { blank, text } from '../screens/rows.ts'
import type { HelpLine, Screen } from '../screens/screen.ts'
import { type Area, sheetRoom, type View } from '../ui/frame.ts'
import { column, span, spread } from '../ui/line.ts'
import { windowOf } from '../ui/scroll.ts'
import { widthOf, wrap } from '../ui/text.ts'
import type { Overlay, ScreenId } from './model.ts'

const undo: HelpLine = ['Undo', 'u undo    ctrl-r redo']
const read: HelpLine = ['Read', 'r read AWS again    L sign in']
const leave: HelpLine = ['Leave', 'q leave, draft kept    P plain mode']
const choosing: readonly HelpLine[] = [
  ['Steps', 'esc or < back    > next    p preview from any step'],
  undo,
  ['Leave', 'q leave, draft kept    W save the grants file    P plain mode'],
  read,
]

/** The keys that mean the same on every screen where they mean anything. */
const shared: Readonly<Record<ScreenId, readonly HelpLine[]>> = {
  start: [],
  account: [['Steps', 'esc or < back    > next'], undo, leave, read],
  roles: choosing,
  servers: choosing,
  people: choosing,
  access: choosing,
  preview: [['Steps', 'esc or < back    > next'], undo, leave, read],
  apply: [['Leave', 'q leave, draft kept; ctrl-c stops safely while it runs']],
  verify: [['Steps', 'esc or < back'], leave, read],
}

/** The lines of a help sheet: the screen's own keys, then those that it shares with others. */
function helpLines({ id, help }: Helped): readonly HelpLine[] {
  const named = new Set(help.map(([group]) => group))
  return [...help, ...shared[id].filter(([group]) => !named.has(group))]
}

type Helped = Pick<Screen, 'id' | 'help'>

/** The keys that a search finds; a line that goes on from the one before it keeps the name of its group. */
export function foundHelp(screen: Helped, find: string): readonly HelpLine[] {
  const all = helpLines(screen)
  const query = find.trim().toLowerCase()
  if (query === '') return all
  let last = ''
  const named = all.map(([group, keys]): HelpLine => {
    last = group === '' ? last : group
    return [last, keys]
  })
  return named.filter(([group, keys]) => `${group} ${keys}`.toLowerCase().includes(query))
}

/** Each line of keys on as many lines of the window as it needs, parted between keys. */
export function foldedHelp(lines: readonly HelpLine[], area: Area): readonly HelpLine[] {
  const width = area.columns - 1 - 3 - 12
  return lines.flatMap(([group, keys]) => {
    const parts: string[] = []
    for (const key of keys.split(/ {4,}/)) {
      const last = parts.at(-1)
      const joined = last === undefined ? key : `${last}    ${key}`
      if (last === undefined || widthOf(joined) > width) parts.push(...wrap(key, width))
      else parts[parts.length - 1] = joined
    }
    return parts.map((part, index): HelpLine => [index === 0 ? group : '', part])
  })
}

/** The keys of a screen, and those that work everywhere; what is typed narrows them down. */
export function helpSheet(
  overlay: Extract<Overlay, { kind: 'help' }>,
  area: Area,
  screen: Helped & Pick<Screen, 'title'>,
): View {
  const find = overlay.find?.text ?? ''
  const found = foldedHelp(foundHelp(screen, find), area)
  const shown = windowOf(found.length, overlay.top, overlay.top, sheetRoom(area))
  const lines = found.slice(shown.start, shown.end)
  return {
    body: [
      ...(area.layout === 'compact' ? [] : [blank]),
      spread(
        ['   ', span(`Keys on ${screen.title}`, 'bold')],
        [`type to search: ${find}`, span('_', 'dim'), ' '.repeat(Math.max(0, 8 - find.length))],
        area.columns - 1,
        area.glyphs.more,
      ),
      blank,
      ...lines.map(([group, keys]) => text(column(group, 12, 'bold'), arrowsFor(keys, area))),
      ...(shown.below > 0 ? [text(`${area.glyphs.down} ${shown.below} more`)] : []),
      ...(found.length === 0 ? [text('no key does that here; esc clears the search')] : []),
    ],
  }
}

function arrowsFor(keys: string, area: Area): string {
  return keys.replace('↑↓', area.glyphs.updown).replace('←→', area.glyphs.leftright)
}
