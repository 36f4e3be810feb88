import { findFunctions } from '../catalog/find-functions.ts'
import { genaiFlavors, trainingFlavors } from '../catalog/flavors.ts'
import { resultOf } from './call-results.ts'
import { followBinding } from './follow-bindings.ts'
import { memberOf } from './python-members.ts'
import { childrenOf, type PythonModule, type Scope, type Site, textOf } from './python-module.ts'
import { textValue } from './python-text.ts'
import { join, type Resolver, unknown, type Value } from './python-value.ts'

/** Nesting after which code counts as too tangled to follow. */
const deepest = 250

/** Makes a resolver for a module. Its work is bounded, whatever the code looks like. */
export function createResolver(module: PythonModule): Resolver {
  const known = new Map<object, readonly Value[]>()
  /** Keys that are being worked out: their place in line, and what was found for them so far. */
  const open = new Map<object, { readonly place: number; values: readonly Value[] }>()
  /** The first place in line that the work since came back to. */
  let cameBackTo = Number.POSITIVE_INFINITY
  let depth = 0
  let steps = 0
  let isTangled = false
  // Long code may take long; code that is more tangled than long may not.
  const mostSteps = 400_000 + 40 * (module.calls.length + module.passed.length)

  const resolver: Resolver = { module, valuesOf, follow, isExhausted: () => isTangled }
  return resolver

  function valuesOf(site: Site): readonly Value[] {
    steps += 1
    if (steps > mostSteps || depth > deepest) {
      isTangled = true
      return unknown
    }
    depth += 1
    try {
      return evaluate(site)
    } finally {
      depth -= 1
    }
  }

  function follow(key: object, work: () => readonly Value[]): readonly Value[] {
    const found = known.get(key)
    if (found) return found
    const running = open.get(key)
    if (running) {
      cameBackTo = Math.min(cameBackTo, running.place)
      return running.values
    }
    const entry = { place: open.size, values: [] as readonly Value[] }
    const before = cameBackTo
    cameBackTo = Number.POSITIVE_INFINITY
    open.set(key, entry)
    // What comes back to itself is worked out again with what is known of it by then.
    for (let round = 0; round < 4; round++) {
      const values = work()
      const isStable = cameBackTo !== entry.place || values.length === entry.values.length
      entry.values = values
      if (isStable) break
    }
    open.delete(key)
    // Values that lean on an unfinished key may still grow with it.
    if (cameBackTo >= entry.place) known.set(key, entry.values)
    cameBackTo = Math.min(before, cameBackTo < entry.place ? cameBackTo : Number.POSITIVE_INFINITY)
    return entry.values
  }

  function evaluate(site: Site): readonly Value[] {
    const { node } = site
    switch (node.name) {
      case 'VariableName':
        return valuesOfName(textOf(site), site.scope)
      case 'MemberExpression':
        return memberOf(site, resolver)
      case 'CallExpression':
        return resultOf(site, resolver)
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
      case 'NamedExpression': {
        const inner = childrenOf(node).filter((child) => child.name !== ')')
        return valuesOf({ ...site, node: inner.at(-1) ?? node })
      }
      case 'ConditionalExpression':
      case 'BinaryExpression':
        return textValue(site, resolver) ?? alternatives(site)
      case 'Boolean':
        return [{ kind: 'constant', value: textOf(site) === 'True' }]
      case 'None':
        return [{ kind: 'constant', value: null }]
      default:
        return textValue(site, resolver) ?? unknown
    }
  }

  /** `a if c else b`, `a or b`: each branch. */
  function alternatives(site: Site): readonly Value[] {
    const children = childrenOf(site.node)
    const isChoice = site.node.name === 'ConditionalExpression'
    if (!isChoice && children[1]?.name !== 'or' && children[1]?.name !== 'and') return unknown
    const branches = [children[0], children[isChoice ? 4 : 2]]
    return join(branches.flatMap((node) => (node ? [valuesOf({ ...site, node })] : [])))
  }

  function valuesOfName(name: string, scope: Scope): readonly Value[] {
    for (let holder: Scope | undefined = scope; holder; holder = holder.parent) {
      // Functions do not see the names of the class around them.
      if (holder.kind === 'class' && holder !== scope) continue
      const bindings = holder.names.get(name)
      if (!bindings || (scope.outer.has(name) && holder.parent)) continue
      return follow(bindings, () => join(bindings.map((binding) => followBinding(binding, resolver))))
    }
    const star = module.stars.find((path) => path === 'mlflow' || path.startsWith('mlflow.'))
    if (star === undefined || !isExported(name, star)) return unknown
    return [{ kind: 'mlflow', path: `${star}.${name}` }, { kind: 'unknown' }]
  }
}

/** Whether `from <module> import *` brings a name that matters here. */
function isExported(name: string, module: string): boolean {
  return (
    name === 'MlflowClient' ||
    trainingFlavors.has(name) ||
    genaiFlavors.has(name) ||
    findFunctions(`${module}.${name}`).length > 0
  )
}
