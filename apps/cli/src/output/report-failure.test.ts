import { Problem } from '@mlflow-iam/core/problem'
import { expect, test } from 'vitest'
import { paintFor } from './paint.ts'
import { renderProblem } from './report-failure.ts'

test('sentences of an error wrap to the terminal, commands stay whole', () => {
  const command = `mlflow-iam plan -f ${'deep/'.repeat(12)}grants.yaml --sandbox`
  const problem = new Problem('X', 'It could not be done.', {
    why: `${'Nobody knows the reason for it. '.repeat(4)}Nothing was sent.`,
    fix: [
      `Look: ${command}`,
      'Or ask somebody who may do it, and who knows what it is about, to do it instead.',
    ],
    exit: 4,
  })
  const paintError = paintFor('never', {}, false)
  const lines = renderProblem(problem, { paintError, errorWidth: 60 }).split('\n')
  expect(lines.filter((line) => line.length > 60)).toEqual([`  fix  Look: ${command}`])
  expect(lines[2]).toMatch(/^ {7}\w/)
  expect(
    renderProblem(problem, { paintError, errorWidth: Number.POSITIVE_INFINITY }).split('\n'),
  ).toHaveLength(4)
})
