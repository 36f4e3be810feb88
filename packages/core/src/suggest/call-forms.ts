import { findFunctions } from '../catalog/find-functions.ts'
import type { MlflowFunction } from '../catalog/mlflow-function.ts'
import type { CallArguments } from './call-arguments.ts'
import { type UriKind, uriKindsOf } from './model-uris.ts'
import type { Resolver, Value } from './python-value.ts'

/** What the code around a call says about it. */
export interface CallContext {
  readonly resolver: Resolver
  /** The code starts runs, so prompts that it loads are noted on a run. */
  readonly startsRun: boolean
  readonly setsExperimentByVariable: boolean
  /** The code imports a library whose calls `mlflow.autolog()` traces. */
  readonly importsGenai: boolean
}

export interface Choice {
  readonly forms: readonly MlflowFunction[]
  /** Why every form was counted, where the code does not say which one it is. */
  readonly unsure?: string
}

/** The recorded call forms that a call with these arguments can be. Without arguments, all of them. */
export function chooseForms(path: string, args: CallArguments | undefined, context: CallContext): Choice {
  const all = findFunctions(path)
  const last = path.slice(path.lastIndexOf('.') + 1)
  const choose = Object.hasOwn(choosers, last) ? choosers[last] : undefined
  if (!choose || !args) return { forms: all }
  if (args.open && all.length > 1) {
    return {
      forms: all,
      unsure: `The arguments of ${path} are not written out, so each of its forms is counted.`,
    }
  }
  return choose(new Call(path, all, args, context))
}

type Chooser = (call: Call) => Choice

const choosers: Readonly<Record<string, Chooser>> = {
  autolog: (call) => {
    if (call.is('disable', true)) return { forms: [] }
    const registers = call.has('registered_model_name') ? registering : []
    const traces = (form: MlflowFunction) => form.name !== 'mlflow.<genai flavor>.autolog'
    const forms =
      call.path === 'mlflow.autolog' && !call.context.importsGenai ? call.all.filter(traces) : call.all
    return {
      forms: [
        ...forms,
        ...findFunctions('mlflow.sklearn.log_model').filter((form) => registers.includes(form.form ?? '')),
      ],
    }
  },
  download_artifacts: (call) =>
    byUri(call, call.value('artifact_uri', 0), call.has('run_id', 1) ? ['run_id'] : []),
  evaluate: (call) => {
    if (call.all.every((form) => form.actions.length === 0)) return { forms: call.all }
    const loads = ['model', 'baseline_model'].flatMap((name, place) => {
      const address = call.value(name, place === 0 ? 0 : undefined)
      return loadsOf((address && uriKindsOf(address)) ?? new Set())
    })
    return { forms: [...call.all, ...loads] }
  },
  get_model_dependencies: (call) => byUri(call, call.value('model_uri', 0)),
  get_model_info: (call) => byUri(call, call.value('model_uri', 0)),
  list_artifacts: (call) =>
    byUri(call, call.value('artifact_uri', 0), call.has('run_id', 1) ? ['run_id'] : []),
  load: (call) => byUri(call, call.value('path', 0)),
  load_model: (call) => byUri(call, call.value('model_uri', 0) ?? call.value('path')),
  load_prompt: (call) => {
    const texts = (call.value('name_or_uri', 0) ?? []).map((value) =>
      value.kind === 'text' ? value.text : undefined,
    )
    const keep: (string | undefined)[] = call.context.startsRun ? ['inside start_run'] : []
    const isAlias = texts.map((text) => text?.includes('@') ?? false)
    const isOpen = texts.length === 0 || texts.some((text) => text === undefined || text.startsWith('\0'))
    if (isOpen || isAlias.includes(true)) keep.push('alias')
    if (isOpen || isAlias.includes(false)) keep.push(undefined)
    return call.keep(keep)
  },
  log_image: (call) => call.keep(call.has('key', 2) || call.has('step') ? ['key, step'] : [undefined]),
  log_metric: (call) => batched(call, 3),
  log_model: (call) =>
    call.keep([
      undefined,
      ...(call.has('input_example') ? ['input_example'] : []),
      ...(call.has('registered_model_name') ? registering : []),
    ]),
  log_param: (call) => batched(call, 2),
  predict: (call) => byUri(call, call.value('model_uri', 0)),
  register_model: (call) => {
    const choice = byUri(call, call.value('model_uri', 0))
    return choice.forms.length > 0 && !choice.unsure ? choice : { forms: call.all }
  },
  search_runs: (call) => {
    const keep: (string | undefined)[] = []
    if (call.has('experiment_names', 7)) keep.push('experiment_names')
    if (call.has('search_all_experiments', 6) && !call.is('search_all_experiments', false, 6)) {
      keep.push('search_all_experiments=True')
    }
    return call.keep(keep.length > 0 ? keep : [undefined])
  },
  set_experiment: (call) => {
    const keep = call.has('experiment_name', 0) ? ['new', 'existing'] : []
    if (call.has('experiment_id', 1)) keep.push('experiment_id=...')
    return keep.length > 0 ? call.keep(keep) : { forms: call.all }
  },
  spark_udf: (call) => byUri(call, call.value('model_uri', 1)),
  start_run: (call) => {
    const keep = call.mayBeNone('run_id', 0) ? ['until end_run'] : []
    if (call.has('run_id', 0)) keep.push('run_id=...')
    if (call.context.setsExperimentByVariable) keep.push('MLFLOW_EXPERIMENT_NAME set')
    return call.keep(keep)
  },
  trace: (call) => call.keep(['as a decorator']),
}

