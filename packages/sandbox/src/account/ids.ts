import { createHash } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An id as IAM invents them (`AROA` and 17 characters), the same one for the same seed. */
export function entityId(prefix: 'AIDA' | 'AGPA' | 'AROA' | 'ANPA', seed: string): string {
  const digest = createHash('sha256').update(`${prefix}/${seed}`).digest()
  return prefix + Array.from(digest.subarray(0, 17), (byte) => letters.charAt(byte % 32)).join('')
}

/** `length` lower-case hex digits, the same ones for the same seed. */
export function hexId(length: number, seed: string): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, length)
}

/** A request id in the shape of a UUID, the same one for the same seed. */
export function uuidOf(seed: string): string {
  const hex = hexId(32, seed)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-')
}
