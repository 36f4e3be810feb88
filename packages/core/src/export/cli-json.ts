/**
 * A document as the AWS CLI's `to_string()` prints it: JSON without white space, in the order in which AWS keeps
 * it, everything beyond ASCII as `\u` escapes. Text that is not JSON comes back as it is.
 */
export function cliJson(text: string): string {
  const value = parse(text)
  if (value === undefined) return text
  return JSON.stringify(value).replace(/[^\0-\x7f]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Whether a script can derive that form itself: two-space JSON of printable ASCII, as this project writes it. */
export function isPlainJson(text: string): boolean {
  const value = parse(text)
  return value !== undefined && /^[\n\x20-\x7e]*$/.test(text) && JSON.stringify(value, null, 2) === text
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
