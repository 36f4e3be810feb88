import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Context, judge } from '../../test/oracle/naive-evaluator.ts'
import { mlflowActions } from '../catalog/actions.ts'
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

/** What the suggested lines allow, said by an evaluator that shares nothing with the product's. */
function judgedAfterApplying(grants: string) {
  const file = parseGrants(head + grants, 'grants.yaml')
  const before = assumeAccount(file, now)
  const after = projectPlan(before, buildPlan({ file, snapshot: before, prune: false, now }).operations)
  const trainer = after.roles.find((role) => role.name === 'trainer')
  const documents = (trainer?.attached ?? []).flatMap((arn) => {
    const policy = after.policies.find((each) => each.arn === arn)
    return policy?.versions.find(({ id }) => id === policy.defaultVersion)?.document ?? []
  })
  const isAllowed = (action: string, resource: string, context: Context = {}) =>
    judge({ action, resource, context }, documents) === 'allowed'
  const mine = 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-dev'
  const bucket = 'arn:aws:s3:::ml-dev-mlflow'
  const object = `${bucket}/experiments/1/run/artifacts/model.pkl`
  const inside: Context = { 's3:prefix': ['experiments/1/'] }
  return {
    actions: mlflowActions
      .filter(({ name, bare }) => isAllowed(name, bare === 'AccessUI' ? '*' : mine))
      .map(({ bare }) => bare)
      .sort(),
    elsewhere: mlflowActions.filter(({ name }) => isAllowed(name, mine.replace('ml-dev', 'ml-prod'))),
    s3: [
      ...(isAllowed('s3:GetObject', object) ? ['read'] : []),
      ...(isAllowed('s3:PutObject', object) ? ['write'] : []),
      ...(isAllowed('s3:ListBucket', bucket, inside) ? ['list'] : []),
    ],
    beyondS3: [
      isAllowed('s3:DeleteObject', object),
      isAllowed('s3:GetObject', `${bucket}/other/model.pkl`),
      isAllowed('s3:PutObject', 'arn:aws:s3:::other-bucket/experiments/1/model.pkl'),
      isAllowed('s3:ListBucket', bucket, { 's3:prefix': [''] }),
    ],
  }
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
      mlflowFunctions().flatMap(({ name }) => {
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

const script = (...lines: readonly string[]) =>
  ['import mlflow', 'mlflow.set_experiment("iris")', 'with mlflow.start_run() as run:', ...lines].join('\n  ')

test.each([
  ['metrics alone', script('mlflow.log_metric("a", 1)'), []],
  ['a model', script('mlflow.log_param("a", 1)', 'mlflow.sklearn.log_model(m, name="model")'), ['write']],
  ['a file', script('mlflow.log_metric("a", 1)', 'mlflow.log_artifact("plot.png")'), ['write']],
  ['a trace', 'import mlflow\n@mlflow.trace\ndef f(x):\n  return x\nf(1)\n', undefined],
  ['a download', 'import mlflow\nmlflow.artifacts.download_artifacts(run_id="r")\n', ['read', 'list']],
  ['a registered version', 'import mlflow\nmlflow.register_model("runs:/r/m", "n")\n', ['list']],
  ['loading a version', 'import mlflow\nmlflow.pyfunc.load_model("models:/n/1")\n', ['read', 'list']],
] as const)('a second evaluator finds exactly the calls of a script that does %s', (_, source, s3) => {
  const { grants, needs, undecided } = suggest(source)
  expect(undecided).toEqual([])
  const judged = judgedAfterApplying(grants)
  expect(judged.actions).toEqual(needs.actions)
  expect(judged.elsewhere).toEqual([])
  expect(judged.beyondS3).toEqual([false, false, false, false])
  if (s3) {
    expect(needs.s3).toEqual(s3)
    expect(judged.s3).toEqual(s3)
  }
})
