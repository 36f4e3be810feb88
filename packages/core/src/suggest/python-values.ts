import type { SyntaxNode } from '@lezer/common'
import { findFunctions } from '../catalog/find-functions.ts'
import { genaiFlavors, trainingFlavors } from '../catalog/flavors.ts'
import { followBinding } from './follow-bindings.ts'
import {
  childrenOf,
  type Definition,
  type PythonModule,
  type Scope,
  type Site,
  textOf,
} from './python-module.ts'
import { textValue } from './python-text.ts'

/** What an expression can be, as far as MLflow is concerned. */
export type Value =
  /** A module, function or class of MLflow: `mlflow.sklearn`, `MlflowClient.log_metric`. */
  | { readonly kind: 'mlflow'; readonly path: string }
  /** An instance of MlflowClient. */
  | { readonly kind: 'client' }
  /** Something of another module, by its dotted path. */
  | { readonly kind: 'foreign'; readonly path: string }
  | { readonly kind: 'definition'; readonly definition: Definition }
  /** An instance of a class of this module. */
  | { readonly kind: 'instance' }
  /** Text, with NUL where a part is not known. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'constant'; readonly value: boolean | null }
  /** The `model_uri` of what `log_model` gives back. */
  | { readonly kind: 'model-uri' }
  | { readonly kind: 'unknown' }

/** Follows names, attributes, local functions and parameters to what they can be. All possibilities count. */
export interface Resolver {
  readonly module: PythonModule
  valuesOf(site: Site): readonly Value[]
  /** True once following was cut short because the code is too tangled. */
  readonly isExhausted: () => boolean
}

export const unknown: readonly Value[] = [{ kind: 'unknown' }]
const client: readonly Value[] = [{ kind: 'client' }]

