import { expect, test } from 'vitest'
import { builtInPersonas } from '../personas/built-in.ts'
import { readNotebook } from './read-notebook.ts'
import { suggestGrants } from './suggest-grants.ts'

type Cell = readonly [kind: 'code' | 'markdown', source: string | readonly string[]]

function notebook(cells: readonly Cell[], metadata: object = { kernelspec: { language: 'python' } }): string {
  const list = cells.map(([kind, source]) => ({
    cell_type: kind,
    ...(kind === 'code' && {
      execution_count: 1,
      outputs: [{ text: ['mlflow.delete_run("in an output")\n'] }],
    }),
    metadata: {},
    source,
  }))
  return JSON.stringify({ cells: list, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)
}

const suggest = (text: string) => suggestGrants(readNotebook(text, 'nb.ipynb'), { personas: builtInPersonas })
const actions = (text: string) => suggest(text).needs.actions

test('cells share their names, and text cells and outputs are no code', () => {
  const text = notebook([
    ['markdown', 'mlflow.delete_run("x")'],
    ['code', ['import mlflow as m\n', 'c = m.MlflowClient()']],
    ['code', 'c.get_run("r")\n'],
  ])
  expect(actions(text)).toEqual(['GetRun'])
})

test('a place is the line of the file, and the cell in words', () => {
  const text = notebook([['code', ['import mlflow\n', '\n', 'mlflow.get_run("r")\n']]])
  const [reason] = suggest(text).reasons
  const line = text.split('\n').findIndex((row) => row.includes('get_run')) + 1
  expect(reason).toMatchObject({ at: `nb.ipynb:${line}`, cell: 'cell 1, line 3' })
})

test.each([
  ['%pip install mlflow\nimport mlflow\nmlflow.get_run("r")'],
  ['!pip install \\\n  mlflow \\\n  boto3\nimport mlflow\nmlflow.get_run("r")'],
  ['import mlflow\nfiles = !ls *.csv\nmlflow.get_run("r")'],
  ['import mlflow\n%matplotlib inline\nmlflow.get_run?\n?mlflow\nmlflow.get_run("r")'],
  ['import mlflow\n%time mlflow.get_run("r")'],
  ['%%time\nimport mlflow\nmlflow.get_run("r")'],
  ['import mlflow\nif True:\n    %cd /tmp\nmlflow.get_run("r")'],
  ['import mlflow\nx = 7 % 4\nif x != 3: pass\ny = (x\n  % 3)\nmlflow.get_run("r")'],
])('magics and shell lines do not stop the reading: %j', (source) => {
  const suggestion = suggest(notebook([['code', source]]))
  expect(suggestion.needs.actions).toEqual(['GetRun'])
  expect(suggestion.undecided).toEqual([])
})

test('a broken cell stops none of the others', () => {
  const text = notebook([
    ['code', 'import mlflow'],
    ['code', 'def f(:\n  x = """never closed\n'],
    ['code', 'mlflow.get_run("r")'],
  ])
  expect(actions(text)).toEqual(['GetRun'])
  expect(suggest(text).undecided.map((entry) => entry.why)).toEqual([
    'This does not parse as Python; what is broken is not read.',
  ])
})

test('what runs outside Python is listed', () => {
  const text = notebook([
    ['code', '!mlflow run .'],
    ['code', '%run other.ipynb'],
    ['code', '!python train.py'],
    ['code', '%%bash\nmlflow models serve -m models:/a/1'],
    ['code', '%%writefile train.py\nimport mlflow\nmlflow.delete_run("x")'],
    ['code', '%%bash\nls'],
    ['code', '!ls'],
  ])
  const suggestion = suggest(text)
  expect(suggestion.needs.actions).toEqual([])
  expect(suggestion.undecided).toHaveLength(5)
})

test('the experiment that a magic puts into the environment counts', () => {
  const text = notebook([['code', '%env MLFLOW_EXPERIMENT_NAME=churn\nimport mlflow\nmlflow.start_run()']])
  expect(actions(text)).toContain('GetExperimentByName')
})

test('a notebook in another language is listed, not read', () => {
  const text = notebook([['code', 'mlflow_log_metric("a", 1)']], { kernelspec: { language: 'R' } })
  expect(suggest(text).undecided).toEqual([
    { at: 'nb.ipynb:1', why: 'The notebook is written in R, which is not read.' },
  ])
})

test('a notebook of format 3 keeps its code under worksheets and input', () => {
  const text = JSON.stringify({
    worksheets: [{ cells: [{ cell_type: 'code', input: ['import mlflow\n', 'mlflow.get_run("r")'] }] }],
  })
  expect(actions(text)).toEqual(['GetRun'])
})

test('a notebook that is cut off is read as far as it goes, and says so', () => {
  const text = notebook([
    ['code', 'import mlflow\nmlflow.get_run("r")'],
    ['code', 'mlflow.delete_run("r")'],
  ])
  const suggestion = suggest(text.slice(0, text.lastIndexOf('delete_run')))
  expect(suggestion.needs.actions).toEqual(['GetRun'])
  expect(suggestion.undecided[0]?.why).toMatch(/cut off/)
})

test.each([
  '',
  '[]',
  'not json',
  '{"cells": 3}',
  '{"cells":[{"source":{"a":[1]}}]}',
  '"',
  '{'.repeat(100_000),
  '['.repeat(1_000_000),
])('what is no notebook is refused calmly (%#)', (text) => {
  expect(suggest(text).needs.actions).toEqual([])
})

test('large outputs are passed over', () => {
  const image = 'A'.repeat(8_000_000)
  const text = notebook([['code', 'import mlflow\nmlflow.get_run("r")']]).replace('in an output', image)
  expect(actions(text)).toEqual(['GetRun'])
})
