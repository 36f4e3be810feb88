import { blank, text } from '../screens/rows.ts'
import type { HelpLine } from '../screens/screen.ts'
import type { Area, View } from '../ui/frame.ts'
import { column, span, spread } from '../ui/line.ts'
import type { Overlay } from './model.ts'

const everywhereHelp: readonly HelpLine[] = [
  ['Steps', 'esc or < back    > next    p preview from any step'],
  ['Undo', 'u undo    ctrl-r redo'],
  ['Leave', 'q leave, draft kept    W save the grants file    P plain mode'],
  ['Read', 'r read AWS again    L sign in'],
]

/** The lines of a help sheet: the screen's own keys, then those that work everywhere. */
function helpLines(own: readonly HelpLine[]): readonly HelpLine[] {
  const named = new Set(own.map(([group]) => group))
  return [...own, ...everywhereHelp.filter(([group]) => !named.has(group))]
}

/** The keys that a search finds; a line that goes on from the one before it keeps the name of its group. */
export function foundHelp(own: readonly HelpLine[], find: string): readonly HelpLine[] {
  const all = helpLines(own)
  const query = find.trim().toLowerCase()
  if (query === '') return all
  let last = ''
  const named = all.map(([group, keys]): HelpLine => {
    last = group === '' ? last : group
    return [last, keys]
  })
  return named.filter(([group, keys]) => `${group} ${keys}`.toLowerCase().includes(query))
}

/** The keys of a screen, and those that work everywhere; what is typed narrows them down. */
export function helpSheet(
  overlay: Extract<Overlay, { kind: 'help' }>,
  area: Area,
  title: string,
  help: readonly HelpLine[],
): View {
  const find = overlay.find?.text ?? ''
  const found = foundHelp(help, find)
  const lines = found.slice(overlay.top)
  return {
    body: [
      ...(area.layout === 'compact' ? [] : [blank]),
      spread(
        ['   ', span(`Keys on ${title}`, 'bold')],
        [`type to search: ${find}`, span('_', 'dim'), ' '.repeat(Math.max(0, 8 - find.length))],
        area.columns - 1,
        area.glyphs.more,
      ),
      blank,
      ...lines.map(([group, keys]) => text(column(group, 12, 'bold'), arrowsFor(keys, area))),
      ...(found.length === 0 ? [text('no key does that here; esc clears the search')] : []),
    ],
  }
}

function arrowsFor(keys: string, area: Area): string {
  return keys.replace('↑↓', area.glyphs.updown).replace('←→', area.glyphs.leftright)
}
