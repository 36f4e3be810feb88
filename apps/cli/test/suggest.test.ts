import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { mlflowActions } from '@mlflow-iam/core/catalog/actions'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { expect, test } from 'vitest'
import { judge } from '../../../packages/core/test/oracle/naive-evaluator.ts'
import { grantsText, openPlace, type Place } from './run-program.ts'

const script = `import mlflow
from sklearn.linear_model import LogisticRegression

mlflow.set_experiment("iris")
with mlflow.start_run():
    model = LogisticRegression().fit(x, y)
    mlflow.log_params(model.get_params())
    mlflow.log_metric("accuracy", 0.97)
    mlflow.sklearn.log_model(model, name="model")
`

/** What the program says as JSON, and how it ended. */
async function ask(place: Place, ...args: readonly string[]) {
  const { exit, out, err } = await place.run(...args, '--json')
  expect(exit, err + out).toBe(0)
  return JSON.parse(out)
}

function write(place: Place, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(place.folder, name, '..'), { recursive: true })
    writeFileSync(join(place.folder, name), text)
  }
}

test('what is suggested for a training script, applied and read back, allows exactly its calls', async () => {
  const place = openPlace()
  write(place, { 'train.py': script })
  const suggestion = await ask(
    place,
    'suggest',
    'train.py',
    '--principal',
    'role/gpu-jobs',
    '--server',
    'ml-dev',
  )
  expect(Object.keys(suggestion)).toEqual([
    'version',
    'needs',
    'persona',
    'add',
    'remove',
    'grants',
    'reasons',
    'undecided',
  ])
  expect(suggestion.undecided).toEqual([])
  expect(suggestion.needs.s3).toEqual(['write'])
  expect(suggestion.needs.actions).toEqual(expect.arrayContaining(['CreateRun', 'LogMetric', 'LogModel']))
  expect(suggestion.reasons).toContainEqual({
    action: 'LogMetric',
    at: 'train.py:8',
    function: 'mlflow.log_metric',
    evidence: 'measured',
  })
  const file = grantsText(suggestion.grants.replace(/^grants:\n/, ''))
  write(place, { 'grants.yaml': file })
  expect(file).toContain('  # LogMetric: train.py:8 mlflow.log_metric')
  const plan = await ask(place, 'plan', '-f', 'grants.yaml', '--sandbox', '-o', 'plan.json')
  expect(plan.totals).toMatchObject({ removes: 0, deletes: 0 })
  const applied = await place.run('apply', 'plan.json', '--sandbox', '--yes')
  expect(applied.exit, applied.err).toBe(0)
  const shown = await ask(place, 'show', '--sandbox', '--principal', 'role/gpu-jobs', '--server', 'ml-dev')
  const [row] = shown.access
  expect(row.allowed).toEqual(suggestion.needs.actions)
  const verified = await place.run('verify', '-f', 'grants.yaml', '--sandbox')
  expect(verified.exit, verified.out).toBe(0)

  // The same said by an evaluator that shares nothing with the product, from what was read back.
  expect((await place.run('snapshot', '-o', 'after.json', '--sandbox')).exit).toBe(0)
  const may = judgeOf(JSON.parse(readFileSync(join(place.folder, 'after.json'), 'utf8')), 'gpu-jobs')
  const allowed = mlflowActions.filter(({ name }) => may(name, server)).map(({ bare }) => bare)
  expect(allowed.sort()).toEqual(suggestion.needs.actions)
  expect(mlflowActions.filter(({ name }) => may(name, server.replace('ml-dev', 'ml-prod')))).toEqual([])
  const bucket = 'arn:aws:s3:::ml-dev-mlflow'
  expect(may('s3:PutObject', `${bucket}/experiments/1/model.pkl`)).toBe(true)
  expect(may('s3:GetObject', `${bucket}/experiments/1/model.pkl`)).toBe(false)
  expect(may('s3:DeleteObject', `${bucket}/experiments/1/model.pkl`)).toBe(false)
  expect(may('s3:PutObject', `${bucket}/elsewhere/model.pkl`)).toBe(false)
  expect(may('s3:ListBucket', bucket)).toBe(false)
}, 60_000)

