interface Address {
  readonly value: bigint
  readonly bits: 32 | 128
}

export interface IpRange {
  contains(address: string): boolean
  /** Its first address, as text. */
  readonly first: string
}

/** Reads `203.0.113.0/24`, `2001:db8::/32`, or one address; undefined for text that is neither. */
export function parseIpRange(text: string): IpRange | undefined {
  const [addressText, lengthText, more] = text.split('/')
  const address = addressText === undefined || more !== undefined ? undefined : parseAddress(addressText)
  if (!address || addressText === undefined) return undefined
  const length = lengthText === undefined ? address.bits : readNumber(lengthText, address.bits)
  if (length === undefined) return undefined
  const shift = BigInt(address.bits - length)
  const network = address.value >> shift
  return {
    first: addressText,
    contains(other) {
      const candidate = parseAddress(other)
      return (
        candidate !== undefined && candidate.bits === address.bits && candidate.value >> shift === network
      )
    },
  }
}

function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text)
}

function parseV4(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0n
  for (const part of parts) {
    const number = readNumber(part, 255)
    if (number === undefined) return undefined
    value = (value << 8n) | BigInt(number)
  }
  return { value, bits: 32 }
}

function parseV6(text: string): Address | undefined {
  const halves = text.split('::')
  if (halves.length > 2 || text.length > 45) return undefined
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const [head = [], tail = []] = groups.map(withLastAsV4)
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  let value = 0n
  for (const group of [...head, ...Array.from({ length: missing }, () => '0'), ...tail]) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
    value = (value << 16n) | BigInt(Number.parseInt(group, 16))
  }
  return { value, bits: 128 }
}

/** `::ffff:192.0.2.1`: the last 32 bits may be written as IPv4. */
function withLastAsV4(groups: readonly string[]): readonly string[] {
  const last = groups.at(-1)
  const v4 = last?.includes('.') ? parseV4(last) : undefined
  if (!v4) return groups
  return [...groups.slice(0, -1), (v4.value >> 16n).toString(16), (v4.value & 0xffffn).toString(16)]
}

function readNumber(text: string, highest: number): number | undefined {
  if (!/^\d{1,3}$/.test(text)) return undefined
  const number = Number(text)
  return number <= highest ? number : undefined
}
