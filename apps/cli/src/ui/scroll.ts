/** A window onto a long list: only what it shows is ever drawn. */
export interface Window {
  readonly start: number
  readonly end: number
  readonly above: number
  readonly below: number
}

/**
 * The rows to draw so that `cursor` is among them. `height` counts the lines of "n more" as well, so a list that
 * fits needs no such line. The window moves only when the cursor would leave it.
 */
export function windowOf(length: number, cursor: number, top: number, height: number): Window {
  if (length <= height) return { start: 0, end: length, above: 0, below: 0 }
  const rows = Math.max(1, height - 1)
  let start = Math.max(0, Math.min(top, length - rows))
  if (cursor < start) start = cursor
  if (cursor >= start + rows) start = cursor - rows + 1
  const end = Math.min(length, start + rows)
  return { start, end, above: start, below: length - end }
}

/** Where a cursor goes: one, a page, or to an end; never outside the list. */
export function moveCursor(cursor: number, length: number, key: string, page: number): number | undefined {
  const to =
    key === 'up' || key === 'k'
      ? cursor - 1
      : key === 'down' || key === 'j'
        ? cursor + 1
        : key === 'pageup' || key === 'ctrl-u'
          ? cursor - page
          : key === 'pagedown' || key === 'ctrl-d'
            ? cursor + page
            : key === 'g' || key === 'home'
              ? 0
              : key === 'G' || key === 'end'
                ? length - 1
                : undefined
  return to === undefined ? undefined : Math.max(0, Math.min(length - 1, to))
}
