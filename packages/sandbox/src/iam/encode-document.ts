const encoded = new Map<string, string>()
const mostKept = 20_000

/** A document as IAM returns it: percent-encoded by RFC 3986. Roles share trust policies, so texts are kept. */
export function encodeDocument(document: string): string {
  const known = encoded.get(document)
  if (known !== undefined) return known
  const text = encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  if (encoded.size >= mostKept) encoded.clear()
  encoded.set(document, text)
  return text
}
