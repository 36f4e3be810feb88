import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { controlPlaneFacts, mlflowFacts, supportFacts } from './actions.generated.ts'
import {
  actionGroups,
  actionsOfGroup,
  catalogSource,
  controlPlaneActions,
  findAction,
  mlflowActions,
  supportActions,
} from './actions.ts'
import { mlflowFunctions } from './functions.ts'

/** AWS guide, "IAM actions supported for MLflow", in its order. */
const guide = `AccessUI CreateExperiment SearchExperiments GetExperiment GetExperimentByName DeleteExperiment
  RestoreExperiment UpdateExperiment CreateRun DeleteRun RestoreRun GetRun LogMetric LogBatch LogModel LogInputs
  SetExperimentTag SetTag DeleteTag LogParam GetMetricHistory SearchRuns ListArtifacts UpdateRun
  CreateRegisteredModel GetRegisteredModel RenameRegisteredModel UpdateRegisteredModel DeleteRegisteredModel
  GetLatestModelVersions CreateModelVersion GetModelVersion UpdateModelVersion DeleteModelVersion
  SearchModelVersions GetDownloadURIForModelVersionArtifacts TransitionModelVersionStage SearchRegisteredModels
  SetRegisteredModelTag DeleteRegisteredModelTag DeleteModelVersionTag DeleteRegisteredModelAlias
  SetRegisteredModelAlias GetModelVersionByAlias`.split(/\s+/)

test('the generated tables agree with the service authorization data and the recorded calls', () => {
  const script = fileURLToPath(new URL('../../scripts/generate-catalog.mjs', import.meta.url))
  const run = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
})

test('every action of the data has our words, and no words stand without an action', () => {
  const names = (list: readonly { readonly name: string }[]) => list.map((entry) => entry.name).sort()
  expect(names(mlflowActions)).toEqual(names(mlflowFacts))
  expect(names(controlPlaneActions)).toEqual(names(controlPlaneFacts))
  expect(names(supportActions)).toEqual(names(supportFacts))
  expect(mlflowActions).toHaveLength(61)
  expect(controlPlaneActions).toHaveLength(15)
  expect(supportActions).toHaveLength(14)
  expect(catalogSource.date).toMatch(/^\d{4}-\d\d-\d\d$/)
})

test('the guide lists 44 of the 61 actions', () => {
  const inGuide = mlflowActions.filter((action) => action.inGuide).map((action) => action.bare)
  expect(guide).toHaveLength(44)
  expect(inGuide.sort()).toEqual([...guide].sort())
})

test('the 61 actions stand in eight groups, deletions last in each', () => {
  const sizes = actionGroups.map((group) => actionsOfGroup(group).length)
  expect(sizes).toEqual([1, 8, 8, 8, 8, 11, 10, 7])
  for (const group of actionGroups) {
    const deletes = actionsOfGroup(group).map((action) => action.bare.startsWith('Delete'))
    expect(deletes).toEqual([...deletes].sort())
  }
})

test('only AccessUI and the two lists have no resource type', () => {
  const wide = [...mlflowActions, ...controlPlaneActions, ...supportActions]
    .filter((action) => action.resourceTypes.length === 0)
    .map((action) => action.name)
  expect(wide.sort()).toEqual([
    'sagemaker-mlflow:AccessUI',
    'sagemaker:ListMlflowApps',
    'sagemaker:ListMlflowTrackingServers',
  ])
})

test('a description is one short plain line', () => {
  for (const action of [...mlflowActions, ...controlPlaneActions, ...supportActions]) {
    expect(action.description).toMatch(/^[a-z][ -~]{8,78}[^.\s]$/)
  }
})

test('an action is found by its full name, its bare name, and in any case', () => {
  expect(findAction('sagemaker-mlflow:LogMetric')?.bare).toBe('LogMetric')
  expect(findAction('logmetric')?.name).toBe('sagemaker-mlflow:LogMetric')
  expect(findAction('SAGEMAKER:callmlflowappapi')?.group).toBe('Apps')
  expect(findAction('s3:PutObject')?.access).toBe('Write')
  expect(findAction('s3:LogMetric')).toBeUndefined()
  expect(findAction('__proto__')).toBeUndefined()
  expect(findAction('')).toBeUndefined()
})

test('an action names exactly the functions that call it', () => {
  for (const action of mlflowActions) {
    const callers = mlflowFunctions().filter((entry) => entry.actions.includes(action.bare))
    expect(action.functions).toEqual([...new Set(callers.map((entry) => entry.name))].sort())
  }
})
