import { expect, test } from 'vitest'
import { findFunctions, needsOf } from '../catalog/functions.ts'
import { builtInPersonas } from './built-in.ts'
import type { Persona } from './persona.ts'

const sizes: Record<string, number> = {
  viewer: 20,
  auditor: 19,
  'data-scientist': 44,
  'ml-engineer': 51,
  'model-approver': 27,
  'genai-developer': 43,
  'training-job': 21,
  'ci-cd': 39,
  'model-consumer': 10,
  'trace-writer': 6,
  'mlops-admin': 61,
  'server-operator': 0,
  'use-mlflow': 61,
  'manage-mlflow-tracking-servers': 0,
  'access-aws-services-for-mlflow': 0,
}

/** What ran as each persona with real clients, every action enforced: workflow, functions, personas that can. */
const all = 'viewer auditor data-scientist ml-engineer model-approver genai-developer mlops-admin use-mlflow'
const makers = 'data-scientist ml-engineer genai-developer mlops-admin'
const recorders = `${makers} training-job ci-cd`
const workflows: readonly (readonly [string, string])[] = [
  ['mlflow.set_experiment', recorders],
  ['mlflow.create_experiment', recorders],
  ['mlflow.log_params', recorders],
  ['mlflow.log_param', recorders],
  ['mlflow.log_metrics', recorders],
  ['mlflow.log_metric', recorders],
  ['mlflow.set_tag', recorders],
  ['mlflow.set_tags', recorders],
  ['mlflow.log_input', recorders],
  ['mlflow.log_artifact', recorders],
  ['mlflow.log_table', recorders],
  ['mlflow.start_run', recorders],
  ['mlflow.end_run', recorders],
  ['mlflow.log_model', recorders],
  ['mlflow.register_model', recorders],
  ['mlflow.sklearn.autolog', recorders],
  ['mlflow.create_external_model', recorders],
  ['mlflow.search_experiments', `${all} ci-cd`],
  ['mlflow.search_runs', `${all} ci-cd`],
  ['mlflow.search_model_versions', `${all} ci-cd model-consumer`],
  ['mlflow.search_registered_models', `${all} ci-cd model-consumer`],
  ['MlflowClient.get_metric_history', `${all} ci-cd training-job`],
  ['MLflow UI', all],
  [
    'mlflow.pyfunc.load_model',
    'viewer data-scientist ml-engineer model-approver genai-developer ci-cd model-consumer',
  ],
  [
    'mlflow.artifacts.download_artifacts',
    'viewer data-scientist ml-engineer genai-developer ci-cd model-consumer',
  ],
  ['mlflow.trace', makers],
  ['mlflow.start_span', `${makers} trace-writer`],
  ['MlflowClient.start_trace', `${makers} trace-writer`],
  ['MlflowClient.set_trace_tag', `${makers} trace-writer`],
  ['mlflow.search_traces', all],
  ['mlflow.get_trace', `${all} trace-writer`],
  ['mlflow.genai.register_prompt', `${makers} ci-cd`],
  ['mlflow.genai.load_prompt', `${makers} ci-cd`],
  ['mlflow.set_experiment_tag', `${makers} ci-cd`],
  ['MlflowClient.set_model_version_tag', 'ml-engineer model-approver ci-cd mlops-admin'],
  ['MlflowClient.delete_model_version_tag', 'ml-engineer model-approver ci-cd mlops-admin'],
  ['MlflowClient.update_model_version', 'data-scientist ml-engineer model-approver ci-cd mlops-admin'],
  ['MlflowClient.set_registered_model_tag', 'ml-engineer model-approver ci-cd mlops-admin'],
  ['MlflowClient.set_registered_model_alias', 'model-approver ci-cd mlops-admin'],
  ['MlflowClient.delete_registered_model_alias', 'model-approver mlops-admin'],
  ['MlflowClient.transition_model_version_stage', 'model-approver ci-cd mlops-admin'],
  ['mlflow.delete_run', 'ml-engineer mlops-admin'],
  ['MlflowClient.restore_run', 'ml-engineer mlops-admin'],
  ['mlflow.delete_experiment', 'mlops-admin'],
  ['MlflowClient.restore_experiment', 'mlops-admin'],
  ['MlflowClient.delete_model_version', 'mlops-admin'],
  ['MlflowClient.delete_registered_model', 'mlops-admin'],
  ['MlflowClient.delete_logged_model', 'mlops-admin'],
  ['MlflowClient.delete_traces', 'mlops-admin'],
  ['MlflowClient.rename_registered_model', 'mlops-admin'],
]

