const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** An answer as the AWS query protocol writes it: lists as `member`, maps as `entry`, times as ISO 8601. */
export function renderXml(name: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  return `<${name}>${inner(value)}</${name}>`
}

/** Text as it may stand between two tags. Line ends and control characters survive as references. */
export function escapeXml(value: string): string {
  if (!/[&<>"\u0000-\u0008\u000b-\u001f]/.test(value)) return value
  return value.replace(/[&<>"\u0000-\u0008\u000b-\u001f]/g, (character) => {
    return escapes[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`
  })
}

function inner(value: unknown): string {
  if (typeof value === 'string') return escapeXml(value)
  if (value instanceof Date) return value.toISOString().replace(/\.\d{3}Z$/, 'Z')
  if (Array.isArray(value)) {
    let members = ''
    for (const item of value) members += renderXml('member', item)
    return members
  }
  if (value instanceof Map) {
    let entries = ''
    for (const [key, item] of value) {
      entries += `<entry>${renderXml('key', key)}${renderXml('value', item)}</entry>`
    }
    return entries
  }
  if (typeof value === 'object' && value !== null) {
    let members = ''
    for (const [name, item] of Object.entries(value)) members += renderXml(name, item)
    return members
  }
  return String(value)
}
