import { argumentsOf } from './call-arguments.ts'
import type { Binding, ClassInfo, Definition, Site } from './python-module.ts'
import { textOf } from './python-module.ts'
import { isClientClass, join, type Resolver, unknown, type Value } from './python-value.ts'

/** What a name can be through one of the places that bind it. */
export function followBinding(binding: Binding, resolver: Resolver): readonly Value[] {
  switch (binding.kind) {
    case 'import':
      return [
        binding.path === 'mlflow' || binding.path.startsWith('mlflow.')
          ? { kind: 'mlflow', path: binding.path }
          : { kind: 'foreign', path: binding.path },
      ]
    case 'value':
      return resolver.valuesOf(binding.site)
    case 'annotation':
      return namesClient(binding.site, resolver) ? [{ kind: 'client' }] : []
    case 'definition':
      return [{ kind: 'definition', definition: binding.definition }]
    case 'class':
      return extendsClient(binding.classInfo, resolver)
        ? [{ kind: 'mlflow', path: 'mlflow.MlflowClient' }]
        : [{ kind: 'instance' }]
    case 'parameter':
      return followParameter(binding.definition, binding.index, resolver)
    case 'opaque':
      return unknown
  }
}

/** A parameter is what its annotation says, its default, and what calls in the same code pass for it. */
function followParameter(definition: Definition, index: number, resolver: Resolver): readonly Value[] {
  const parameter = definition.parameters[index]
  if (!parameter || parameter.starred) return unknown
  if (definition.classInfo && index === 0) {
    return extendsClient(definition.classInfo, resolver) ? [{ kind: 'client' }] : [{ kind: 'instance' }]
  }
  const values: (readonly Value[])[] = []
  if (parameter.annotation && namesClient(parameter.annotation, resolver)) values.push([{ kind: 'client' }])
  if (parameter.fallback) values.push(resolver.valuesOf(parameter.fallback))
  const called = definition.name === '__init__' ? definition.classInfo?.name : definition.name
  const calls = called ? (resolver.module.callsByName.get(called) ?? []) : []
  const place = definition.classInfo ? index - 1 : index
  for (const call of calls) {
    const given = argumentsOf(call)
    const value = given.keywords.get(parameter.name) ?? given.positional[place]
    if (value) values.push(resolver.valuesOf(value))
  }
  // Without a call in sight, anyone may pass anything.
  return calls.length === 0 ? join([...values, unknown]) : join(values.length > 0 ? values : [unknown])
}

function extendsClient(classInfo: ClassInfo, resolver: Resolver): boolean {
  return classInfo.bases.some((base) =>
    resolver.valuesOf(base).some((value) => value.kind === 'mlflow' && isClientClass(value.path)),
  )
}

/** Whether an annotation names MLflow's client: `MlflowClient`, `"MlflowClient"`, `Optional[mlflow.MlflowClient]`. */
function namesClient(annotation: Site, resolver: Resolver): boolean {
  if (!textOf(annotation).includes('Client')) return false
  let found = false
  annotation.node.cursor().iterate((ref) => {
    if (found) return false
    const site = { ...annotation, node: ref.node }
    if (ref.name === 'String') found = /\bMlflowClient\b/.test(textOf(site))
    if (ref.name === 'VariableName' || ref.name === 'MemberExpression') {
      found = resolver.valuesOf(site).some((value) => value.kind === 'mlflow' && isClientClass(value.path))
    }
    return undefined
  })
  return found
}
