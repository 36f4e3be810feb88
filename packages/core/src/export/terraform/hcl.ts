/** Terraform configuration as data: what `.tf.json` prints, and HCL prints for people. */
export type HclValue = string | number | boolean | Reference | Heredoc | readonly HclValue[] | HclObject
export interface HclObject {
  readonly [name: string]: HclValue | undefined
}
/** An expression that is not text: `aws_iam_policy.viewer.arn`. */
export interface Reference {
  readonly $reference: string
}
/** Text of many lines, kept as it is. */
export interface Heredoc {
  readonly $heredoc: string
}

export interface Block {
  readonly type: string
  readonly labels: readonly string[]
  readonly comment?: string
  readonly body: readonly (readonly [name: string, value: HclValue] | Block)[]
}

/** Blocks as HCL, laid out as `terraform fmt` lays them out. */
export function printHcl(blocks: readonly Block[]): string {
  return blocks.map((block) => `${printBlock(block, '')}\n`).join('\n')
}

function printBlock({ type, labels, comment, body }: Block, indent: string): string {
  const head = [type, ...labels.map((label) => quote(label))].join(' ')
  const lines = comment === undefined ? [] : [`${indent}# ${comment}`]
  if (body.length === 0) return [...lines, `${indent}${head} {}`].join('\n')
  const inner = `${indent}  `
  return [...lines, `${indent}${head} {`, ...printBody(body, inner), `${indent}}`].join('\n')
}

function printBody(body: Block['body'], indent: string): readonly string[] {
  const lines: string[] = []
  for (const run of runsOf(body)) {
    if (lines.length > 0) lines.push('')
    lines.push(...run(indent))
  }
  return lines
}

/** Neighbouring one-line attributes form a run whose equals signs stand under each other. */
function runsOf(body: Block['body']): readonly ((indent: string) => readonly string[])[] {
  const runs: ((indent: string) => readonly string[])[] = []
  let simple: (readonly [string, HclValue])[] = []
  const close = () => {
    const entries = simple
    simple = []
    if (entries.length > 0) runs.push((indent) => printAttributes(entries, indent))
  }
  for (const item of body) {
    if (!isAttribute(item)) {
      close()
      runs.push((indent) => [printBlock(item, indent)])
    } else if (isLong(item[1])) {
      close()
      runs.push((indent) => printAttributes([item], indent))
    } else {
      simple.push(item)
    }
  }
  close()
  return runs
}

function printAttributes(
  entries: readonly (readonly [string, HclValue])[],
  indent: string,
): readonly string[] {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${indent}${name.padEnd(width)} = ${printValue(value, indent)}`)
}

/** Whether an item is an attribute, not a block. */
export function isAttribute(item: readonly [string, HclValue] | Block): item is readonly [string, HclValue] {
  return Array.isArray(item)
}

function isLong(value: HclValue): boolean {
  return typeof value === 'object' && !isReference(value)
}

function printValue(value: HclValue, indent: string): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object') return String(value)
  if (isReference(value)) return value.$reference
  if (isHeredoc(value)) return printHeredoc(value.$heredoc)
  if (Array.isArray(value)) return `[${value.map((item) => printValue(item, indent)).join(', ')}]`
  const entries = Object.entries(value as HclObject).filter(([, member]) => member !== undefined)
  if (entries.length === 0) return '{}'
  const bare = entries.every(([name]) => /^[A-Za-z_][\w-]*$/.test(name))
  const named = entries.map(([name, member]) => [bare ? name : quote(name), member] as const)
  const lines = printAttributes(named as readonly (readonly [string, HclValue])[], `${indent}  `)
  return `{\n${lines.join('\n')}\n${indent}}`
}

/** The text byte for byte, but for the two marks that start a template. The end word is one that no line is. */
function printHeredoc(text: string): string {
  const lines = new Set(text.split('\n').map((line) => line.trim()))
  let end = 'JSON'
  while (lines.has(end)) end += '_'
  return `<<${end}\n${escapeTemplate(text)}\n${end}`
}

/** A quoted string. HCL knows `\n`, `\r`, `\t`, `\"`, `\\` and `\uNNNN`; `$${` and `%%{` stand for themselves. */
function quote(text: string): string {
  const escaped = text.replace(/["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const short = shortEscapes[character]
    if (short !== undefined) return short
    const point = character.codePointAt(0) ?? 0
    return point > 0xffff
      ? `\\U${point.toString(16).padStart(8, '0')}`
      : `\\u${point.toString(16).padStart(4, '0')}`
  })
  return `"${escapeTemplate(escaped)}"`
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** `${` and `%{` start a template; doubled, they are text. */
export function escapeTemplate(text: string): string {
  return text.replace(/[$%]\{/g, (start) => `${start.charAt(0)}${start}`)
}

/** Whether a value is an expression. */
export function isReference(value: HclValue): value is Reference {
  return typeof value === 'object' && '$reference' in value
}

/** Whether a value is text of many lines. */
export function isHeredoc(value: HclValue): value is Heredoc {
  return typeof value === 'object' && '$heredoc' in value
}
