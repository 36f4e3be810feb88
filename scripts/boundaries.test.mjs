import { expect, test } from 'vitest'
import { findBreaches, findUnimported, readModule, startGraph } from './boundaries.mjs'
import { assertComplete, readModules } from './check-boundaries.mjs'

const modules = readModules()
const breachesOf = (path, text) => findBreaches([readModule(path, text)])

test('no module goes through a wall', () => {
  expect(findBreaches(modules)).toEqual([])
})

test('every source module is imported by another', () => {
  expect(findUnimported(modules)).toEqual([])
})

test('a module that nothing imports is found', () => {
  const left = readModule('packages/core/src/left.ts', 'export const left = 1')
  const used = readModule('packages/core/src/used.ts', 'export const used = 1')
  const user = readModule('apps/cli/src/main.ts', "import { used } from '@mlflow-iam/core/used'")
  expect(findUnimported([left, used, user])).toEqual(['packages/core/src/left.ts'])
})

const broken = [
  ['packages/core/src/a.ts', "import { readFileSync } from 'node:fs'", 'core may not import node:fs'],
  ['packages/core/src/a.ts', "export * from 'node:path'", 'core may not import node:path'],
  ['packages/core/src/a.ts', "const fs = await import('fs')", 'core may not import fs'],
  ['packages/core/src/a.ts', "import { x } from 'left-pad'", 'core may not import left-pad'],
  [
    'packages/core/src/a.ts',
    "import type { x } from '@mlflow-iam/aws'",
    'core may not import @mlflow-iam/aws',
  ],
  ['packages/core/src/a.ts', "import { x } from '../../aws/src/index.ts'", 'reaches out of its package'],
  ['packages/core/src/a.ts', 'const home = process.env.HOME', 'touches process'],
  ['packages/core/src/a.ts', 'const f = fetch', 'touches fetch'],
  ['packages/core/src/a.ts', 'setTimeout(() => 1, 1)', 'touches setTimeout'],
  ['packages/core/src/a.ts', 'console.log(1)', 'touches console'],
  ['packages/core/src/a.ts', 'globalThis.x = 1', 'touches globalThis'],
  ['packages/core/src/a.ts', 'const now = Date.now()', 'touches Date.now'],
  ['packages/core/src/a.ts', "const now = Date['now']()", 'touches Date.now'],
  ['packages/core/src/a.ts', 'const now = new Date()', 'touches new Date()'],
  ['packages/core/src/a.ts', 'const now = Date()', 'touches Date()'],
  ['packages/core/src/a.ts', 'const luck = Math.random()', 'touches Math.random'],
  ['packages/core/src/a.ts', 'const o = { process }', 'touches process'],
  [
    'packages/sandbox/src/a.ts',
    "import { IAMClient } from '@aws-sdk/client-iam'",
    'only packages/aws knows the AWS SDK',
  ],
  [
    'apps/cli/src/commands/a.ts',
    "import type { IAMClient } from '@aws-sdk/client-iam'",
    'only packages/aws knows',
  ],
  ['apps/cli/src/commands/a.ts', "const x = await import('@aws-sdk/client-iam')", 'only packages/aws knows'],
  ['packages/aws/src/a.ts', "import { x } from '@mlflow-iam/sandbox'", 'packages lean on core alone'],
  ['packages/sandbox/src/a.ts', "import { x } from '@mlflow-iam/aws'", 'packages lean on core alone'],
  ['apps/cli/src/ui/a.tsx', "import { x } from '../wizard/model.ts'", 'ui only draws'],
  ['apps/cli/src/commands/a.ts', "import { render } from 'ink'", 'only ui, screens and wizard draw'],
  ['apps/cli/src/output/a.tsx', "import { useState } from 'react'", 'only ui, screens and wizard draw'],
  ['apps/cli/src/commands/a.ts', 'const x = await import(name)', 'computed'],
]
test.each(broken)('%s may not hold %s', (path, text, expected) => {
  expect(breachesOf(path, text)).toContainEqual(expect.stringContaining(expected))
})

const fine = [
  [
    'packages/core/src/a.ts',
    "import { parse } from 'yaml'\nimport * as z from 'zod'\nimport { x } from './b.ts'",
  ],
  [
    'packages/core/src/a.ts',
    'const at = new Date(0)\nconst o = { process: 1, console: 2 }\no.process\no.console',
  ],
  ['packages/core/src/a.ts', 'function run(process) { return process }'],
  ['packages/core/src/a.test.ts', "import { readFileSync } from 'node:fs'\nconsole.log(process.env)"],
  ['packages/sandbox/src/a.ts', "import type { HttpRequest } from '@smithy/types'"],
  [
    'packages/aws/src/a.ts',
    "import { IAMClient } from '@aws-sdk/client-iam'\nimport { x } from '@mlflow-iam/core/problem'",
  ],
  ['apps/cli/src/wizard/a.tsx', "import { render } from 'ink'"],
]
test.each(fine)('%s may hold %s', (path, text) => {
  expect(breachesOf(path, text)).toEqual([])
})

test('what --help loads reaches neither React, Ink, the SDK nor any other package', () => {
  const small = [
    readModule(
      'apps/cli/src/main.ts',
      "import { a } from './a.ts'\nconst later = await import('./later.ts')",
    ),
    readModule('apps/cli/src/a.ts', "import { b } from '@mlflow-iam/core/b'"),
    readModule('apps/cli/src/later.ts', "import { parse } from 'yaml'"),
    readModule('packages/core/src/b.ts', "import * as z from 'zod'"),
  ]
  expect(findBreaches(small)).toEqual(['packages/core/src/b.ts: loads zod at every start, also for --help'])
  expect(startGraph(modules).outside.filter(({ from }) => !from.startsWith('node:'))).toEqual([])
})

test('a checker that read too little fails', () => {
  expect(modules.length).toBeGreaterThan(60)
  expect(() => assertComplete(modules.slice(1), modules.length)).toThrow('modules were read')
  expect(() => assertComplete([], 0)).toThrow('no module of packages/core was read')
  expect(() => readModule('packages/core/src/a.ts', 'const = 1')).toThrow()
})