/** What a role of a snapshot may do, as the naive evaluator reads its policies. */
function judgeOf(snapshot: Snapshot, name: string) {
  const role = snapshot.roles.find((each) => each.name === name)
  const attached = (role?.attached ?? []).flatMap((arn) => {
    const policy = snapshot.policies.find((each) => each.arn === arn)
    return policy?.versions.find(({ id }) => id === policy.defaultVersion)?.document ?? []
  })
  const documents = [...attached, ...(role?.inline ?? []).map(({ document }) => document)]
  expect(documents.length).toBeGreaterThan(0)
  return (action: string, resource: string) =>
    judge({ action, resource, context: { 's3:prefix': ['experiments/1/'] } }, documents) === 'allowed'
}

test('folders are searched for Python and notebooks, and what cannot be read there is told', async () => {
  const place = openPlace()
  const notebook = {
    nbformat: 4,
    metadata: { kernelspec: { language: 'python' } },
    cells: [
      { cell_type: 'code', source: ['%pip install mlflow\n', 'import mlflow\n', 'mlflow.get_run("r")'] },
      { cell_type: 'code', source: 'this is (no python' },
    ],
  }
  write(place, {
    'src/a.py': 'import mlflow\nmlflow.log_metric("a", 1, run_id="r")\ngetattr(mlflow, name)()\n',
    'src/deep/nb.ipynb': JSON.stringify(notebook),
    'src/latin.py': Buffer.from([0x23, 0xe9, 0x0a]),
    'src/\u001b[31m"\n.py': 'import mlflow\nmlflow.delete_run("r")\n',
    'src/README.md': 'mlflow.delete_experiment("1")',
    'src/venv/lib.py': 'import mlflow\nmlflow.delete_experiment("1")\n',
    'src/.hidden/lib.py': 'import mlflow\nmlflow.delete_experiment("1")\n',
    'src/large.py': `x = "${'a'.repeat(20_000_001)}"\n`,
    'src/shut.py': 'import mlflow\n',
  })
  chmodSync(join(place.folder, 'src/shut.py'), 0)
  symlinkSync('.', join(place.folder, 'src/circle'))
  symlinkSync('nowhere.py', join(place.folder, 'src/gone.py'))
  const { needs, undecided } = await ask(place, 'suggest', 'src', 'src/a.py')
  expect(needs.actions).toEqual(['DeleteRun', 'GetRun', 'LogMetric'])
  const told = undecided.map(({ at, why }: { at: string; why: string }) => `${at} ${why}`)
  const places = [
    'src/a.py:3',
    'src/latin.py:1',
    'src/large.py:1',
    'src/circle',
    'src/gone.py:1',
    'src/deep/nb.ipynb:',
  ]
  for (const where of places) {
    expect(told).toContainEqual(expect.stringContaining(where))
  }
  const { out } = await place.run('suggest', 'src')
  expect(out).not.toContain('\u001b')
  expect(out).toContain('recorded from a real')
  const missing = await place.run('suggest', 'src', 'none.py')
  expect(missing.exit).toBe(3)
  expect(missing.err).toContain('"none.py"')
}, 60_000)

const ana = 'arn:aws:iam::123456789012:user/ana'
const server = 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-dev'

function record(name: string, time: string, more: object = {}) {
  return {
    userIdentity: { type: 'IAMUser', arn: ana },
    eventTime: time,
    eventSource: 'sagemaker.amazonaws.com',
    eventName: `Mlflow${name}`,
    resources: [{ type: 'AWS::SageMaker::MlflowTrackingServer', ARN: server }],
    ...more,
  }
}

const records = JSON.stringify({
  Records: [
    record('CreateRun', '2026-09-01T10:00:00Z'),
    record('LogMetric', '2026-09-01T10:00:01Z'),
    record('LogMetric', '2026-09-02T10:00:01Z'),
    record('DeleteRun', '2025-01-01T10:00:00Z'),
    record('DeleteExperiment', '2026-09-01T10:00:02Z', { errorCode: 'AccessDenied' }),
    { eventName: 'ListBuckets', eventSource: 's3.amazonaws.com' },
  ],
})
const grants = grantsText(
  '  # Ana trains.\n  - to: user/ana\n    on: ml-dev\n    add: [CreateRun, LogMetric, LogParam, DeleteRun, StartTrace, AccessUI]\n',
)

