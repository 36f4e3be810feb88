import type { Definition, PythonModule, Site } from './python-module.ts'

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
  /** Works out what belongs to a key once, also where working it out comes back to the key. */
  follow(key: object, work: () => readonly Value[]): readonly Value[]
  /** True once following was cut short because the code is too tangled. */
  readonly isExhausted: () => boolean
}

export const unknown: readonly Value[] = [{ kind: 'unknown' }]
export const client: readonly Value[] = [{ kind: 'client' }]

/** The path under which MLflow's client class is known here, whatever module it was imported through. */
export function isClientClass(path: string): boolean {
  return path === 'MlflowClient' || (path.startsWith('mlflow.') && path.endsWith('.MlflowClient'))
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
