import { stringify } from 'yaml'
import { type Content, type ContentMap, draftContent } from './draft-content.ts'
import type { GrantsDraft } from './grants-draft.ts'

export { type GrantDraft, type GrantsDraft, toDraft } from './grants-draft.ts'

/** Lines may grow to this before a mapping is written over several. */
const widest = 100

/** The YAML text of a draft. The same draft gives the same bytes, and reading them gives the same draft. */
export function writeGrants(draft: GrantsDraft): string {
  return Object.entries(draftContent(draft))
    .map(([key, value]) =>
      typeof value === 'object' ? `\n${renderSection(key, value)}` : `${key}: ${renderInline(value)}\n`,
    )
    .join('')
}

/** One of `servers`, `roles`, `personas` or `grants`, with its key. */
export function renderSection(key: string, value: Content, indent = '  '): string {
  return `${key}:\n${renderEntries(value, indent)}`
}

/** The entries of a section, a line or more each. */
export function renderEntries(value: Content, indent: string): string {
  if (isList(value)) return value.map((item) => `${indent}- ${renderItem(item, `${indent}  `)}\n`).join('')
  const entries = Object.entries(value as ContentMap)
  return entries.map(([key, item]) => `${indent}${renderPair(key, item, indent)}\n`).join('')
}

/** An item of a list behind its dash: a mapping has a line for each key. */
export function renderItem(item: Content, indent: string): string {
  if (!isMap(item) || Object.keys(item).length === 0) return renderInline(item)
  return Object.entries(item)
    .map(([key, value]) => renderPair(key, value, indent))
    .join(`\n${indent}`)
}

/** `key: value` on one line, or with the value's keys on lines of their own where that is too long. */
export function renderPair(key: string, value: Content, indent: string): string {
  const line = `${renderInline(key)}: ${renderInline(value)}`
  if (
    indent.length + line.length <= widest ||
    !(isMap(value) || isList(value)) ||
    Object.keys(value).length === 0
  ) {
    return line
  }
  return `${renderInline(key)}:\n${renderEntries(value, `${indent}  `)}`.trimEnd()
}

/** A value on one line, quoted only where YAML would read something else. */
export function renderInline(value: Content): string {
  if (isList(value)) return `[${value.map(renderInline).join(', ')}]`
  if (!isMap(value)) return renderScalar(value)
  const pairs = Object.entries(value).map(([key, item]) => `${renderScalar(key)}: ${renderInline(item)}`)
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
}

/** Most names need no quotes, and asking the library about each would be slow. */
const surelyPlain = /^[A-Za-z][\w./@+-]*$/
const words = /^(true|false|null)$/i

function renderScalar(value: string | number | boolean): string {
  if (typeof value === 'string' && surelyPlain.test(value) && !words.test(value)) return value
  // In a list, so that it may stand in lists and mappings as well as alone.
  const flow = stringify([value], { version: '1.2', schema: 'core', lineWidth: 0, collectionStyle: 'flow' })
  return flow.trimEnd().slice(1, -1).trim()
}

function isList(value: Content): value is readonly Content[] {
  return Array.isArray(value)
}

function isMap(value: Content): value is ContentMap {
  return typeof value === 'object' && !Array.isArray(value)
}