const named = (name: string): Persona => {
  const persona = builtInPersonas.find((entry) => entry.name === name)
  if (!persona) throw new Error(`no persona ${name}`)
  return persona
}
const actionsOf = (...names: readonly string[]) => new Set(names.flatMap((name) => [...named(name).actions]))

test('the built-in personas have the sizes that were measured', () => {
  expect(
    Object.fromEntries(builtInPersonas.map((persona) => [persona.name, persona.actions.length])),
  ).toEqual(sizes)
})

test.each(workflows)('%s runs as each persona that claims it', (name, personas) => {
  const functions = findFunctions(name)
  expect(functions.length).toBeGreaterThan(0)
  const needs = needsOf(functions)
  for (const persona of personas.split(' ').map(named)) {
    expect([persona.name, needs.actions.filter((action) => !persona.actions.includes(action))]).toEqual([
      persona.name,
      [],
    ])
  }
})

const deleting = workflows.filter(([name]) => /delete|restore|rename|transition|alias/.test(name))
test.each(deleting)('%s is refused to every other built-in persona', (name, personas) => {
  const needs = needsOf(findFunctions(name)).actions
  for (const persona of builtInPersonas) {
    if (personas.split(' ').includes(persona.name) || persona.wildcard) continue
    expect([persona.name, needs.every((action) => persona.actions.includes(action))]).toEqual([
      persona.name,
      false,
    ])
  }
})

test('viewer is within every persona with the UI but auditor, and admin holds everything', () => {
  for (const persona of builtInPersonas) {
    if (persona.ui && persona.name !== 'auditor') {
      expect(persona.actions).toEqual(expect.arrayContaining([...named('viewer').actions]))
    }
    expect(named('mlops-admin').actions).toEqual(expect.arrayContaining([...persona.actions]))
  }
})

test('engineer and approver together hold everything but the seven actions of admins', () => {
  const both = actionsOf('ml-engineer', 'model-approver')
  expect(named('mlops-admin').actions.filter((action) => !both.has(action))).toEqual([
    'DeleteExperiment',
    'DeleteLoggedModel',
    'DeleteModelVersion',
    'DeleteRegisteredModel',
    'DeleteTraces',
    'RenameRegisteredModel',
    'RestoreExperiment',
  ])
})

test('an author cannot approve and an approver cannot author', () => {
  for (const author of ['data-scientist', 'ml-engineer', 'genai-developer', 'training-job']) {
    expect(named(author).actions).not.toContain('SetRegisteredModelAlias')
    expect(named(author).actions).not.toContain('TransitionModelVersionStage')
  }
  for (const action of ['LogModel', 'CreateModelVersion', 'CreateRun']) {
    expect(named('model-approver').actions).not.toContain(action)
  }
})

test('only use-mlflow holds the wildcard, and the UI comes exactly with AccessUI', () => {
  for (const persona of builtInPersonas) {
    expect(persona.wildcard).toBe(persona.name === 'use-mlflow')
    expect(persona.ui).toBe(persona.actions.includes('AccessUI'))
    expect(persona.builtIn).toBe(true)
    expect(persona.purpose).toMatch(/^[A-Z][ -~]+\.$/)
  }
})
