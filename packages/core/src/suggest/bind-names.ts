import type { SyntaxNode } from '@lezer/common'
import {
  addTo,
  type Binding,
  childrenOf,
  type PythonModule,
  type Scope,
  type Site,
  splitAt,
  textOf,
} from './python-module.ts'

/** `import a.b as c`, `from a.b import c as d`, `from a import *`. */
export function bindImport(site: Site, module: PythonModule): void {
  const children = childrenOf(site.node)
  const from = children[0]?.name === 'from'
  const importAt = children.findIndex((child) => child.name === 'import')
  if (importAt < 0) return
  const base = from ? dotted(site, children.slice(1, importAt)) : ''
  const rest = children.slice(importAt + 1).filter((child) => child.name !== '(' && child.name !== ')')
  for (const group of splitAt(rest, ',')) {
    const [nameParts = [], alias] = splitAt(group, 'as')
    const name = dotted(site, nameParts)
    if (name === '*') module.stars.push(base)
    if (name === '' || name === '*') continue
    const path = from ? `${base}${base.endsWith('.') ? '' : '.'}${name}` : name
    const bound = alias?.[0] ? textOf(site, alias[0]) : undefined
    if (bound !== undefined || from) bind(site.scope, bound ?? name, { kind: 'import', path })
    else {
      // `import a.b` names `a` alone.
      const top = name.split('.')[0] ?? name
      bind(site.scope, top, { kind: 'import', path: top })
    }
  }
}

/** `x = y = value`, `x: Type = value`, `self.x = value`, `a, b = 1, 2`, `(x := value)`. */
export function bindAssignment(site: Site, module: PythonModule): void {
  const groups = splitAt(childrenOf(site.node), 'AssignOp')
  const values = splitAt(groups.at(-1) ?? [], ',')
  const isAssigned = groups.length > 1
  for (const group of isAssigned ? groups.slice(0, -1) : groups) {
    const annotation = group.find((child) => child.name === 'TypeDef')
    const targets = splitAt(
      unwrapTargets(group).filter((child) => child.name !== 'TypeDef'),
      ',',
    )
    for (const [index, [target]] of targets.entries()) {
      if (!target) continue
      if (annotation)
        bindOne(site, target, { kind: 'annotation', site: { ...site, node: annotation } }, module)
      if (!isAssigned) continue
      const value = targets.length === values.length ? values[index]?.[0] : undefined
      if (value) bindOne(site, target, { kind: 'value', site: { ...site, node: value } }, module)
      else bindOne(site, target, { kind: 'opaque', site: { ...site, node: target } }, module)
    }
  }
}

/** Names bound by `with … as x`, `for x in …`, `except E as x`, and comprehensions. */
export function bindTargets(site: Site, module: PythonModule): void {
  let expression: SyntaxNode | undefined
  let isTarget = false
  for (const child of childrenOf(site.node)) {
    if (child.name === 'as') {
      const target = child.nextSibling
      const value = site.node.name === 'WithStatement' ? expression : undefined
      if (!target) continue
      if (value) bindOne(site, target, { kind: 'value', site: { ...site, node: value } }, module)
      else bindOne(site, target, { kind: 'opaque', site: { ...site, node: target } }, module)
    } else if (child.name === 'for') isTarget = true
    else if (child.name === 'in') isTarget = false
    else if (isTarget) {
      for (const target of unwrapTargets([child])) {
        bindOne(site, target, { kind: 'opaque', site: { ...site, node: target } }, module)
      }
    } else expression = child
  }
}

function bindOne(site: Site, target: SyntaxNode, binding: Binding, module: PythonModule): void {
  const carries = binding.kind === 'value' || binding.kind === 'annotation'
  if (target.name === 'VariableName') {
    const name = textOf(site, target)
    bind(site.scope, name, binding)
    if (site.scope.kind === 'class' && carries) addTo(module.attributes, name, binding.site)
    return
  }
  if (target.name !== 'MemberExpression' || target.lastChild?.name !== 'PropertyName') return
  module.replaced.push({ ...site, node: target })
  if (carries) addTo(module.attributes, textOf(site, target.lastChild), binding.site)
}

function bind(scope: Scope, name: string, binding: Binding): void {
  let holder = scope
  if (scope.outer.has(name)) {
    while (holder.parent) holder = holder.parent
  }
  addTo(holder.names, name, binding)
}

/** Targets in brackets, `(a, b)`, as the list inside. */
function unwrapTargets(nodes: readonly SyntaxNode[]): readonly SyntaxNode[] {
  const only = nodes[0]
  if (nodes.length !== 1 || !only) return nodes
  if (!['TupleExpression', 'ParenthesizedExpression', 'ArrayExpression'].includes(only.name)) return nodes
  return childrenOf(only).filter((child) => !'()[]'.includes(child.name))
}

/** `mlflow . tracking` as `mlflow.tracking`; leading dots of relative imports stay. */
function dotted(site: Site, nodes: readonly SyntaxNode[]): string {
  return nodes.map((node) => textOf(site, node)).join('')
}
