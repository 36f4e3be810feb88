import { childrenOf, type Site, splitAt, textOf } from './python-module.ts'

/** What a call is given. `open` where `*args` or `**kwargs` may add more. */
export interface CallArguments {
  readonly positional: readonly Site[]
  readonly keywords: ReadonlyMap<string, Site>
  readonly open: boolean
}

/** The arguments of a call or of a decorator with arguments. */
export function argumentsOf(call: Site): CallArguments {
  const list = call.node.getChild('ArgList')
  const positional: Site[] = []
  const keywords = new Map<string, Site>()
  let open = false
  for (const group of splitAt(list ? childrenOf(list).slice(1) : [], ',')) {
    const [first, second, third] = group
    if (!first || first.name === ')') continue
    if (first.name === '*' || first.name === '**') open = true
    else if (second?.name === 'AssignOp') {
      if (third) keywords.set(textOf(call, first), { ...call, node: third })
    } else positional.push({ ...call, node: first })
  }
  return { positional, keywords, open }
}
