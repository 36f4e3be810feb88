import { followBinding } from './follow-bindings.ts'
import { member, returnsOf } from './python-members.ts'
import { childrenOf, type Site, textOf } from './python-module.ts'
import { textValue } from './python-text.ts'
import { client, isClientClass, join, type Resolver, unknown, type Value } from './python-value.ts'

/** What a call gives back, as far as MLflow is concerned: a client, a module, a function, an address. */
export function resultOf(site: Site, resolver: Resolver): readonly Value[] {
  const called = site.node.firstChild
  if (!called) return unknown
  const known = textValue(site, resolver) ?? builtInResult(site, textOf(site, called), resolver)
  if (known) return known
  return join(resolver.valuesOf({ ...site, node: called }).map((value) => resultOfValue(value, resolver)))
}

function resultOfValue(value: Value, resolver: Resolver): readonly Value[] {
  if (value.kind === 'mlflow') {
    if (value.path === 'mlflow.get_artifact_uri') return [{ kind: 'text', text: 's3://\0' }]
    return isClientClass(value.path) ? client : unknown
  }
  if (value.kind === 'definition') {
    const values = returnsOf(value.definition, resolver)
    return values.length > 0 ? values : unknown
  }
  // A class of this module: its own methods are read where they stand.
  return value.kind === 'instance' ? [value] : unknown
}

/** `getattr(x, "name")`, `import_module("mlflow")`, `partial(f, …)`, `cast(T, x)`. */
function builtInResult(site: Site, called: string, resolver: Resolver): readonly Value[] | undefined {
  const name = called.slice(called.lastIndexOf('.') + 1)
  if (!['getattr', 'import_module', '__import__', 'partial', 'cast'].includes(name)) return undefined
  const list = site.node.getChild('ArgList')
  const given = childrenOf(list ?? site.node).filter((child) => list && !'(),'.includes(child.name))
  const [first, second] = given.map((node) => ({ ...site, node }))
  if (!first) return undefined
  const values = resolver.valuesOf(first)
  if (name === 'partial') return values
  if (name === 'getattr' || name === 'cast') {
    if (!second) return undefined
    const others = resolver.valuesOf(second)
    if (name === 'cast') return join([followBinding({ kind: 'annotation', site: first }, resolver), others])
    return join(values.flatMap((base) => wholeTexts(others).map((text) => member(base, text, resolver))))
  }
  const modules = wholeTexts(values).filter((path) => path === 'mlflow' || path.startsWith('mlflow.'))
  return modules.length > 0 ? modules.map((path) => ({ kind: 'mlflow', path })) : unknown
}

function wholeTexts(values: readonly Value[]): readonly string[] {
  return values.flatMap((value) => (value.kind === 'text' && !value.text.includes('\0') ? [value.text] : []))
}
