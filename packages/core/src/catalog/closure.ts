import type { S3Needs } from '../personas/persona.ts'

/** An action that is of little use alone: what it lacks, and the MLflow functions that fail without it. */
export interface ClosureGap {
  /** Bare action name. */
  readonly action: string
  /** Bare action names, sorted. */
  readonly missing: readonly string[]
  readonly functions: readonly string[]
}

/** `functions` call `action` and then `requires`, in one of the client versions 2.13.2, 2.16.2 and 3.0.0. */
export interface ClosureRule {
  readonly action: string
  readonly requires: readonly string[]
  readonly functions: readonly string[]
}

/** Registry writes before which 3.x clients read the registered model, to see whether it is a prompt. */
const registryWrites: Readonly<Record<string, string>> = {
  DeleteModelVersion: 'MlflowClient.delete_model_version',
  DeleteModelVersionTag: 'MlflowClient.delete_model_version_tag',
  DeleteRegisteredModel: 'MlflowClient.delete_registered_model',
  DeleteRegisteredModelAlias: 'MlflowClient.delete_registered_model_alias',
  DeleteRegisteredModelTag: 'MlflowClient.delete_registered_model_tag',
  RenameRegisteredModel: 'MlflowClient.rename_registered_model',
  SetModelVersionTag: 'MlflowClient.set_model_version_tag',
  SetRegisteredModelAlias: 'MlflowClient.set_registered_model_alias',
  SetRegisteredModelTag: 'MlflowClient.set_registered_model_tag',
  TransitionModelVersionStage: 'MlflowClient.transition_model_version_stage',
  UpdateModelVersion: 'MlflowClient.update_model_version',
  UpdateRegisteredModel: 'MlflowClient.update_registered_model',
}

/** What an action needs beside it to be of use, as recorded from the real clients. */
export const closureRules: readonly ClosureRule[] = [
  {
    action: 'AccessUI',
    requires: [
      'GetExperiment',
      'GetExperimentByName',
      'GetLatestModelVersions',
      'GetLoggedModel',
      'GetMetricHistory',
      'GetModelVersion',
      'GetModelVersionByAlias',
      'GetRegisteredModel',
      'GetRun',
      'GetTraceInfo',
      'ListArtifacts',
      'ListLoggedModelArtifacts',
      'SearchExperiments',
      'SearchLoggedModels',
      'SearchModelVersions',
      'SearchRegisteredModels',
      'SearchRuns',
      'SearchTraces',
    ],
    functions: ['MLflow UI'],
  },
  {
    action: 'CreateExperiment',
    requires: ['GetExperiment', 'GetExperimentByName'],
    functions: ['mlflow.set_experiment'],
  },
  { action: 'CreateRun', requires: ['GetRun', 'UpdateRun'], functions: ['mlflow.start_run'] },
  {
    action: 'CreateRun',
    requires: ['GetExperimentByName'],
    functions: ['mlflow.set_experiment', 'mlflow.start_run'],
  },
  {
    action: 'LogModel',
    requires: [
      'FinalizeLoggedModel',
      'GetLoggedModel',
      'GetMetricHistory',
      'GetRun',
      'LogBatch',
      'LogOutputs',
    ],
    functions: ['mlflow.log_model'],
  },
  {
    action: 'CreateModelVersion',
    requires: [
      'CreateRegisteredModel',
      'GetLoggedModel',
      'GetRun',
      'SearchLoggedModels',
      'SetLoggedModelTags',
    ],
    functions: ['mlflow.register_model'],
  },
  {
    action: 'GetDownloadURIForModelVersionArtifacts',
    requires: ['GetRegisteredModel'],
    functions: ['mlflow.pyfunc.load_model', 'mlflow.artifacts.download_artifacts'],
  },
  {
    action: 'StartTrace',
    requires: ['EndTrace', 'SetTraceTag'],
    functions: ['mlflow.trace', 'mlflow.start_span'],
  },
  { action: 'EndTrace', requires: ['StartTrace'], functions: ['mlflow.trace', 'mlflow.start_span'] },
  ...Object.entries(registryWrites).map(([action, name]) => ({
    action,
    requires: ['GetRegisteredModel'],
    functions: [name],
  })),
]

/** The actions of a hand-picked set that cannot do their work, sorted by name; none where the set is closed. */
export function findClosureGaps(actions: ReadonlySet<string>): readonly ClosureGap[] {
  const gaps = new Map<string, { missing: Set<string>; functions: Set<string> }>()
  for (const rule of closureRules) {
    if (!actions.has(rule.action)) continue
    const missing = rule.requires.filter((action) => !actions.has(action))
    if (missing.length === 0) continue
    const gap = gaps.get(rule.action) ?? { missing: new Set(), functions: new Set() }
    for (const action of missing) gap.missing.add(action)
    for (const name of rule.functions) gap.functions.add(name)
    gaps.set(rule.action, gap)
  }
  return [...gaps]
    .map(([action, gap]) => ({ action, missing: [...gap.missing].sort(), functions: [...gap.functions] }))
    .sort((one, other) => (one.action < other.action ? -1 : 1))
}

/** The S3 access that hand-picked actions are useless without: the client reads and writes artifacts itself. */
export function s3NeedsOfActions(actions: Iterable<string>): S3Needs {
  let read = false
  let write = false
  let list = false
  for (const action of actions) {
    if (action === 'LogModel' || action === 'StartTrace' || action === 'EndTrace') write = true
    if (action === 'GetTraceInfo' || action === 'SearchTraces') read = true
    if (action === 'CreateModelVersion') list = true
    if (action === 'GetDownloadURIForModelVersionArtifacts') {
      read = true
      list = true
    }
  }
  return { read, write, list }
}
