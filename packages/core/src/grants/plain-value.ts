import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { type Complaint, showText } from './complaint.ts'
import type { LineIndex, PlacedComplaint } from './positions.ts'

/** YAML data as plain JavaScript, with the place of everything in it. */
export interface PlainValue {
  readonly value: unknown
  /** Offset of the value at the end of a path, or of its nearest ancestor that exists. */
  find(path: readonly (string | number)[]): FoundPlace
}

export interface FoundPlace {
  /** False where only an ancestor exists. */
  readonly exact: boolean
  /** Where the key stands; the same as `value` for list items. */
  readonly key: number
  readonly value: number
  /** How a scalar is written in the text: `012345678901` for a number that lost its zero. */
  readonly source: string | undefined
}

/** Aliases are fine in moderation; these bound what a small file can blow up to. */
export const mostAliases = 200
const mostExpandedNodes = 20_000

const specialKeys = new Set(['__proto__', 'constructor', 'prototype'])
const coreTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
)

type Place = Omit<FoundPlace, 'exact'>

/** Converts a parsed document, complaining about repeated and special keys, tags, and aliases that explode. */
export function toPlain(
  document: Document,
  lines: LineIndex,
): { plain: PlainValue | undefined; complaints: readonly PlacedComplaint[] } {
  const walk = new Walk(lines)
  const root = document.contents
  const value = root ? walk.convert(root, '') : null
  const rootOffset = root?.range?.[0] ?? 0
  const find = (path: readonly (string | number)[]): FoundPlace => {
    let place: Place = { key: rootOffset, value: rootOffset, source: undefined }
    let current: unknown = value
    for (const segment of path) {
      const next = walk.placesOf(current)?.get(segment)
      if (next === undefined) return { ...place, exact: false }
      place = next
      current = (current as Record<string | number, unknown>)[segment]
    }
    return { ...place, exact: true }
  }
  return { plain: walk.exploded ? undefined : { value, find }, complaints: walk.complaints }
}

class Walk {
  readonly complaints: PlacedComplaint[] = []
  private readonly places = new WeakMap<object, Map<string | number, Place>>()
  private readonly anchors = new Map<string, Node>()
  /** Nodes being converted, to see an anchor that holds itself. */
  private readonly open = new Set<Node>()
  private aliases = 0
  private expanded = 0
  private insideAlias = 0
  /** Set when the aliases were too many to write out: what was converted is not what the file says. */
  exploded = false
  private readonly lines: LineIndex

  constructor(lines: LineIndex) {
    this.lines = lines
  }

  placesOf(value: unknown): Map<string | number, Place> | undefined {
    return typeof value === 'object' && value !== null ? this.places.get(value) : undefined
  }

  convert(node: Node, path: string): unknown {
    if (this.insideAlias > 0 && ++this.expanded > mostExpandedNodes) return this.explode(node, path)
    if (isAlias(node)) return this.expand(node, path)
    if (this.insideAlias === 0) this.checkTag(node, path)
    if (node.anchor && this.insideAlias === 0) this.anchors.set(node.anchor, node)
    if (isScalar(node)) return this.convertScalar(node.value, node, path)
    this.open.add(node)
    const value = isMap(node)
      ? this.convertMap(node.items, path)
      : isSeq(node)
        ? this.convertSeq(node.items, path)
        : null
    this.open.delete(node)
    return value
  }

  private convertScalar(value: unknown, node: Node, path: string): unknown {
    const control =
      typeof value === 'string' ? value.match(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/)?.[0] : undefined
    if (control !== undefined && this.insideAlias === 0) {
      this.complain(node, path, {
        what: `${showText(String(value))} holds a control character.`,
        why: 'No name or value in IAM can hold control characters, escaped or not.',
        fix: 'Delete it.',
      })
    }
    return value
  }

