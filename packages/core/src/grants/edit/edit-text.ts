import { isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Content, ContentMap } from '../draft-content.ts'
import { renderEntries, renderInline, renderItem, renderPair, renderSection } from '../write-grants.ts'
import { alignLists, fingerprint } from './align-lists.ts'
import { endOf, endOfPair, isAbsent, keyText, lineEnd, lineStart, startOf } from './yaml-places.ts'

export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The edits that turn what a mapping says from `before` to `after`, leaving every other character alone. */
export function editMap(
  text: string,
  map: YAMLMap,
  before: ContentMap,
  after: ContentMap,
  isTop = false,
): TextEdit[] {
  const pairs = new Map((map.items as Pair[]).map((pair) => [keyText(pair), pair]))
  const edits: TextEdit[] = []
  for (const [key, pair] of pairs) {
    const value = after[key]
    if (value !== undefined) edits.push(...editPair(text, pair, before[key], value, isTop))
    else if (before[key] !== undefined) edits.push(removeItem(text, map, map.items.indexOf(pair)))
  }
  let previous: Pair | undefined
  for (const [key, value] of Object.entries(after)) {
    const pair = pairs.get(key)
    if (pair !== undefined) previous = pair
    else edits.push(insertPair(text, map, previous, key, value, isTop))
  }
  return edits
}

function editPair(
  text: string,
  pair: Pair,
  before: Content | undefined,
  after: Content,
  isTop: boolean,
): TextEdit[] {
  if (before !== undefined && fingerprint(before) === fingerprint(after)) return []
  const value = pair.value as Node | null
  if (value === null || isAbsent(value) || (isTop && isEmptyFlow(value))) {
    const start = endOf(pair.key as Node) + 1
    const end = value === null || isAbsent(value) ? start : endOf(value)
    const inner =
      isTop && typeof after === 'object'
        ? `\n${renderEntries(after, '  ').trimEnd()}`
        : ` ${renderInline(after)}`
    return [{ start, end, text: inner }]
  }
  return editNode(text, value, before, after)
}

function editNode(text: string, node: Node, before: Content | undefined, after: Content): TextEdit[] {
  if (before !== undefined && fingerprint(before) === fingerprint(after)) return []
  const isFilled = isMap(node) || isSeq(node) ? node.items.length > 0 : false
  if (isFlow(node) && isSimpler(text, node, before, after)) return [replace(node, after)]
  if (isFilled && isMap(node) && isContentMap(before) && isContentMap(after))
    return editMap(text, node, before, after)
  if (isFilled && isSeq(node) && before !== undefined && !isContentMap(after)) {
    const edits = editSeq(text, node, listOf(before), listOf(after))
    if (edits) return edits
  }
  return [replace(node, after)]
}

function replace(node: Node, value: Content): TextEdit {
  return { start: startOf(node), end: endOf(node), text: renderInline(value) }
}

/** Whether a collection in brackets is better written anew: on one line there is nothing to keep but the order of keys. */
function isSimpler(text: string, node: Node, before: Content | undefined, after: Content): boolean {
  const keysOf = (value: Content | undefined) => (isContentMap(value) ? Object.keys(value) : [])
  const kept = keysOf(before).filter((key) => keysOf(after).includes(key))
  if (kept.length > 0 && kept.length === keysOf(before).length && kept.length === keysOf(after).length)
    return false
  return kept.length === 0 && isMap(node) ? true : !/[#\n]/.test(text.slice(startOf(node), endOf(node)))
}

/** Undefined where the list in the text and the list that was read from it do not match item for item. */
function editSeq(
  text: string,
  seq: YAMLSeq,
  before: readonly Content[],
  after: readonly Content[],
): TextEdit[] | undefined {
  if (seq.items.length !== before.length || after.length === 0) return undefined
  const edits: TextEdit[] = []
  let previous = -1
  for (const item of alignLists(before, after)) {
    const value = item.after === undefined ? undefined : after[item.after]
    if (item.before === undefined) {
      if (value !== undefined) edits.push(insertItem(text, seq, previous, value))
      continue
    }
    previous = item.before
    if (value === undefined) edits.push(removeItem(text, seq, item.before))
    else edits.push(...editNode(text, seq.items[item.before] as Node, before[item.before], value))
  }
  return edits
}

/** Takes out an entry of a mapping or list: its lines, or what stands between its neighbours' commas. */
function removeItem(text: string, collection: YAMLMap | YAMLSeq, index: number): TextEdit {
  const items = collection.items as (Node | Pair)[]
  const isPairs = isMap(collection)
  const startAt = (item: Node | Pair) => startOf(isPairs ? ((item as Pair).key as Node) : (item as Node))
  const endAt = (item: Node | Pair) => (isPairs ? endOfPair(item as Pair) : endOf(item as Node))
  const item = items[index] as Node | Pair
  const next = items[index + 1]
  const last = items[index - 1]
  if (collection.flow) {
    if (next !== undefined) return { start: startAt(item), end: startAt(next), text: '' }
    return { start: last === undefined ? startAt(item) : endAt(last), end: endAt(item), text: '' }
  }
  // Behind a dash, the first key shares its line with it: what follows moves up.
  const shares = isPairs && text.slice(lineStart(text, startAt(item)), startAt(item)).trim() !== ''
  if (shares && next !== undefined) return { start: startAt(item), end: startAt(next), text: '' }
  const dash = isPairs ? startAt(item) : text.lastIndexOf('-', startAt(item) - 1)
  return { start: lineStart(text, dash), end: lineEnd(text, endAt(item)), text: '' }
}

function insertPair(
  text: string,
  map: YAMLMap,
  previous: Pair | undefined,
  key: string,
  value: Content,
  isTop: boolean,
): TextEdit {
  const anchor = previous ?? (map.items.at(-1) as Pair | undefined)
  const end = anchor === undefined ? endOf(map) - 1 : endOfPair(anchor)
  if (map.flow)
    return { start: end, end, text: `${anchor ? ', ' : ' '}${renderInline(key)}: ${renderInline(value)}` }
  const first = startOf((map.items[0] as Pair).key as Node)
  const indent = ' '.repeat(first - lineStart(text, first))
  const start = lineEnd(text, end)
  if (isTop && typeof value === 'object') return { start, end: start, text: `\n${renderSection(key, value)}` }
  return { start, end: start, text: `${indent}${renderPair(key, value, indent)}\n` }
}

function insertItem(text: string, seq: YAMLSeq, previous: number, value: Content): TextEdit {
  const before = seq.items[previous] as Node | undefined
  if (seq.flow) {
    if (before !== undefined)
      return { start: endOf(before), end: endOf(before), text: `, ${renderInline(value)}` }
    const start = startOf(seq.items[0] as Node)
    return { start, end: start, text: `${renderInline(value)}, ` }
  }
  const dash = startOf(seq)
  const indent = ' '.repeat(dash - lineStart(text, dash))
  const item = renderItem(value, `${indent}  `)
  const start = before === undefined ? lineStart(text, dash) : lineEnd(text, endOf(before))
  return { start, end: start, text: `${indent}- ${item}\n` }
}

function isFlow(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.flow === true
}

function isEmptyFlow(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.items.length === 0
}

function isContentMap(value: Content | undefined): value is ContentMap {
  return typeof value === 'object' && !Array.isArray(value)
}

function listOf(value: Content): readonly Content[] {
  return Array.isArray(value) ? value : [value]
}
