import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** The first `digits` hex digits of SHA-256 over the text as UTF-8. */
export function hexHash(text: string, digits: number): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, digits)
}

/** `hexHash(canonicalJson(value), digits)` in small pieces: the text of a large plan never exists as a whole. */
export function canonicalHash(value: unknown, digits: number): string {
  const hash = sha256.create()
  let pending = ''
  writeCanonical(value, listDepth, (piece) => {
    pending += piece
    if (pending.length < pieceSize) return
    hash.update(utf8ToBytes(pending))
    pending = ''
  })
  return bytesToHex(hash.update(utf8ToBytes(pending)).digest()).slice(0, digits)
}

const pieceSize = 1 << 16
/** A plan's long lists are its members, or members of its target: what they hold is small and written at once. */
const listDepth = 4

/** JSON with sorted member names at every level, so that equal values have equal text. Members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  let text = ''
  if (Array.isArray(value)) {
    // The lists of actions and resources are most of every plan, and one call is cheaper than one for each of them.
    if (value.every(isText)) return JSON.stringify(value)
    for (const item of value) text += text === '' ? `[${canonicalJson(item)}` : `,${canonicalJson(item)}`
    return text === '' ? '[]' : `${text}]`
  }
  const members = value as Readonly<Record<string, unknown>>
  for (const name of Object.keys(members).sort()) {
    const member = members[name]
    if (member !== undefined)
      text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${canonicalJson(member)}`
  }
  return text === '' ? '{}' : `${text}}`
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

/** The same text; down to this depth it is handed over piece by piece. */
function writeCanonical(value: unknown, depth: number, write: (piece: string) => void): void {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    write(canonicalJson(value))
    return
  }
  const isList = Array.isArray(value)
  const members = value as Readonly<Record<string, unknown>>
  const names = isList ? undefined : Object.keys(members).sort()
  let before = isList ? '[' : '{'
  const add = (name: string, member: unknown) => {
    write(`${before}${name}`)
    writeCanonical(member, depth - 1, write)
    before = ','
  }
  if (names === undefined) for (const item of value as readonly unknown[]) add('', item)
  else {
    for (const name of names) {
      if (members[name] !== undefined) add(`${JSON.stringify(name)}:`, members[name])
    }
  }
  write(before === ',' ? (isList ? ']' : '}') : isList ? '[]' : '{}')
}
