import { followBinding } from './follow-bindings.ts'
import { type Definition, type Site, textOf } from './python-module.ts'
import { isClientClass, join, type Resolver, unknown, type Value } from './python-value.ts'

/** What `object.name` and `object[index]` can be. */
export function memberOf(site: Site, resolver: Resolver): readonly Value[] {
  const object = site.node.firstChild
  const property = site.node.lastChild
  if (!object || !property) return unknown
  if (property.name !== 'PropertyName') {
    // `sys.modules["mlflow"]`
    const index = property.prevSibling
    if (index && /^["']mlflow["']$/.test(textOf(site, index))) return [{ kind: 'mlflow', path: 'mlflow' }]
    // A model finds its files in a folder on this machine: `context.artifacts["x"]`.
    return textOf(site, object).endsWith('.artifacts') ? [{ kind: 'text', text: './\0' }] : unknown
  }
  const name = textOf(site, property)
  return join(resolver.valuesOf({ ...site, node: object }).map((base) => member(base, name, resolver)))
}

/** What a name is on one value. */
export function member(base: Value, name: string, resolver: Resolver): readonly Value[] {
  switch (base.kind) {
    case 'client':
      return [{ kind: 'mlflow', path: `MlflowClient.${name}` }]
    case 'mlflow':
      return [
        { kind: 'mlflow', path: isClientClass(base.path) ? `MlflowClient.${name}` : `${base.path}.${name}` },
      ]
    case 'foreign':
      return [{ kind: 'foreign', path: `${base.path}.${name}` }]
    case 'constant':
    case 'text':
      return []
    default:
      if (name === 'model_uri') return [{ kind: 'model-uri' }]
      if (name === 'artifact_uri') return [{ kind: 'text', text: 's3://\0' }]
      return localMember(base, name, resolver)
  }
}

/** Attributes and methods are told apart by name alone: all of that name in the module count. */
function localMember(base: Value, name: string, resolver: Resolver): readonly Value[] {
  const { attributes, definitions } = resolver.module
  const sites = attributes.get(name)
  const methods = (definitions.get(name) ?? []).filter((definition) => definition.classInfo)
  const values: (readonly Value[])[] = []
  if (sites) values.push(resolver.follow(sites, () => join(sites.map((site) => assigned(site, resolver)))))
  for (const definition of methods) {
    if (definition.isProperty) values.push(returnsOf(definition, resolver))
    else if (base.kind !== 'definition') values.push([{ kind: 'definition', definition }])
  }
  return values.length > 0 ? join(values) : unknown
}

function assigned(site: Site, resolver: Resolver): readonly Value[] {
  if (site.node.name === 'TypeDef') return followBinding({ kind: 'annotation', site }, resolver)
  return resolver.valuesOf(site)
}

/** What a local function gives back. */
export function returnsOf(definition: Definition, resolver: Resolver): readonly Value[] {
  const { returns } = definition
  return resolver.follow(returns, () => join(returns.map((site) => resolver.valuesOf(site))))
}
