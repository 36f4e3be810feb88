import { expect, test } from 'vitest'
import { builtInPersonas } from '../personas/built-in.ts'
import { mlflowActions } from './actions.ts'
import { closureRules, findClosureGaps, s3NeedsOfActions } from './closure.ts'
import { findFunctions, needsOf } from './functions.ts'

test('LogModel alone is a gap that names what it lacks and what fails', () => {
  expect(findClosureGaps(new Set(['LogModel', 'GetRun']))).toEqual([
    {
      action: 'LogModel',
      missing: ['FinalizeLoggedModel', 'GetLoggedModel', 'GetMetricHistory', 'LogBatch', 'LogOutputs'],
      functions: ['mlflow.log_model'],
    },
  ])
})

test('built-in personas and the full set have no gap', () => {
  for (const persona of builtInPersonas) expect(findClosureGaps(new Set(persona.actions))).toEqual([])
  expect(findClosureGaps(new Set(mlflowActions.map((action) => action.bare)))).toEqual([])
  expect(findClosureGaps(new Set())).toEqual([])
})

test('each rule is backed by calls on record: its functions call the action and everything it requires', () => {
  for (const rule of closureRules) {
    const called = new Set(rule.functions.flatMap((name) => [...needsOf(findFunctions(name)).actions]))
    // Making experiments and runs are two calls of one workflow: set_experiment, then start_run.
    expect([...called]).toEqual(expect.arrayContaining([rule.action, ...rule.requires]))
  }
})

test('each built-in persona that reads or writes files has the S3 access that its actions need', () => {
  for (const persona of builtInPersonas) {
    if (persona.wildcard || persona.name === 'auditor') continue
    const needs = s3NeedsOfActions(persona.actions)
    expect({ ...persona.s3, name: persona.name }).toEqual({
      name: persona.name,
      read: persona.s3.read || (needs.read && persona.name !== 'trace-writer'),
      write: persona.s3.write || needs.write,
      list: persona.s3.list || needs.list,
    })
  }
})

test('S3 needs of hand-picked actions', () => {
  expect(s3NeedsOfActions(['GetRun', 'LogMetric'])).toEqual({ read: false, write: false, list: false })
  expect(s3NeedsOfActions(['LogModel'])).toEqual({ read: false, write: true, list: false })
  expect(s3NeedsOfActions(['StartTrace', 'SearchTraces'])).toEqual({ read: true, write: true, list: false })
  expect(s3NeedsOfActions(['GetDownloadURIForModelVersionArtifacts'])).toEqual({
    read: true,
    write: false,
    list: true,
  })
  expect(s3NeedsOfActions(['CreateModelVersion'])).toEqual({ read: false, write: false, list: true })
})
