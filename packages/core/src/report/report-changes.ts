import type { AccessRow } from '../evaluate/access.ts'
import { type Html, html } from './html.ts'
import { scrolling } from './report-tables.ts'

export interface AccessChange {
  readonly principal: string
  readonly server: string
  readonly gained: readonly string[]
  readonly lost: readonly string[]
}

/** What each principal gained and lost on each server between two readings. Sorted as they come. */
export function accessChanges(
  before: readonly AccessRow[],
  after: readonly AccessRow[],
): readonly AccessChange[] {
  const key = (row: AccessRow) => `${row.principal}\n${row.server}`
  const old = new Map(before.map((row) => [key(row), row]))
  const now = new Map(after.map((row) => [key(row), row]))
  const changes: AccessChange[] = []
  for (const [place, row] of new Map([...old, ...now])) {
    const had = new Set(old.get(place)?.allowed ?? [])
    const has = new Set(now.get(place)?.allowed ?? [])
    const gained = [...has].filter((action) => !had.has(action))
    const lost = [...had].filter((action) => !has.has(action))
    if (gained.length + lost.length > 0)
      changes.push({ principal: row.principal, server: row.server, gained, lost })
  }
  return changes
}

export function changesTable(changes: readonly AccessChange[], nameOf: (arn: string) => string): Html {
  const lines = changes.map(
    ({ principal, server, gained, lost }) =>
      html`<tr><th scope="row">${nameOf(principal)}</th><td>${nameOf(server)}</td><td>${gained.join(', ') || 'nothing'}</td><td>${lost.join(', ') || 'nothing'}</td></tr>`,
  )
  return scrolling(
    'Access gained and lost',
    html`<table><caption>Access gained and lost since the earlier report</caption>
<thead><tr><th scope="col">Person</th><th scope="col">Server</th><th scope="col">Gained</th><th scope="col">Lost</th></tr></thead><tbody>${lines}</tbody></table>`,
  )
}
