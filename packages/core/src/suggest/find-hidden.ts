import { findFunctions } from '../catalog/find-functions.ts'
import { genaiFlavors, trainingFlavors } from '../catalog/flavors.ts'
import { mlflowFunctions } from '../catalog/mlflow-function.ts'
import { argumentsOf, type CallArguments } from './call-arguments.ts'
import type { Undecided } from './code-reading.ts'
import { isLocalFunction, isModulePath } from './local-functions.ts'
import { type PythonModule, type Site, textOf } from './python-module.ts'
import type { Resolver } from './python-value.ts'

/** A function that is handed on, and what it will be called with, where that stands beside it. */
export interface PassedFunction {
  readonly path: string
  readonly site: Site
  readonly arguments: CallArguments | undefined
}

/** Functions that are handed on as values, and places that may call MLflow unseen. */
export function findHidden(
  module: PythonModule,
  resolver: Resolver,
  mentionsMlflow: boolean,
): { readonly passed: readonly PassedFunction[]; readonly undecided: readonly Undecided[] } {
  const passed: PassedFunction[] = []
  const undecided: Undecided[] = []
  const unsure = (site: Site, why: string) => undecided.push({ at: site.unit.placeOf(site.node.from), why })

  for (const site of module.passed) {
    const receiver = receiverOf(site)
    if (receiver === 'seen' || isFollowed(receiver, module)) continue
    for (const value of resolver.valuesOf(site)) {
      if (value.kind === 'client') {
        unsure(site, `An MLflow client is handed to ${receiver}; what is called with it there is not seen.`)
      } else if (
        value.kind === 'mlflow' &&
        findFunctions(value.path).length > 0 &&
        !isLocalFunction(value.path)
      ) {
        passed.push({ path: value.path, site, arguments: argumentsBehind(site) })
      } else if (value.kind === 'mlflow' && isModule(value.path)) {
        unsure(site, `${value.path} is handed to ${receiver}; what is called with it there is not seen.`)
      }
    }
  }
  for (const site of module.calls) {
    if (site.node.name !== 'CallExpression') continue
    const why = whyUndecided(site, module, resolver, mentionsMlflow)
    if (why) unsure(site, why)
  }
  for (const site of module.replaced) {
    const object = site.node.firstChild
    const values = object ? resolver.valuesOf({ ...site, node: object }) : []
    const owner = values.find(
      (value) => value.kind === 'client' || (value.kind === 'mlflow' && isModule(value.path)),
    )
    if (owner) unsure(site, `${short(textOf(site))} is replaced, so calls of it may do something else.`)
  }
  for (const site of module.named) {
    const name = keywordOf(site)
    if (name && /report|log|track|callback|integration/i.test(name)) {
      unsure(site, `${name} tells another library to log to MLflow; what it calls is not seen.`)
    }
  }
  for (const [name, bindings] of module.scope.names) {
    if (!bindings.some((binding) => binding.kind === 'import' && /^mlflow(\.|$)/.test(binding.path))) continue
    for (const binding of bindings) {
      if (binding.kind !== 'value' && binding.kind !== 'opaque') continue
      const values = resolver.valuesOf(binding.site)
      if (values.some((value) => value.kind === 'unknown' || value.kind === 'foreign')) {
        unsure(binding.site, `${name} is MLflow's here and something else too; its calls count as MLflow's.`)
      }
    }
  }
  for (const site of module.broken) unsure(site, 'This does not parse as Python; what is broken is not read.')
  const first = module.units[0]
  if (resolver.isExhausted() && first) {
    undecided.push({ at: first.placeOf(0), why: 'The code is too tangled to follow every name.' })
  }
  return { passed, undecided }
}

/** Where a value goes: `seen` where its calls are found anyway, else words for it. */
function receiverOf(site: Site): string {
  const parent = site.node.parent
  if (parent?.name === 'ReturnStatement' || parent?.name.startsWith('Yield')) return 'seen'
  if (parent?.name !== 'ArgList') return parent?.name === 'LambdaExpression' ? 'seen' : 'a collection'
  const called = parent.parent?.firstChild
  if (!called || parent.parent?.name !== 'CallExpression') return 'a decorator or class'
  return short(textOf(site, called))
}

/** `partial(f, 1, a=2)`, `submit(f, 1, a=2)`: what follows the function is for it. */
function argumentsBehind(site: Site): CallArguments | undefined {
  const call = site.node.parent?.parent
  if (call?.name !== 'CallExpression') return undefined
  const { positional, keywords, open } = argumentsOf({ ...site, node: call })
  if (positional[0]?.node.from !== site.node.from) return undefined
  return { positional: positional.slice(1), keywords, open }
}

