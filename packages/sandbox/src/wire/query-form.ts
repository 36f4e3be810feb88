import { Refusal } from './refusal.ts'

type Node = Map<string, Node | string>
const deepest = 10
const longestList = 10_000

/**
 * Turns the flat names of the AWS query protocol (`Tags.member.1.Key=team`) into nested values.
 * Every scalar stays text: rules know which ones are numbers. Objects have no prototype, so no name is special.
 */
export function readQueryForm(pairs: Iterable<readonly [string, string]>): object {
  const root: Node = new Map()
  for (const [name, value] of pairs) place(root, name.split('.'), value)
  return toValue(root) as object
}

function place(root: Node, steps: readonly string[], value: string): void {
  if (steps.length > deepest) throw malformed()
  let node = root
  for (const step of steps.slice(0, -1)) {
    const next = node.get(step)
    if (typeof next === 'string') throw malformed()
    const child: Node = next ?? new Map()
    node.set(step, child)
    node = child
  }
  const last = steps.at(-1) ?? ''
  if (node.has(last)) throw malformed()
  node.set(last, value)
}

function toValue(node: Node | string): unknown {
  if (typeof node === 'string') return node
  const member = node.get('member')
  if (node.size === 1 && member !== undefined && typeof member !== 'string') return toList(member)
  const object: Record<string, unknown> = Object.create(null)
  for (const [name, value] of node) object[name] = toValue(value)
  return object
}

function toList(node: Node): unknown[] {
  const numbered = [...node].map(([index, value]) => {
    if (!/^[1-9]\d{0,5}$/.test(index)) throw malformed()
    return [Number(index), value] as const
  })
  if (numbered.length > longestList) throw malformed()
  return numbered.sort(([a], [b]) => a - b).map(([, value]) => toValue(value))
}

function malformed(): Refusal {
  return new Refusal('MalformedQueryString', 'The query string is malformed.', 400)
}
