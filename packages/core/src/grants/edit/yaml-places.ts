import { isCollection, isMap, isScalar, type Node, type Pair } from 'yaml'

/** Offset of the start of the line that an offset is in. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Offset behind the line end that follows an offset, comments included. */
export function lineEnd(text: string, offset: number): number {
  // A block of text ends with its own line end already.
  if (offset > 0 && text[offset - 1] === '\n') return offset
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end + 1
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}

/** Where the last sign of a value stands, without the comments and blank lines that YAML counts to it. */
export function endOf(node: Node): number {
  if (!isCollection(node) || node.flow) return node.range?.[1] ?? 0
  const last = node.items.at(-1) as Pair | Node | undefined
  if (last === undefined) return node.range?.[1] ?? 0
  return isMap(node) ? endOfPair(last as Pair) : endOf(last as Node)
}

export function endOfPair(pair: Pair): number {
  const value = pair.value as Node | null
  const key = endOf(pair.key as Node)
  // An absent value has no place of its own; a colon follows the key.
  return value === null || isAbsent(value) ? key + 1 : endOf(value)
}

export function isAbsent(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === ''
}

export function keyText(pair: Pair): string {
  const key = pair.key
  if (!isScalar(key)) return ''
  return typeof key.value === 'string' ? key.value : (key.source ?? '')
}