/** Local functions are followed with what they are given. */
function isFollowed(receiver: string, module: PythonModule): boolean {
  const last = receiver.slice(receiver.lastIndexOf('.') + 1)
  return (
    onlyLooks.test(receiver) ||
    module.definitions.has(last) ||
    module.scope.names.get(last)?.[0]?.kind === 'class'
  )
}

/** Functions that look at a value and call nothing of it. */
const onlyLooks =
  /^(getattr|hasattr|isinstance|issubclass|type|print|repr|str|id|help|dir|vars|callable|super|(\w+\.)*(reload|cast|import_module|object))$/

function whyUndecided(
  site: Site,
  module: PythonModule,
  resolver: Resolver,
  mentionsMlflow: boolean,
): string | undefined {
  const called = site.node.firstChild
  if (!called) return undefined
  const name = textOf(site, called)
  const values = resolver.valuesOf({ ...site, node: called })
  if ((name === 'exec' || name === 'eval') && values.every((value) => value.kind === 'unknown')) {
    return `${name} runs code that is put together at run time.`
  }
  if (name === 'getattr') return dynamicAttribute(site, resolver)
  const other = values.find((value) => value.kind === 'foreign' && /mlflow/i.test(value.path))
  if (
    other?.kind === 'foreign' &&
    !(other.path.startsWith('sagemaker_mlflow.') && findFunctions(other.path).length > 0)
  ) {
    return `${other.path} works with MLflow in code that is not read here.`
  }
  if (!values.every((value) => value.kind === 'unknown')) return undefined
  return likelyClient(name, module, mentionsMlflow)
}

function dynamicAttribute(site: Site, resolver: Resolver): string | undefined {
  const [base, name] = argumentsOf(site).positional
  if (!base || !name) return undefined
  const bases = resolver.valuesOf(base)
  if (!bases.some((value) => value.kind === 'client' || value.kind === 'mlflow')) return undefined
  const names = resolver.valuesOf(name)
  if (names.length > 0 && names.every((value) => value.kind === 'text' && !value.text.includes('\0')))
    return undefined
  return `${short(textOf(site))} picks what it calls at run time.`
}

/** A call by the name of an MLflow function on something that is not known: it may well be MLflow's. */
function likelyClient(name: string, module: PythonModule, mentionsMlflow: boolean): string | undefined {
  const dot = name.lastIndexOf('.')
  const last = name.slice(dot + 1).trim()
  if (!recorded().has(last) || module.definitions.has(last)) return undefined
  const receiver = dot < 0 ? '' : name.slice(0, dot)
  const looksLikeClient = /mlflow|client|tracking/i.test(receiver)
  if (!looksLikeClient && (!mentionsMlflow || commonNames.has(last))) return undefined
  const needs = findFunctions(dot < 0 ? last : `MlflowClient.${last}`)
  const actions = [
    ...new Set((needs.length > 0 ? needs : findFunctions(last)).flatMap((form) => [...form.actions])),
  ]
  const wouldNeed = actions.length > 0 ? ` As MLflow's it needs ${actions.sort().join(', ')}.` : ''
  return `Whether ${short(name)} is MLflow's cannot be told from this code.${wouldNeed}`
}

/** Names that many libraries use. */
const commonNames: ReadonlySet<string> = new Set([
  'autolog',
  'evaluate',
  'load',
  'load_dict',
  'load_image',
  'load_model',
  'load_table',
  'load_text',
  'log',
  'log_dict',
  'log_figure',
  'log_image',
  'log_table',
  'log_text',
  'predict',
  'run',
  'trace',
])

let recordedNames: ReadonlySet<string> | undefined

function recorded(): ReadonlySet<string> {
  recordedNames ??= new Set(
    mlflowFunctions().map((entry) => entry.name.slice(entry.name.lastIndexOf('.') + 1)),
  )
  return recordedNames
}

function isModule(path: string): boolean {
  if (isModulePath(path)) return true
  const flavor = path.startsWith('mlflow.') ? path.slice('mlflow.'.length) : ''
  return genaiFlavors.has(flavor) || trainingFlavors.has(flavor)
}

/** The keyword under which a text stands in a call, also within a list. */
function keywordOf(site: Site): string | undefined {
  const value = site.node.parent?.name === 'ArrayExpression' ? site.node.parent : site.node
  if (value.parent?.name !== 'ArgList' || value.prevSibling?.name !== 'AssignOp') return undefined
  const name = value.prevSibling.prevSibling
  return name ? textOf(site, name) : undefined
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}
