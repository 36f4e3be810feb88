import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mlflowFunctions } from '../catalog/functions.ts'
import { evaluateAccess } from '../evaluate/evaluate-access.ts'
import { parseGrants } from '../grants/parse-grants.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { projectPlan } from '../plan/project-plan.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import { readPython } from './read-python.ts'
import { suggestGrants } from './suggest-grants.ts'

const now = new Date('2026-11-24T12:00:00Z')
const head = `version: 1
name: trial
account: "123456789012"
region: eu-west-1
servers:
  ml-dev: { artifacts: s3://ml-dev-mlflow/experiments }
`

/** What the suggested lines allow once they are planned and applied to an account that holds nothing else. */
function allowedAfterApplying(grants: string): readonly string[] {
  const file = parseGrants(head + grants, 'grants.yaml')
  const before = assumeAccount(file, now)
  const after = projectPlan(before, buildPlan({ file, snapshot: before, prune: false, now }).operations)
  return evaluateAccess(after, { now }).flatMap((row) => (row.server.endsWith('/ml-dev') ? row.allowed : []))
}

const suggest = (source: string) =>
  suggestGrants(readPython(source, 'train.py'), {
    personas: builtInPersonas,
    to: 'role/trainer',
    on: ['ml-dev'],
  })

test('the suggested lines, applied, allow exactly what the script calls', () => {
  const source = `
import mlflow
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

mlflow.set_experiment("iris")
with mlflow.start_run():
    model = LogisticRegression().fit(x, y)
    mlflow.log_params(model.get_params())
    mlflow.log_metric("accuracy", 0.97)
    mlflow.sklearn.log_model(model, name="model", signature=infer_signature(x, y), registered_model_name="iris")
`
  const suggestion = suggest(source)
  expect(allowedAfterApplying(suggestion.grants)).toEqual(suggestion.needs.actions)
  expect(suggestion.needs.actions).toContain('CreateModelVersion')
})

test('so do the lines for any calls', () => {
  const calls = [
    ...new Set(
      mlflowFunctions.flatMap(({ name }) => {
        if (name.startsWith('MlflowClient.')) return [`mlflow.${name.replace('.', '().')}("a", "b")`]
        return /^mlflow\.[\w.]+$/.test(name) ? [`${name}("a", 1)`] : []
      }),
    ),
  ]
  fc.assert(
    fc.property(fc.subarray(calls, { maxLength: 20 }), (lines) => {
      const suggestion = suggest(['import mlflow', ...lines].join('\n'))
      if (suggestion.grants !== '') {
        expect(allowedAfterApplying(suggestion.grants)).toEqual(suggestion.needs.actions)
      }
    }),
    { numRuns: 60 },
  )
})
