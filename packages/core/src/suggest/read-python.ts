import { findFunctions } from '../catalog/find-functions.ts'
import { argumentsOf, type CallArguments } from './call-arguments.ts'
import { type CallContext, chooseForms } from './call-forms.ts'
import type { CodeReading, FoundCall, Undecided } from './code-reading.ts'
import { collectModule } from './collect-module.ts'
import { createResolver } from './create-resolver.ts'
import { findHidden } from './find-hidden.ts'
import { impliedRun, type RunCall } from './implied-run.ts'
import { isLocalFunction } from './local-functions.ts'
import { childrenOf, type PythonModule, type Site, textOf } from './python-module.ts'
import type { Resolver, Value } from './python-value.ts'
import { type SourceUnit, sourceUnit } from './source-unit.ts'

/** Finds the MLflow calls of a Python file. */
export function readPython(text: string, file: string): CodeReading {
  return readModules([[sourceUnit(text, file)]])
}

/** Finds the MLflow calls of several modules that run together. A module is a file, or all cells of a notebook. */
export function readModules(modules: readonly (readonly SourceUnit[])[]): CodeReading {
  const collected = modules.map((units) => collectModule(units))
  const mentionsMlflow = modules.some((units) => units.some((unit) => /mlflow/i.test(unit.text)))
  const startsRun = collected.some((module) => module.callsByName.has('start_run'))
  const readings = collected.map((module) => readModule(module, { mentionsMlflow, startsRun }))
  const calls = readings.flatMap((reading) => reading.calls)
  const runs = readings.flatMap((reading) => reading.runs)
  const implied = readings.flatMap((reading) => impliedRun(reading.runs, runs))
  return { calls: [...calls, ...implied], undecided: readings.flatMap((reading) => reading.undecided) }
}

interface Surroundings {
  readonly mentionsMlflow: boolean
  readonly startsRun: boolean
}

interface ModuleReading extends CodeReading {
  readonly runs: readonly RunCall[]
}

const noArguments: CallArguments = { positional: [], keywords: new Map(), open: false }

function readModule(module: PythonModule, surroundings: Surroundings): ModuleReading {
  const resolver = createResolver(module)
  const texts = module.units.map((unit) => unit.text)
  const context: CallContext = {
    resolver,
    startsRun: surroundings.startsRun,
    setsExperimentByVariable: texts.some((text) => text.includes('MLFLOW_EXPERIMENT_NAME')),
    importsGenai: texts.some((text) => genaiImport.test(text)),
  }
  const calls: FoundCall[] = []
  const runs: RunCall[] = []
  const undecided: Undecided[] = []

  const found = (path: string, site: Site, args: CallArguments | undefined, isSure: boolean) => {
    if (isLocalFunction(path)) return
    const at = site.unit.placeOf(site.node.from)
    const { forms, unsure } = chooseForms(path, args, context)
    if (forms.length === 0 && findFunctions(path).length === 0) {
      if (isSure) undecided.push({ at, why: `What ${path} calls is not on record.` })
      return
    }
    if (unsure) undecided.push({ at, why: unsure })
    for (const form of forms) {
      if (form.evidence !== 'not-on-tracking-servers') continue
      undecided.push({ at, why: `${path} needs a newer MLflow than tracking servers offer.` })
      break
    }
    const cell = site.unit.cellOf(site.node.from)
    const call = { at, function: path, forms, ...(cell !== undefined && { cell }) }
    calls.push(call)
    runs.push({ call, site, unitIndex: module.units.indexOf(site.unit), arguments: args })
  }

  for (const site of module.calls) {
    const values = calledValues(site, resolver)
    const isSure = !values.some((value) => value.kind === 'unknown')
    for (const value of values) {
      const path = pathOf(value)
      if (path) found(path, site, argumentsOf(site), isSure)
    }
  }
  for (const site of module.decorators) {
    for (const value of calledValues(site, resolver)) {
      const path = pathOf(value)
      if (path) found(path, site, noArguments, true)
    }
  }
  const hidden = findHidden(module, resolver, surroundings.mentionsMlflow)
  for (const passed of hidden.passed) found(passed.path, passed.site, passed.arguments, true)
  return { calls, runs, undecided: [...undecided, ...hidden.undecided] }
}

/** What a call or decorator calls. A decorator stands as names and dots: `mlflow . trace`. */
export function calledValues(site: Site, resolver: Resolver): readonly Value[] {
  if (site.node.name !== 'Decorator') {
    return site.node.firstChild ? resolver.valuesOf({ ...site, node: site.node.firstChild }) : []
  }
  const names = childrenOf(site.node).filter((child) => child.name === 'VariableName')
  const [first, ...rest] = names
  if (!first) return []
  const path = rest.map((name) => `.${textOf(site, name)}`).join('')
  return resolver.valuesOf({ ...site, node: first }).map((value): Value => {
    if (path === '') return value
    if (value.kind === 'client') return { kind: 'mlflow', path: `MlflowClient${path}` }
    return value.kind === 'mlflow' || value.kind === 'foreign' ? { ...value, path: value.path + path } : value
  })
}

/** The MLflow function that a value is: AWS's plugin counts too. */
function pathOf(value: Value): string | undefined {
  if (value.kind === 'mlflow') return value.path
  if (
    value.kind === 'foreign' &&
    value.path.startsWith('sagemaker_mlflow.') &&
    findFunctions(value.path).length > 0
  ) {
    return value.path
  }
  return undefined
}

const genaiImport =
  /^[ \t]*(?:import|from)[ \t]+(?:ag2|agno|anthropic|autogen|crewai|dspy|google\.(?:generativeai|genai)|groq|haystack|langchain|langgraph|litellm|llama_index|mistralai|openai|pydantic_ai|semantic_kernel|smolagents|strands)/m
