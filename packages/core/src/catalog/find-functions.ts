import { flavorFunctions, genaiFlavors } from './flavors.ts'
import { type MlflowFunction, mlflowFunctions } from './mlflow-function.ts'

/**
 * Finds the recorded call forms that a name means: `mlflow.log_model`, `log_model(`, `client.log_metric`,
 * `MlflowClient().log_metric("loss", 1)`, `mlflow.xgboost.log_model` (any flavor has its shape).
 * An ambiguous name gives every function that it could be. Empty where MLflow has no such function on record.
 */
export function findFunctions(query: string): readonly MlflowFunction[] {
  const path = pathOf(query)
  const last = path.at(-1)
  if (last === undefined) return []
  // Names that are no Python path: `MLflow UI`.
  const whole = named(query.trim())
  if (whole.length > 0 && !flavorFunctions.has(last)) return whole
  if (path.length === 1) return last === 'autolog' ? everyAutolog() : (byLast().get(last) ?? [])
  const receiver = path.at(-2) ?? ''
  if (receiver === 'MlflowClient') return ofClient(last)
  if (path[0] === 'mlflow') return ofModule(path, last)
  if (/client/i.test(receiver)) return ofClient(last)
  return byLast().get(last) ?? []
}

/** The recorded call forms of exactly this function, or of the shape that its flavor shares. */
function ofModule(path: readonly string[], last: string): readonly MlflowFunction[] {
  const exact = named(path.join('.'))
  if (flavorFunctions.has(last)) {
    const flavor = path.length > 2 ? path[1] : undefined
    if (last === 'autolog' && flavor === undefined) return everyAutolog()
    if (last === 'autolog')
      return named(genaiFlavors.has(flavor ?? '') ? genaiAutolog : 'mlflow.sklearn.autolog')
    // Recorded forms differ between the two flavors that were run; a name gets the union of both.
    return [...named(`mlflow.sklearn.${last}`), ...named(`mlflow.pyfunc.${last}`)]
  }
  if (exact.length > 0) return exact
  // `mlflow.tracking.fluent.log_metric` is `mlflow.log_metric`; `mlflow.load_prompt` is `mlflow.genai.load_prompt`.
  const fluent = named(`mlflow.${last}`)
  return fluent.length > 0 ? fluent : named(`mlflow.genai.${last}`)
}

function ofClient(last: string): readonly MlflowFunction[] {
  const exact = named(`MlflowClient.${last}`)
  return exact.length > 0 ? exact : named(`mlflow.genai.${last}`)
}

const genaiAutolog = 'mlflow.<genai flavor>.autolog'

function everyAutolog(): readonly MlflowFunction[] {
  return [...named('mlflow.sklearn.autolog'), ...named(genaiAutolog)]
}

/** `@mlflow.trace(name="x")` -> `['mlflow', 'trace']`; `MlflowClient(uri).get_run(id)` -> `['MlflowClient', 'get_run']`. */
function pathOf(query: string): readonly string[] {
  const text = query.trim().slice(0, 400)
  const client = /(?:^|[\s.])MlflowClient\s*(?:\([^()]*\))?\s*\.\s*([A-Za-z_]\w*)/.exec(text)
  if (client?.[1]) return ['MlflowClient', client[1]]
  const name = /^@?(?:await\s+|with\s+)?([A-Za-z_][\w-]*(?:\s*\.\s*(?:[A-Za-z_]\w*|<genai flavor>))*)/.exec(
    text,
  )
  return name?.[1] ? name[1].split('.').map((part) => part.trim()) : []
}

function named(name: string): readonly MlflowFunction[] {
  return byName().get(name) ?? []
}

let names: Map<string, MlflowFunction[]> | undefined
let lasts: Map<string, MlflowFunction[]> | undefined

function byName(): Map<string, MlflowFunction[]> {
  names ??= groupBy((entry) => entry.name)
  return names
}

function byLast(): Map<string, MlflowFunction[]> {
  lasts ??= groupBy((entry) => entry.name.slice(entry.name.lastIndexOf('.') + 1))
  return lasts
}

function groupBy(keyOf: (entry: MlflowFunction) => string): Map<string, MlflowFunction[]> {
  const groups = new Map<string, MlflowFunction[]>()
  for (const entry of mlflowFunctions()) {
    const key = keyOf(entry)
    const group = groups.get(key)
    if (group) group.push(entry)
    else groups.set(key, [entry])
  }
  return groups
}
