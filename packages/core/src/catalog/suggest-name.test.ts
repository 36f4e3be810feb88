import { expect, test } from 'vitest'
import { mlflowActions } from './actions.ts'
import { closestName } from './suggest-name.ts'

const actions = mlflowActions.map((action) => action.bare)

test.each([
  ['LogMetrics', 'LogMetric'],
  ['logmetric', 'LogMetric'],
  ['CraeteRun', 'CreateRun'],
  ['GetDownloadUriForModelVersionArtifact', 'GetDownloadURIForModelVersionArtifacts'],
  ['SerachRuns', 'SearchRuns'],
])('%s most likely means %s', (word, name) => {
  expect(closestName(word, actions)).toBe(name)
})

test('a word that is near nothing gets no suggestion', () => {
  expect(closestName('xyzzy', actions)).toBeUndefined()
  expect(closestName('', actions)).toBeUndefined()
  expect(closestName('a'.repeat(1_000_000), actions)).toBeUndefined()
})

test('the nearest of several wins', () => {
  expect(closestName('viewr', ['auditor', 'viewer', 'viewers'])).toBe('viewer')
})