test('records say who used what, what was refused, and what is granted and unused; the change is a diff', async () => {
  const place = openPlace()
  write(place, { 'events.json.gz': gzipSync(records), 'grants.yaml': grants })
  const since = ['--since', '2026-01-01']
  const args = ['suggest', '--cloudtrail', 'events.json.gz', '-f', 'grants.yaml', '--offline', ...since]
  const { usage, diff, narrowed, undecided } = await ask(place, ...args)
  expect(usage).toHaveLength(1)
  expect(usage[0]).toMatchObject({
    principal: ana,
    server,
    used: expect.arrayContaining([
      { action: 'LogMetric', count: 2, last: '2026-09-02T10:00:01Z' },
      { action: 'DeleteRun', count: 1, last: '2025-01-01T10:00:00Z' },
    ]),
    denied: [{ action: 'DeleteExperiment', count: 1, last: '2026-09-01T10:00:02Z' }],
    unused: ['DeleteRun', 'LogParam'],
    unseen: ['AccessUI', 'StartTrace'],
  })
  expect(undecided[0].why).toContain('DeleteExperiment was denied once')
  expect(diff).toContain('-    add: [CreateRun, LogMetric, LogParam, DeleteRun, StartTrace, AccessUI]\n')
  expect(narrowed).toBe(grants.replace(' LogParam, DeleteRun,', ''))

  const { exit, out, err } = await place.run(...args, '-o', 'narrow.yaml')
  expect(exit, err).toBe(0)
  expect(out).toContain('DeleteRun (last 2025-01-01T10:00:00Z), LogParam')
  expect(out).toContain('+    add: [CreateRun, LogMetric, StartTrace, AccessUI]')
  expect(err).toContain('CloudTrail shows MLflow calls only where data events are on')
  expect(readFileSync(join(place.folder, 'narrow.yaml'), 'utf8')).toBe(narrowed)
  expect((await place.run(...args, '-o', 'grants.yaml')).exit).toBe(11)
  expect((await place.run('check', '-f', 'narrow.yaml')).exit).toBe(0)
  const planned = await place.run(
    'plan',
    '-f',
    'grants.yaml',
    '--offline',
    '--unused',
    'events.json.gz',
    ...since,
  )
  expect(planned.out).toContain('2 granted actions')
}, 60_000)

test('records come from standard input, packed or not, and from the folders of a trail', async () => {
  const place = openPlace()
  write(place, {
    'AWSLogs/1/CloudTrail/eu-west-1/2026/a.json.gz': gzipSync(records),
    'AWSLogs/1/CloudTrail-Digest/d.json': '{"digest":{"not":"a record"}}',
  })
  const wanted = ['CreateRun', 'DeleteRun', 'LogMetric']
  for (const input of [records, gzipSync(records)]) {
    const ran = await place.runWith({ input }, 'suggest', '--cloudtrail', '-', '--json')
    expect(ran.exit, ran.err).toBe(0)
    expect(JSON.parse(ran.out).needs.actions).toEqual(wanted)
  }
  const found = await ask(place, 'suggest', '--cloudtrail', 'AWSLogs')
  expect(found.grants).toContain(
    '  - to: user/ana\n    on: [ml-dev]\n    add: [CreateRun, DeleteRun, LogMetric]\n',
  )
  expect(found.usage[0]).not.toHaveProperty('unused')
  const { out } = await place.run('suggest', '--cloudtrail', 'AWSLogs')
  expect(out).toContain('add -f grants.yaml')
  write(place, { 'broken.json.gz': gzipSync(records).subarray(0, 60), 'none.json': '{"Records":[]}' })
  const broken = await place.run('suggest', '--cloudtrail', 'broken.json.gz')
  expect(broken.exit).toBe(3)
  expect(broken.err).toContain('"broken.json.gz"')
  write(place, { 'cut.json': '{"Records": [{' })
  const wrong = await place.run('suggest', '--cloudtrail', 'cut.json', '--json')
  expect({ exit: wrong.exit, ...JSON.parse(wrong.out) }).toMatchObject({
    exit: 3,
    error: { code: 'NOT_RECORDS', what: 'There is no CloudTrail record in cut.json.' },
  })
  write(place, {
    'train.py': script,
    'dicts.py': 'settings = {"lr": 0.1}\nprint({name: 1 for name in settings})\n',
    'package.json': '{"name": "trainer", "files": ["src"]}',
  })
  for (const name of ['train.py', 'dicts.py', 'package.json']) {
    const other = await place.run('suggest', '--cloudtrail', name)
    expect(other.exit, name).toBe(3)
    expect(other.err).toContain(`There is no CloudTrail record in ${name}.`)
    expect(other.err).toMatch(/why .*no JSON[\s\S]*bucket/)
  }
  expect((await place.run('suggest', '--cloudtrail', 'none.json')).out).toContain('data events may be off')
}, 60_000)