/** The path under which MLflow's client class is known here, whatever module it was imported through. */
export function isClientClass(path: string): boolean {
  return path === 'MlflowClient' || (path.startsWith('mlflow.') && path.endsWith('.MlflowClient'))
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

/** Makes a resolver for a module. Its work is bounded, whatever the code looks like. */
export function createResolver(module: PythonModule): Resolver {
  const known = new Map<object, readonly Value[]>()
  const following = new Set<object>()
  let depth = 0
  let steps = 0
  let isCut = false
  let isTangled = false
  const budget = 400_000

  const resolver: Resolver = { module, valuesOf, isExhausted: () => isTangled }
  return resolver

  function valuesOf(site: Site): readonly Value[] {
    steps += 1
    if (steps > budget || depth > 250) {
      isCut = true
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

  function evaluate(site: Site): readonly Value[] {
    const { node } = site
    switch (node.name) {
      case 'VariableName':
        return valuesOfName(textOf(site), site.scope)
      case 'MemberExpression':
        return memberOf(site)
      case 'CallExpression':
        return resultOf(site)
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
    if (site.node.name === 'ConditionalExpression') {
      return join([children[0], children[4]].flatMap((node) => (node ? [valuesOf({ ...site, node })] : [])))
    }
    const operator = children[1]?.name
    if (operator !== 'or' && operator !== 'and') return unknown
    return join([children[0], children[2]].flatMap((node) => (node ? [valuesOf({ ...site, node })] : [])))
  }

  function valuesOfName(name: string, scope: Scope): readonly Value[] {
    for (let holder: Scope | undefined = scope; holder; holder = holder.parent) {
      // Functions do not see the names of the class around them.
      if (holder.kind === 'class' && holder !== scope) continue
      const bindings = holder.names.get(name)
      if (bindings && !(scope.outer.has(name) && holder.parent)) return followAll(bindings)
    }
    const star = module.stars.find((path) => path === 'mlflow' || path.startsWith('mlflow.'))
    if (star === undefined || !isExported(name, star)) return unknown
    return [{ kind: 'mlflow', path: `${star}.${name}` }, { kind: 'unknown' }]
  }

  function followAll(bindings: readonly object[]): readonly Value[] {
    const found = known.get(bindings)
    if (found) return found
    if (following.has(bindings)) {
      isCut = true
      return []
    }
    following.add(bindings)
    const wasCut = isCut
    isCut = false
    const values = join(bindings.map((binding) => followBinding(binding as never, resolver)))
    following.delete(bindings)
    // A value found while walking in a circle may lack what the circle's start will add.
    if (!isCut || following.size === 0) known.set(bindings, values)
    isCut = wasCut || (isCut && following.size > 0)
    return values
  }

  function memberOf(site: Site): readonly Value[] {
    const object = site.node.firstChild
    const property = site.node.lastChild
    if (!object || !property) return unknown
    const bases = valuesOf({ ...site, node: object })
    if (property.name !== 'PropertyName') {
      // `sys.modules["mlflow"]`
      const index = property.prevSibling
      return index && /^["']mlflow["']$/.test(textOf(site, index))
        ? [{ kind: 'mlflow', path: 'mlflow' }]
        : unknown
    }
    return join(bases.map((base) => member(base, textOf(site, property))))
  }

  function member(base: Value, name: string): readonly Value[] {
    if (base.kind === 'client') return [{ kind: 'mlflow', path: `MlflowClient.${name}` }]
    if (base.kind === 'mlflow') {
      return [
        { kind: 'mlflow', path: isClientClass(base.path) ? `MlflowClient.${name}` : `${base.path}.${name}` },
      ]
    }
    if (base.kind === 'foreign') return [{ kind: 'foreign', path: `${base.path}.${name}` }]
    if (base.kind === 'constant' || base.kind === 'text') return []
    if (name === 'model_uri') return [{ kind: 'model-uri' }]
    const assigned = module.attributes.get(name)
    const properties = (module.definitions.get(name) ?? []).filter((definition) => definition.isProperty)
    const methods = (module.definitions.get(name) ?? []).filter((definition) => definition.classInfo)
    const values = [
      ...(assigned ? [followAttribute(assigned)] : []),
      ...properties.map((definition) => followReturns(definition)),
      ...(base.kind === 'instance' || base.kind === 'unknown'
        ? methods
            .filter((definition) => !definition.isProperty)
            .map((definition) => [{ kind: 'definition', definition } as const])
        : []),
    ]
    return values.length > 0 ? join(values) : unknown
  }

  function followAttribute(sites: readonly Site[]): readonly Value[] {
    const found = known.get(sites)
    if (found) return found
    if (following.has(sites)) {
      isCut = true
      return []
    }
    following.add(sites)
    const values = join(
      sites.map((site) =>
        site.node.name === 'TypeDef' ? followBinding({ kind: 'annotation', site }, resolver) : valuesOf(site),
      ),
    )
    following.delete(sites)
    if (following.size === 0) known.set(sites, values)
    return values
  }

  function followReturns(definition: Definition): readonly Value[] {
    return followAttribute(definition.returns)
  }

  function resultOf(site: Site): readonly Value[] {
    const called = site.node.firstChild
    if (!called) return unknown
    const text = textValue(site, resolver)
    if (text) return text
    const special = specialResult(site, textOf(site, called), site.node.getChild('ArgList'))
    if (special) return special
    return join(valuesOf({ ...site, node: called }).map((value) => result(value)))
  }

  function result(value: Value): readonly Value[] {
    if (value.kind === 'mlflow') return isClientClass(value.path) ? client : unknown
    if (value.kind === 'definition') {
      const values = followReturns(value.definition)
      return values.length > 0 ? values : unknown
    }
    // A class of this module: its own methods are read where they stand.
    if (value.kind === 'instance') return [value]
    return unknown
  }

  /** `getattr(x, "name")`, `import_module("mlflow")`, `partial(f, …)`, `cast(T, x)`. */
  function specialResult(site: Site, called: string, args: SyntaxNode | null): readonly Value[] | undefined {
    const list = args ? childrenOf(args).filter((child) => !'(),'.includes(child.name)) : []
    const [first, second] = list
    if (!first) return undefined
    const firstSite = { ...site, node: first }
    if (called === 'getattr' && second) {
      const names = valuesOf({ ...site, node: second }).flatMap((value) =>
        value.kind === 'text' && !value.text.includes('\0') ? [value.text] : [],
      )
      return join(valuesOf(firstSite).flatMap((base) => names.map((name) => member(base, name))))
    }
    if (/(^|\.)import_module$|^__import__$/.test(called)) {
      return valuesOf(firstSite).flatMap((value) =>
        value.kind === 'text' && /^mlflow(\.|$)/.test(value.text)
          ? [{ kind: 'mlflow', path: value.text } as const]
          : unknown,
      )
    }
    if (/(^|\.)partial$/.test(called)) return valuesOf(firstSite)
    if (/(^|\.)cast$/.test(called) && second) {
      return join([
        followBinding({ kind: 'annotation', site: firstSite }, resolver),
        valuesOf({ ...site, node: second }),
      ])
    }
    return undefined
  }
}

/** Joins possibilities, each once. Past a few dozen, those that are not MLflow's are no longer told apart. */
export function join(lists: readonly (readonly Value[])[]): readonly Value[] {
  if (lists.length === 1 && lists[0]) return lists[0]
  const seen = new Map<unknown, Value>()
  for (const list of lists) {
    for (const value of list) {
      if (seen.size < 64 || value.kind === 'mlflow' || value.kind === 'client') seen.set(keyOf(value), value)
    }
  }
  return [...seen.values()]
}

function keyOf(value: Value): unknown {
  if (value.kind === 'mlflow' || value.kind === 'foreign') return `${value.kind} ${value.path}`
  if (value.kind === 'text') return `text ${value.text}`
  if (value.kind === 'constant') return `constant ${value.value}`
  return value.kind === 'definition' ? value.definition : value.kind
}
