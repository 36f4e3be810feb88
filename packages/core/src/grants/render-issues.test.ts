import { expect, test } from 'vitest'
import { renderIssues } from './render-issues.ts'

const issue = { line: 3, column: 7, path: 'name', what: 'It is wrong.', why: 'Because.', fix: 'Do this.' }

test('each issue is one line that begins with its place', () => {
  expect(renderIssues([{ file: 'g.yaml', ...issue }])).toBe('g.yaml:3:7: It is wrong. Because. Do this.\n')
})

test('a file name cannot break the line', () => {
  const rendered = renderIssues([{ file: 'a\n    at b', ...issue }])
  expect(rendered).toBe('aU+000A    at b:3:7: It is wrong. Because. Do this.\n')
})
