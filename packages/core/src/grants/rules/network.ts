import { showText, type TextRule } from '../complaint.ts'

/** An IPv4 or IPv6 CIDR block, or one address. */
export const cidrBlock: TextRule = {
  complain(text) {
    const [address = '', size, more] = text.split('/')
    const bits = address.includes(':') ? 128 : 32
    const isAddress = bits === 128 ? isIpv6(address) : isIpv4(address)
    if (isAddress && more === undefined && (size === undefined || isSize(size, bits))) return undefined
    return {
      what: `${showText(text)} is not an address block.`,
      why: isAddress
        ? `Behind the slash stands the number of fixed bits, 0 to ${bits}.`
        : 'Conditions on addresses take IPv4 or IPv6 addresses and CIDR blocks.',
      fix: bits === 128 ? 'Write it like 2001:db8::/32.' : 'Write it like 203.0.113.0/24.',
    }
  },
  keywords: {
    title: 'Address block',
    description: 'An IPv4 or IPv6 CIDR block, or one address.',
    pattern: '^[0-9a-fA-F:.]+(/[0-9]{1,3})?$',
    examples: ['203.0.113.0/24', '2001:db8::/32'],
  },
}

export const vpcEndpointId = idRule('vpce', 'a VPC endpoint id', 'VPC endpoint')
export const vpcId = idRule('vpc', 'a VPC id', 'VPC')

/** A single address as the block of that size; blocks as they are. */
export function normalizeCidr(text: string): string {
  return text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`
}

function idRule(prefix: string, noun: string, title: string): TextRule {
  const pattern = new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`)
  return {
    complain(text) {
      if (pattern.test(text)) return undefined
      return {
        what: `${showText(text)} is not ${noun}.`,
        why: `It is ${prefix}- and 8 or 17 characters of 0 to 9 and a to f.`,
        fix: `Write it like ${prefix}-0a1b2c3d4e5f67890.`,
      }
    },
    keywords: { title, pattern: pattern.source, examples: [`${prefix}-0a1b2c3d4e5f67890`] },
  }
}

function isSize(size: string, bits: number): boolean {
  return /^(0|[1-9]\d{0,2})$/.test(size) && Number(size) <= bits
}

function isIpv4(address: string): boolean {
  const parts = address.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
}

function isIpv6(address: string): boolean {
  const halves = address.split('::')
  if (halves.length > 2 || address.length > 45) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  return halves.length === 2 ? groups.length < 8 : groups.length === 8
}
