import type { SyntaxNode } from '@lezer/common'
import type { SourceUnit } from './source-unit.ts'

/** The names, calls and assignments of a Python file, or of all cells of a notebook together. */
export interface PythonModule {
  readonly scope: Scope
  readonly units: SourceUnit[]
  /** Every call, decorators with arguments included. */
  readonly calls: Site[]
  /** Decorators without arguments. */
  readonly decorators: Site[]
  /** Names and attributes that stand as a value: passed on, returned or kept in a collection. */
  readonly passed: Site[]
  /** Assignments to attributes (`self.client = …`), by the attribute's name. */
  readonly attributes: Map<string, Site[]>
  /** Attributes that are assigned to: `mlflow.log_metric = …` replaces it. */
  readonly replaced: Site[]
  /** The text "mlflow" among the arguments of a call: another library is told to use it. */
  readonly named: Site[]
  readonly definitions: Map<string, Definition[]>
  /** Calls by the last name that is called. */
  readonly callsByName: Map<string, Site[]>
  /** Modules that everything is imported from. */
  readonly stars: string[]
  /** Places that do not parse. */
  readonly broken: Site[]
}

/** A node of the syntax tree and where it stands. */
export interface Site {
  readonly node: SyntaxNode
  readonly unit: SourceUnit
  readonly scope: Scope
}

/** Where names live. Methods do not see the names of their class. */
export interface Scope {
  readonly kind: 'module' | 'function' | 'class'
  readonly parent: Scope | undefined
  readonly names: Map<string, Binding[]>
  /** Names declared `global` or `nonlocal`. */
  readonly outer: Set<string>
  readonly classInfo: ClassInfo | undefined
  readonly definition: Definition | undefined
}

export type Binding =
  | { readonly kind: 'import'; readonly path: string }
  | { readonly kind: 'value'; readonly site: Site }
  | { readonly kind: 'annotation'; readonly site: Site }
  | {
      readonly kind: 'parameter'
      readonly definition: Definition
      readonly index: number
      readonly name: string
    }
  | { readonly kind: 'definition'; readonly definition: Definition }
  | { readonly kind: 'class'; readonly classInfo: ClassInfo }
  /** A loop variable, an exception, one of several names assigned at once. */
  | { readonly kind: 'opaque'; readonly site: Site }

export interface Definition {
  readonly name: string
  readonly parameters: Parameter[]
  readonly returns: Site[]
  readonly classInfo: ClassInfo | undefined
  readonly isProperty: boolean
}

export interface Parameter {
  readonly name: string
  readonly annotation: Site | undefined
  readonly fallback: Site | undefined
  readonly starred: boolean
}

export interface ClassInfo {
  readonly name: string
  readonly bases: readonly Site[]
}

/** The text of a node. */
export function textOf(
  site: { readonly node: SyntaxNode; readonly unit: SourceUnit },
  node = site.node,
): string {
  return site.unit.text.slice(node.from, node.to)
}

/** All direct children of a node, in order. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child)
  return children
}

/** Splits nodes at separators of one name. */
export function splitAt(nodes: readonly SyntaxNode[], separator: string): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]]
  for (const node of nodes) {
    if (node.name === separator) groups.push([])
    else groups.at(-1)?.push(node)
  }
  return groups
}

/** Adds to a list in a map, which it makes where there is none. */
export function addTo<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
}
