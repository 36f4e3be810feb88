import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { asTyped, programWords } from './as-typed.ts'

const npm = { npm_package_name: 'mlflow-iam-workspace', npm_lifecycle_event: 'start' }

test.each([
  ['installed', {}, '/usr/local/bin/mlflow-iam', 'mlflow-iam'],
  ['npm start', npm, '/repo/apps/cli/dist/mlflow-iam.js', 'npm run --silent mlflow-iam --'],
  ['npx', {}, '/home/ana/.npm/_npx/1f2e/node_modules/.bin/mlflow-iam', 'npx mlflow-iam'],
  [
    'npx on Windows',
    {},
    'C:\\npm\\_npx\\1f\\node_modules\\mlflow-iam\\dist\\mlflow-iam.js',
    'npx mlflow-iam',
  ],
  ['a project that depends on it', {}, '/app/node_modules/.bin/mlflow-iam', 'npx mlflow-iam'],
  ['a script of another package', { ...npm, npm_package_name: 'other' }, '/usr/bin/mlflow-iam', 'mlflow-iam'],
  ['a test run', { ...npm, npm_lifecycle_event: 'test' }, '/repo/dist/mlflow-iam.js', 'mlflow-iam'],
] as const)('from %s it is run again as it was started', (_, env, started, words) => {
  expect(programWords(env, started)).toBe(words)
})

test('only lines that say to run it are said anew', () => {
  const words = 'npx mlflow-iam'
  expect(asTyped('Undo: mlflow-iam rollback j\nGo on: mlflow-iam apply --resume j', words)).toBe(
    'Undo: npx mlflow-iam rollback j\nGo on: npx mlflow-iam apply --resume j',
  )
  expect(asTyped('mlflow-iam --resume draft', words)).toBe('npx mlflow-iam --resume draft')
  for (const line of ['Grants file: ./mlflow-iam.yaml', 'mlflow-iam 1.0.0', 'Made by mlflow-iam for you'])
    expect(asTyped(line, words)).toBe(line)
})

test('npm really says its package and script to what it runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-npm-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const print =
    'node -e "console.log(JSON.stringify([process.env.npm_package_name, process.env.npm_lifecycle_event]))"'
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'mlflow-iam-workspace', scripts: { start: print } }),
  )
  const told = execFileSync('npm', ['start', '--silent'], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  expect(JSON.parse(told)).toEqual(['mlflow-iam-workspace', 'start'])
})