  private convertMap(items: readonly Pair[], path: string): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    const places = new Map<string | number, Place>()
    for (const item of items) {
      const key = item.key as Node | null
      const name = this.keyText(key, path)
      if (name === undefined || !this.acceptKey(name, key, places.get(name), path)) continue
      const child = item.value as Node | null
      places.set(name, { ...placeOf(child, key), key: key?.range?.[0] ?? 0 })
      result[name] = child === null ? null : this.convert(child, join(path, name))
    }
    this.places.set(result, places)
    return result
  }

  private convertSeq(items: readonly unknown[], path: string): unknown[] {
    const places = new Map<string | number, Place>()
    const result: unknown[] = []
    items.forEach((item, index) => {
      // A flow list may hold `key: value` pairs; as a value each is a mapping of one key.
      const node = item as Node | Pair
      if ('key' in node && 'value' in node && !('range' in node)) {
        result.push(this.convertMap([node as Pair], join(path, index)))
        places.set(index, placeOf(node.key as Node | null, null))
        return
      }
      places.set(index, placeOf(node as Node, null))
      result.push(this.convert(node as Node, join(path, index)))
    })
    this.places.set(result, places)
    return result
  }

  private keyText(key: Node | null, path: string): string | undefined {
    if (key !== null && isAlias(key)) {
      const target = this.anchors.get(key.source)
      if (target !== undefined && isScalar(target)) return String(target.value)
    }
    if (key === null || isScalar(key)) {
      const value = key?.value ?? null
      // `2024: {}` names a server by the text of the key, whatever type YAML gives it.
      return typeof value === 'string' ? value : (key?.source ?? '')
    }
    this.complain(key, path, {
      what: 'A key here is a list or a mapping.',
      why: 'Keys of a grants file are names.',
      fix: 'Write a name before the colon, or put the text in quotes.',
    })
    return undefined
  }

  private acceptKey(name: string, key: Node | null, earlier: Place | undefined, path: string): boolean {
    if (specialKeys.has(name)) {
      this.complain(key, join(path, name), {
        what: `The key ${showText(name)} is refused.`,
        why: 'It means something to JavaScript and nothing to a grants file.',
        fix: 'Delete it, or choose another name.',
      })
      return false
    }
    if (earlier === undefined) return true
    const first = this.lines.at(earlier.key)
    this.complain(key, join(path, name), {
      what: `The key ${showText(name)} stands here twice.`,
      why: `It stands first at line ${first.line}, column ${first.column}, and only one of the two could count.`,
      fix: 'Keep one of them.',
    })
    return false
  }

  private expand(node: Node & { readonly source: string }, path: string): unknown {
    const target = this.anchors.get(node.source)
    this.aliases += 1
    if (target === undefined || this.open.has(target)) {
      const selfish = target !== undefined
      this.complain(node, path, {
        what: `The alias ${showText(`*${node.source}`)} ${selfish ? 'stands inside what it names' : 'names nothing'}.`,
        why: selfish ? 'Written out, the file would never end.' : 'No anchor of that name stands before it.',
        fix: 'Write the value out here.',
      })
      return null
    }
    if (this.aliases > mostAliases) return this.explode(node, path)
    this.insideAlias += 1
    const value = this.convert(target, path)
    this.insideAlias -= 1
    return value
  }

  private explode(node: Node, path: string): null {
    if (!this.exploded) {
      this.complain(node, path, {
        what: 'The file uses too many aliases.',
        why: `At most ${mostAliases} aliases, of ${mostExpandedNodes} values altogether, are written out.`,
        fix: 'Write the values out, or use several grants.',
      })
    }
    this.exploded = true
    return null
  }

  private checkTag(node: Node & { readonly tag?: string | undefined }, path: string): void {
    if (node.tag === undefined || coreTags.has(node.tag)) return
    this.complain(node, path, {
      what: `The tag ${showText(node.tag)} is refused.`,
      why: 'A grants file holds plain text, numbers, lists and mappings.',
      fix: 'Delete the tag.',
    })
  }

  private complain(node: Node | null, path: string, complaint: Complaint): void {
    this.complaints.push({ path, offset: node?.range?.[0] ?? 0, ...complaint })
  }
}

function placeOf(node: Node | null, key: Node | null): Place {
  const source = node !== null && isScalar(node) ? node.source : undefined
  const keyOffset = key?.range?.[0]
  // An absent value has a range somewhere behind its key: the key is the better place to look at.
  const empty = node === null || (isScalar(node) && node.value === null && (source ?? '') === '')
  const value = empty ? (keyOffset ?? node?.range?.[0] ?? 0) : (node.range?.[0] ?? keyOffset ?? 0)
  return { key: keyOffset ?? value, value, source }
}

function join(path: string, segment: string | number): string {
  return path === '' ? String(segment) : `${path}.${segment}`
}
