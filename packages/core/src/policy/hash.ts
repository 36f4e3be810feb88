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
  writeCanonical(value, (piece) => {
    pending += piece
    if (pending.length < pieceSize) return
    hash.update(utf8ToBytes(pending))
    pending = ''
  })
  return bytesToHex(hash.update(utf8ToBytes(pending)).digest()).slice(0, digits)
}

const pieceSize = 1 << 16

/** JSON with sorted member names at every level, so that equal values have equal text. Members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  let text = ''
  writeCanonical(value, (piece) => {
    text += piece
  })
  return text
}

function writeCanonical(value: unknown, write: (piece: string) => void): void {
  if (Array.isArray(value)) {
    write('[')
    value.forEach((item, index) => {
      if (index > 0) write(',')
      writeCanonical(item, write)
    })
    write(']')
  } else if (typeof value === 'object' && value !== null) {
    const members = value as Readonly<Record<string, unknown>>
    let before = '{'
    for (const name of Object.keys(members).sort()) {
      if (members[name] === undefined) continue
      write(`${before}${JSON.stringify(name)}:`)
      writeCanonical(members[name], write)
      before = ','
    }
    write(before === '{' ? '{}' : '}')
  } else write(JSON.stringify(value) ?? 'null')
}