const registering = ['registered_model_name, new', 'registered_model_name, existing']

/** Calls that go out one by one, or in batches where they need not be waited for. */
function batched(call: Call, place: number): Choice {
  if (call.path.startsWith('MlflowClient.')) {
    if (!call.has('synchronous') || call.is('synchronous', true)) return { forms: call.all }
    const fluent = findFunctions(call.path.replace('MlflowClient.', 'mlflow.'))
    return { forms: [...call.all, ...fluent.filter((form) => form.form === 'synchronous=False')] }
  }
  const keep: (string | undefined)[] = call.has('model_id') || call.has('dataset') ? ['model_id=...'] : []
  const isAsked = call.has('synchronous', place) && !call.is('synchronous', true, place)
  if (isAsked) keep.push('synchronous=False')
  if (!isAsked || !call.is('synchronous', false, place)) keep.push(undefined)
  return call.keep(keep)
}

/** The forms whose kind of address this can be. */
function byUri(call: Call, address: readonly Value[] | undefined, also: readonly string[] = []): Choice {
  // Functions of the client take a run and a path, in one form.
  if (call.all.length < 2) return { forms: call.all }
  const kinds = address && uriKindsOf(address)
  if (kinds) {
    const { forms } = call.keep([...kinds, ...also, ...(kinds.has('runs:/') ? ['tags'] : [])])
    const isDirect = kinds.has('s3://') && !forms.some((form) => form.form === 's3://')
    return { forms: isDirect ? [...forms, ...loadsOf(new Set(['s3://']))] : forms }
  }
  if (also.length > 0 && !address) return call.keep([...also])
  return {
    forms: call.all,
    unsure: `The address that ${call.path} is given is not known here, so each kind is counted.`,
  }
}

/** What reading a model from an address calls. An address in S3 is read without asking the server. */
function loadsOf(kinds: ReadonlySet<UriKind>): readonly MlflowFunction[] {
  const named = [
    ...findFunctions('mlflow.pyfunc.load_model'),
    ...findFunctions('mlflow.artifacts.download_artifacts').filter((form) => form.form === 's3://'),
  ]
  return named.filter((form) => kinds.has(form.form as UriKind))
}

class Call {
  readonly path: string
  readonly all: readonly MlflowFunction[]
  readonly context: CallContext
  readonly #args: CallArguments

  constructor(path: string, all: readonly MlflowFunction[], args: CallArguments, context: CallContext) {
    this.path = path
    this.all = all
    this.context = context
    this.#args = args
  }

  keep(forms: readonly (string | undefined)[]): Choice {
    return { forms: this.all.filter((entry) => forms.includes(entry.form)) }
  }

  value(name: string, place?: number): readonly Value[] | undefined {
    const site =
      this.#args.keywords.get(name) ?? (place === undefined ? undefined : this.#args.positional[place])
    return site && this.context.resolver.valuesOf(site)
  }

  /** Given, and not always None. */
  has(name: string, place?: number): boolean {
    const values = this.value(name, place)
    if (!values) return false
    return values.length === 0 || values.some((value) => !(value.kind === 'constant' && value.value === null))
  }

  /** Left out, or None on some way. */
  mayBeNone(name: string, place?: number): boolean {
    const values = this.value(name, place)
    return !values || values.some((value) => value.kind === 'constant' && value.value === null)
  }

  /** Always this constant. */
  is(name: string, wanted: boolean, place?: number): boolean {
    const values = this.value(name, place)
    return (
      values !== undefined &&
      values.length > 0 &&
      values.every((value) => value.kind === 'constant' && value.value === wanted)
    )
  }
}
