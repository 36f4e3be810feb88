import {
  type Block,
  escapeTemplate,
  type HclObject,
  type HclValue,
  isAttribute,
  isHeredoc,
  isReference,
} from './hcl.ts'

/** Blocks as Terraform's JSON syntax. */
export function printTerraformJson(blocks: readonly Block[]): string {
  const root: Record<string, unknown> = {}
  for (const block of blocks) place(root, [block.type, ...block.labels], jsonBody(block.body))
  return `${JSON.stringify(root, null, 2)}\n`
}

/** Nests by type and labels; blocks of one place become a list. */
function place(node: Record<string, unknown>, [name = '', ...rest]: readonly string[], body: unknown): void {
  if (rest.length > 0) {
    node[name] ??= {}
    place(node[name] as Record<string, unknown>, rest, body)
    return
  }
  const before = node[name]
  node[name] = before === undefined ? body : [...(Array.isArray(before) ? before : [before]), body]
}

function jsonBody(body: Block['body']): Record<string, unknown> {
  const node: Record<string, unknown> = {}
  for (const item of body) {
    if (isAttribute(item)) node[item[0]] = jsonValue(item[1])
    else place(node, [item.type, ...item.labels], jsonBody(item.body))
  }
  return node
}

function jsonValue(value: HclValue): unknown {
  if (typeof value === 'string') return escapeTemplate(value)
  if (typeof value !== 'object') return value
  if (isReference(value)) return `\${${value.$reference}}`
  if (isHeredoc(value)) return escapeTemplate(value.$heredoc)
  if (Array.isArray(value)) return value.map(jsonValue)
  return Object.fromEntries(
    Object.entries(value as HclObject).map(([name, member]) => [
      name,
      member === undefined ? null : jsonValue(member),
    ]),
  )
}
