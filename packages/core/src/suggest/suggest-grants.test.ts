import fc from 'fast-check'
import { expect, test } from 'vitest'
import { s3NeedsOfActions } from '../catalog/closure.ts'
import { mlflowFunctions } from '../catalog/functions.ts'
import { joinS3, noS3 } from '../catalog/join-s3.ts'
import { builtInPersonas } from '../personas/built-in.ts'
import { readPython } from './read-python.ts'
import { readSources } from './read-sources.ts'
import { type Suggestion, s3Words, suggestGrants } from './suggest-grants.ts'

const options = { personas: builtInPersonas }
const suggest = (source: string) => suggestGrants(readPython(source, 'a.py'), options)

function allowedBy(suggestion: Suggestion): readonly string[] {
  const persona = builtInPersonas.find((entry) => entry.name === suggestion.persona)
  const allowed = new Set([...(persona?.actions ?? []), ...suggestion.add])
  for (const action of suggestion.remove) allowed.delete(action)
  return [...allowed].sort()
}

/** Calls of every function on record, as one might write them. */
const anyCall = fc.constantFrom(
  ...new Set(
    mlflowFunctions().flatMap(({ name }) => {
      if (name.startsWith('MlflowClient.')) return [`mlflow.${name.replace('.', '().')}("a", "b")`]
      return /^mlflow\.[\w.]+$/.test(name) ? [`${name}("a", 1)`, `${name}()`, `${name}(run_id="r")`] : []
    }),
  ),
)
const anyScript = fc.array(anyCall, { maxLength: 12 }).map((calls) => ['import mlflow', ...calls].join('\n'))

test('a suggestion allows exactly the needed actions and brings the S3 access that they go with', () => {
  fc.assert(
    fc.property(anyScript, (script) => {
      const suggestion = suggest(script)
      expect(allowedBy(suggestion)).toEqual(suggestion.needs.actions)
      const persona = builtInPersonas.find((entry) => entry.name === suggestion.persona)
      const brought = s3Words(joinS3(persona?.s3 ?? noS3, s3NeedsOfActions(suggestion.add)))
      if (suggestion.needs.actions.length > 0)
        expect(brought).toEqual(expect.arrayContaining([...suggestion.needs.s3]))
    }),
    { numRuns: 150 },
  )
})

test('adding a call never removes an action', () => {
  fc.assert(
    fc.property(anyScript, anyCall, (script, call) => {
      const before = suggest(script).needs.actions
      expect(suggest(`${script}\n${call}`).needs.actions).toEqual(expect.arrayContaining([...before]))
    }),
    { numRuns: 150 },
  )
})

test('every reason stands for a needed action, and every needed action has a reason', () => {
  fc.assert(
    fc.property(anyScript, (script) => {
      const { needs, reasons } = suggest(script)
      expect([...new Set(reasons.map((reason) => reason.action))]).toEqual([...needs.actions])
      for (const reason of reasons) expect(reason.at).toMatch(/^a\.py:\d+$/)
    }),
    { numRuns: 50 },
  )
})

test('code that does what a persona is for gets that persona', () => {
  const source = `
import mlflow
from mlflow import MlflowClient
mlflow.set_experiment("x")
with mlflow.start_run():
    mlflow.log_param("a", 1); mlflow.log_metric("b", 1); mlflow.set_tag("c", 1); mlflow.log_params({})
    mlflow.log_input(d)
    mlflow.sklearn.log_model(m, "m", registered_model_name="n")
    mlflow.log_model_params({}, model_id="m-1")
mlflow.register_model(f"runs:/{r}/m", "n")
`
  const download = 'mlflow.artifacts.download_artifacts(run_id=r)\n'
  expect(suggest(source + download)).toMatchObject({ persona: 'training-job', add: [], remove: [] })
  // A persona that reads artifacts says more than code that only writes them.
  expect(suggest(source)).toMatchObject({ persona: null, remove: [] })
  expect(suggest(source).grants).toContain(
    '  # Shorter, but brings S3 access beyond the need (read): persona: training-job\n',
  )
})

test('the grants are lines of a grants file, with the place of each need as a comment', () => {
  const reading = readPython('import mlflow\nmlflow.get_run("a")\nmlflow.get_run("b")\n', 'train\n# x: [.py')
  const { grants } = suggestGrants(reading, { ...options, to: 'role/trainer', on: ['ml-dev'] })
  expect(grants).toBe(
    [
      'grants:',
      '  # GetRun: train?# x: [.py:2 mlflow.get_run, and 1 more',
      '  - to: role/trainer',
      '    on: [ml-dev]',
      '    add: [GetRun]',
      '',
    ].join('\n'),
  )
})

test('nothing needed, nothing granted', () => {
  expect(suggest('x = 1')).toEqual({
    version: 1,
    needs: { actions: [], s3: [] },
    persona: null,
    add: [],
    remove: [],
    grants: '',
    reasons: [],
    undecided: [],
  })
})

test('files that belong together are read together', () => {
  const files = [
    {
      name: 'main.py',
      text: 'import mlflow\nfrom steps import train\nwith mlflow.start_run(run_id="r"):\n  train()\n',
    },
    { name: 'steps.py', text: '\uFEFFimport mlflow\ndef train():\n  mlflow.log_param("a", 1)\n' },
  ]
  expect(suggestGrants(readSources(files), options).needs.actions).toEqual([
    'GetRun',
    'LogParam',
    'UpdateRun',
  ])
})

test.each([
  ['open brackets', '('.repeat(50_000)],
  ['a long chain', `mlflow${'.a'.repeat(50_000)}()`],
  [
    'names in a circle',
    `import mlflow\n${Array.from({ length: 300 }, (_, index) => `a${index} = a${(index + 1) % 300} or a${(index * 7) % 300} or mlflow`).join('\n')}\na1.get_run("r")`,
  ],
  [
    'functions in a circle',
    `import mlflow\n${Array.from({ length: 200 }, (_, index) => `def f${index}(x):\n  return f${(index + 1) % 200}(x) or f${(index * 3) % 200}(mlflow)`).join('\n')}\nf0(1).get_run("r")`,
  ],
  ['control characters', '\0\x01\u202e import mlflow'],
  [
    'names of objects',
    'import mlflow\nmlflow.__proto__()\nmlflow.constructor("a")\nmlflow.toString()\nhasOwnProperty()\n__proto__.log_metric()\n',
  ],
  ['a huge literal', `x = [${'1, '.repeat(100_000)}]\nimport mlflow\n`],
])('hostile code is read in bounded time: %s', (_, source) => {
  const suggestion = suggest(source)
  expect(allowedBy(suggestion)).toEqual(suggestion.needs.actions)
})

test('calls in a circle of names are found', () => {
  expect(suggest('import mlflow\na = b\nb = c or mlflow\nc = a\na.get_run("r")\n').needs.actions).toEqual([
    'GetRun',
  ])
})

test('a long file is read to its end', () => {
  const lines = Array.from({ length: 15_000 }, (_, index) => `mlflow.log_metric("m${index}", v, run_id=r)`)
  const suggestion = suggest(['import mlflow', ...lines, 'mlflow.delete_run("r")'].join('\n'))
  expect(suggestion.needs.actions).toEqual(['DeleteRun', 'GetRun', 'LogMetric'])
  expect(suggestion.reasons).toHaveLength(30_001)
  expect(suggestion.undecided).toEqual([])
})
