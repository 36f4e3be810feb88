import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common'
import { bindAssignment, bindImport, bindTargets } from './bind-names.ts'
import {
  addTo,
  type ClassInfo,
  childrenOf,
  type Definition,
  type Parameter,
  type PythonModule,
  type Scope,
  type Site,
  textOf,
} from './python-module.ts'
import type { SourceUnit } from './source-unit.ts'

/** Gathers what is named, called, assigned and passed on in some texts that share one module scope. */
export function collectModule(units: readonly SourceUnit[]): PythonModule {
  const scope = newScope('module', undefined)
  const module: PythonModule = {
    scope,
    units: [...units],
    calls: [],
    decorators: [],
    passed: [],
    attributes: new Map(),
    replaced: [],
    named: [],
    definitions: new Map(),
    callsByName: new Map(),
    stars: [],
    broken: [],
  }
  for (const unit of units) collectUnit(unit, module)
  return module
}

function collectUnit(unit: SourceUnit, module: PythonModule): void {
  const scopes: Scope[] = [module.scope]
  let isBroken = false
  unit.tree.iterate({
    enter: (ref) => {
      const scope = scopes.at(-1) ?? module.scope
      if (ref.type.isError && !isBroken) {
        isBroken = true
        module.broken.push({ node: ref.node, unit, scope })
      }
      const inner = enterNode(ref, { unit, scope, module })
      if (inner) scopes.push(inner)
    },
    leave: (ref) => {
      if (opensScope.has(ref.name)) scopes.pop()
    },
  })
}

const opensScope = new Set(['FunctionDefinition', 'LambdaExpression', 'ClassDefinition'])

/** Parents under which a name or attribute is handed on as a value. */
const handsOn = new Set([
  'ArgList',
  'ArrayExpression',
  'DictionaryExpression',
  'SetExpression',
  'TupleExpression',
  'ReturnStatement',
  'YieldStatement',
  'YieldExpression',
  'LambdaExpression',
])

interface Context {
  readonly unit: SourceUnit
  readonly scope: Scope
  readonly module: PythonModule
}

/** Records one node; gives the scope that it opens. */
function enterNode(ref: SyntaxNodeRef, context: Context): Scope | undefined {
  const { unit, scope, module } = context
  const name = ref.name
  if (name === 'VariableName' || name === 'MemberExpression') {
    const site = { node: ref.node, unit, scope }
    if (isHandedOn(site.node)) module.passed.push(site)
    return undefined
  }
  if (name === 'CallExpression') {
    const site = { node: ref.node, unit, scope }
    module.calls.push(site)
    const called = site.node.firstChild
    const last = called?.name === 'MemberExpression' ? called.lastChild : called
    if (last) addTo(module.callsByName, textOf(site, last), site)
    return undefined
  }
  if (opensScope.has(name)) return openScope({ node: ref.node, unit, scope }, module)
  switch (name) {
    case 'String':
      if (ref.to - ref.from === 8 && /^["']mlflow["']$/.test(unit.text.slice(ref.from, ref.to))) {
        module.named.push({ node: ref.node, unit, scope })
      }
      break
    case 'ImportStatement':
      bindImport({ node: ref.node, unit, scope }, module)
      break
    case 'AssignStatement':
    case 'NamedExpression':
      bindAssignment({ node: ref.node, unit, scope }, module)
      break
    case 'WithStatement':
    case 'ForStatement':
    case 'TryStatement':
      bindTargets({ node: ref.node, unit, scope }, module)
      break
    case 'ScopeStatement':
      for (const child of childrenOf(ref.node)) {
        if (child.name === 'VariableName') scope.outer.add(textOf({ node: child, unit }))
      }
      break
    case 'Decorator': {
      const site = { node: ref.node, unit, scope }
      if (site.node.lastChild?.name === 'ArgList') module.calls.push(site)
      else module.decorators.push(site)
      break
    }
    case 'ReturnStatement':
    case 'YieldStatement':
      recordReturn({ node: ref.node, unit, scope })
      break
    default:
      if (name.endsWith('ComprehensionExpression')) bindTargets({ node: ref.node, unit, scope }, module)
  }
  return undefined
}

function isHandedOn(node: SyntaxNode): boolean {
  const parent = node.parent
  if (!parent || !handsOn.has(parent.name)) return false
  // `name=` of a keyword argument is no value.
  return !(parent.name === 'ArgList' && node.name === 'VariableName' && node.nextSibling?.name === 'AssignOp')
}

function recordReturn(site: Site): void {
  let scope: Scope | undefined = site.scope
  while (scope && scope.kind !== 'function') scope = scope.parent
  const values = childrenOf(site.node).slice(1)
  const value = values[0]
  if (value && values.length === 1) scope?.definition?.returns.push({ ...site, node: value })
}

function openScope(site: Site, module: PythonModule): Scope {
  const { node, scope } = site
  if (node.name === 'ClassDefinition') {
    const name = node.getChild('VariableName')
    const bases = childrenOf(node.getChild('ArgList') ?? node)
    const classInfo: ClassInfo = {
      name: name ? textOf(site, name) : '',
      bases: bases.filter(isExpression).map((base) => ({ ...site, node: base })),
    }
    addTo(scope.names, classInfo.name, { kind: 'class', classInfo })
    return newScope('class', scope, classInfo)
  }
  const name = node.name === 'FunctionDefinition' ? node.getChild('VariableName') : null
  const definition: Definition = {
    name: name ? textOf(site, name) : '',
    parameters: parametersOf(site),
    returns: [],
    classInfo: scope.kind === 'class' ? scope.classInfo : undefined,
    isProperty: /@(\w+\.)?(cached_)?property\b/.test(decoratorsOf(site)),
  }
  if (name) {
    addTo(scope.names, definition.name, { kind: 'definition', definition })
    addTo(module.definitions, definition.name, definition)
  }
  const inner = newScope('function', scope, definition.classInfo, definition)
  for (const [index, parameter] of definition.parameters.entries()) {
    addTo(inner.names, parameter.name, { kind: 'parameter', definition, index, name: parameter.name })
  }
  return inner
}

function decoratorsOf(site: Site): string {
  const parent = site.node.parent
  return parent?.name === 'DecoratedStatement' ? site.unit.text.slice(parent.from, site.node.from) : ''
}

function isExpression(node: SyntaxNode): boolean {
  return node.name === 'VariableName' || node.name === 'MemberExpression'
}

function parametersOf(site: Site): Parameter[] {
  const parameters: Parameter[] = []
  let starred = false
  for (const child of childrenOf(site.node.getChild('ParamList') ?? site.node)) {
    if (child.name === '*' || child.name === '**') starred = true
    if (child.name === ',') starred = false
    if (child.name !== 'VariableName' || child.prevSibling?.name === 'AssignOp') continue
    if (child.parent?.name !== 'ParamList') continue
    const annotation = child.nextSibling?.name === 'TypeDef' ? child.nextSibling : undefined
    const assign = (annotation ?? child).nextSibling
    const fallback = assign?.name === 'AssignOp' ? assign.nextSibling : undefined
    parameters.push({
      name: textOf(site, child),
      annotation: annotation && { ...site, node: annotation },
      fallback: fallback ? { ...site, node: fallback } : undefined,
      starred,
    })
  }
  return parameters
}

function newScope(
  kind: Scope['kind'],
  parent: Scope | undefined,
  classInfo?: ClassInfo,
  definition?: Definition,
): Scope {
  return { kind, parent, names: new Map(), outer: new Set(), classInfo, definition }
}
