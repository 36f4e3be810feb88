import { expect, test } from 'vitest'
import { findAction } from './actions.ts'
import { findFunctions, mlflowFunctions, needsOf } from './functions.ts'

const namesOf = (query: string) => [...new Set(findFunctions(query).map((entry) => entry.name))].sort()

test('every recorded action exists, and client versions add up to the whole', () => {
  for (const entry of mlflowFunctions()) {
    for (const action of entry.actions) expect(findAction(action)?.name).toBe(`sagemaker-mlflow:${action}`)
    const versions = Object.values(entry.versions)
    if (versions.length > 0) expect([...new Set(versions.flat())].sort()).toEqual([...entry.actions].sort())
  }
  expect(new Set(mlflowFunctions().map((entry) => `${entry.name}|${entry.form}`)).size).toBe(
    mlflowFunctions().length,
  )
})

test.each([
  ['mlflow.log_metric', ['mlflow.log_metric']],
  ['mlflow.log_metric("loss", 0.1, step=3)', ['mlflow.log_metric']],
  ['  mlflow . log_metric (', ['mlflow.log_metric']],
  ['log_metric(', ['MlflowClient.log_metric', 'mlflow.log_metric']],
  ['log_metric', ['MlflowClient.log_metric', 'mlflow.log_metric']],
  ['client.log_metric', ['MlflowClient.log_metric']],
  ['MlflowClient.log_metric', ['MlflowClient.log_metric']],
  ['MlflowClient().log_metric(run_id, "a", 1)', ['MlflowClient.log_metric']],
  ['mlflow.MlflowClient(uri).log_metric', ['MlflowClient.log_metric']],
  ['mlflow.tracking.MlflowClient.log_metric', ['MlflowClient.log_metric']],
  ['mlflow.tracking.fluent.log_metric', ['mlflow.log_metric']],
  ['mlflow.log_model', ['mlflow.pyfunc.log_model', 'mlflow.sklearn.log_model']],
  ['log_model(', ['mlflow.pyfunc.log_model', 'mlflow.sklearn.log_model']],
  ['mlflow.sklearn.log_model', ['mlflow.pyfunc.log_model', 'mlflow.sklearn.log_model']],
  ['mlflow.xgboost.log_model(model, name="m")', ['mlflow.pyfunc.log_model', 'mlflow.sklearn.log_model']],
  ['mlflow.pytorch.load_model', ['mlflow.pyfunc.load_model', 'mlflow.sklearn.load_model']],
  ['mlflow.lightgbm.autolog()', ['mlflow.sklearn.autolog']],
  ['mlflow.openai.autolog()', ['mlflow.<genai flavor>.autolog']],
  ['mlflow.autolog()', ['mlflow.<genai flavor>.autolog', 'mlflow.sklearn.autolog']],
  ['autolog', ['mlflow.<genai flavor>.autolog', 'mlflow.sklearn.autolog']],
  ['@mlflow.trace', ['mlflow.trace']],
  ['with mlflow.start_run() as run:', ['mlflow.start_run']],
  ['await mlflow.log_metric', ['mlflow.log_metric']],
  ['mlflow.load_prompt("prompts:/a/1")', ['mlflow.genai.load_prompt']],
  ['client.load_prompt', ['mlflow.genai.load_prompt']],
  ['mlflow.register_model', ['mlflow.register_model']],
  ['mlflow.no_such_function', []],
  ['constructor', []],
  ['mlflow.__proto__', []],
  ['', []],
  ['(((', []],
])('%s means %j', (query, names) => {
  expect(namesOf(query)).toEqual(names)
})

test('the need of a name is the union over client versions and call forms', () => {
  const needs = needsOf(findFunctions('mlflow.log_model'))
  expect(needs.actions).toEqual([
    'CreateModelVersion',
    'CreateRegisteredModel',
    'FinalizeLoggedModel',
    'GetLoggedModel',
    'GetMetricHistory',
    'GetRun',
    'LogBatch',
    'LogModel',
    'LogOutputs',
    'SetLoggedModelTags',
  ])
  expect(needs.s3).toEqual({ read: true, write: true, list: true })
  expect(needsOf(findFunctions('mlflow.log_metric')).actions).toContain('GetRun')
})

test('a presigned URL needs the SageMaker action, not an MLflow one', () => {
  const needs = needsOf(findFunctions('sagemaker_mlflow.presigned_url.get_presigned_url'))
  expect(needs.actions).toEqual([])
  expect(needs.alsoNeeds).toContain('sagemaker:CreatePresignedMlflowTrackingServerUrl')
})

test('a very long query is answered at once', () => {
  expect(findFunctions(`mlflow.${'a.'.repeat(100_000)}log_metric`)).toEqual([])
  expect(findFunctions(`MlflowClient(${'('.repeat(100_000)}`)).toEqual([])
})