test('a server may be named by its ARN, and its key is what the lines say', async () => {
  const place = openPlace()
  write(place, { 'a.py': 'import mlflow\nmlflow.get_run("r")\n' })
  const { grants } = await ask(place, 'suggest', 'a.py', '--server', server)
  expect(grants).toContain('    on: [ml-dev]\n')
})

test('a denial is read the same way by suggest and explain', async () => {
  const place = openPlace()
  const text = `User: ${ana} is not authorized to perform: sagemaker-mlflow:DeleteRun on resource: ${server} because no identity-based policy allows the sagemaker-mlflow:DeleteRun action`
  const suggestion = await ask(place, 'suggest', '--denied', text)
  const explanation = await ask(place, 'explain', text)
  expect(suggestion.needs.actions).toEqual(['DeleteRun'])
  expect(explanation).toMatchObject({ kind: 'denial', needs: { actions: ['DeleteRun'] } })
  expect(suggestion.reasons[0]).toMatchObject({ at: 'denied:1', evidence: 'denial' })
})

test('a denial suggests only what a grants file can say, and says what no grant can allow', async () => {
  const place = openPlace()
  write(place, { 'train.py': script })
  const session = 'arn:aws:sts::123456789012:assumed-role/gpu-jobs/session'
  const say = (action: string, resource: string, more = '') =>
    `User: ${session} is not authorized to perform: ${action} on resource: ${resource}${more}`
  const denials = [
    say('sagemaker-mlflow:LogMetric', server),
    say('s3:GetObject', 'arn:aws:s3:::ml-dev-mlflow/experiments/1/x'),
    say('sagemaker:ListMlflowTrackingServers', '*'),
    say('sagemaker-mlflow:DeleteRun', server, ' with an explicit deny in a service control policy'),
    say('ec2:RunInstances', '*'),
  ].flatMap((text) => ['--denied', text])
  const suggestion = await ask(place, 'suggest', ...denials)
  expect(suggestion.grants).toContain('  - to: role/gpu-jobs\n    on: [ml-dev]\n    add: [LogMetric]\n')
  expect(suggestion.grants).not.toMatch(/add: .*:/)
  expect(suggestion.undecided.map(({ at }: { at: string }) => at)).toEqual(['denied:4', 'denied:5'])
  write(place, { 'grants.yaml': grantsText(suggestion.grants.replace(/^grants:\n/, '')) })
  const checked = await place.run('check', '-f', 'grants.yaml')
  expect(checked.exit, checked.err).toBe(0)
  const both = await ask(place, 'suggest', 'train.py', '--principal', 'role/gpu-jobs', ...denials)
  write(place, { 'grants.yaml': grantsText(both.grants.replace(/^grants:\n/, '')) })
  expect((await place.run('check', '-f', 'grants.yaml')).exit).toBe(0)
  expect(both.needs.actions).toEqual(expect.arrayContaining(['LogModel', 'LogMetric']))
}, 60_000)

test.each([
  [['suggest', 'a.py', '-o', 'x.yaml']],
  [['suggest', 'a.py', '--since', '2026-01-01']],
  [['suggest', '--cloudtrail', '-', '-f', '-']],
  [['suggest', '--cloudtrail', 'none.json', '--since', 'soon']],
  [['suggest']],
])('%s is refused with a fix', async (args) => {
  const { exit, err } = await openPlace().run(...args)
  expect(exit).toBe(3)
  expect(err.trim().split('\n').length).toBeGreaterThanOrEqual(3)
})
