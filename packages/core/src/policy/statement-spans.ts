/** Where the statements of a document's text stand, so that some can be changed and the others keep their bytes. */
export interface StatementSpans {
  /** Each statement, in order: the text between `start` and `end`. */
  readonly statements: readonly Span[]
  /** The value of `Statement`: a list with its brackets, or one statement alone. */
  readonly value: Span
  readonly isList: boolean
}

export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Finds the statements in the text of a policy document. Undefined for text that is no JSON object with exactly
 * one `Statement`, a list of objects or one object: two members of that name would leave open which one AWS reads.
 */
export function findStatements(text: string): StatementSpans | undefined {
  if (!isJson(text)) return undefined
  const open = skipSpace(text, 0)
  if (text[open] !== '{') return undefined
  const found = membersOf(text, open).filter(({ name }) => name === 'Statement')
  const value = found.length === 1 ? found[0]?.value : undefined
  if (value === undefined) return undefined
  if (text[value.start] === '{') return { statements: [value], value, isList: false }
  if (text[value.start] !== '[') return undefined
  const statements = itemsOf(text, value.start)
  return statements.every(({ start }) => text[start] === '{')
    ? { statements, value, isList: true }
    : undefined
}

/** Everything below walks text that is known to be JSON: only strings and nesting need care. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function membersOf(text: string, open: number): readonly { readonly name: unknown; readonly value: Span }[] {
  const members: { name: unknown; value: Span }[] = []
  let at = skipSpace(text, open + 1)
  while (text[at] !== '}') {
    const end = endOfValue(text, at)
    const value = skipSpace(text, skipSpace(text, end) + 1)
    const valueEnd = endOfValue(text, value)
    members.push({ name: JSON.parse(text.slice(at, end)), value: { start: value, end: valueEnd } })
    at = afterComma(text, valueEnd)
  }
  return members
}

function itemsOf(text: string, open: number): readonly Span[] {
  const items: Span[] = []
  let at = skipSpace(text, open + 1)
  while (text[at] !== ']') {
    const end = endOfValue(text, at)
    items.push({ start: at, end })
    at = afterComma(text, end)
  }
  return items
}

function afterComma(text: string, end: number): number {
  const at = skipSpace(text, end)
  return text[at] === ',' ? skipSpace(text, at + 1) : at
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start)
  if (text[start] !== '{' && text[start] !== '[') {
    let at = start
    while (at < text.length && !/[\s,\]}]/u.test(text[at] ?? '')) at += 1
    return at
  }
  let depth = 0
  let at = start
  do {
    const sign = text[at]
    if (sign === '"') {
      at = endOfString(text, at)
      continue
    }
    if (sign === '{' || sign === '[') depth += 1
    if (sign === '}' || sign === ']') depth -= 1
    at += 1
  } while (depth > 0)
  return at
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function skipSpace(text: string, start: number): number {
  let at = start
  while (/^[\t\n\r ]$/u.test(text[at] ?? '')) at += 1
  return at
}
