import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Output {
  readonly bytes: number
  readonly entryPoints: readonly string[]
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
  readonly inputs: Readonly<Record<string, object>>
}

const { outputs }: { outputs: Readonly<Record<string, Output>> } = JSON.parse(
  readFileSync(new URL('../build/metafile.json', import.meta.url), 'utf8'),
)

/** Every file of the program that is read when it starts and these entries are then imported. */
function filesFor(...entries: readonly string[]): readonly string[] {
  const queue = ['src/main.ts', ...entries].map((entry) => {
    const found = Object.keys(outputs).find((path) =>
      outputs[path]?.entryPoints.some((source) => source.endsWith(entry)),
    )
    if (found === undefined) throw new Error(`${entry} is no entry of the bundle`)
    return found
  })
  const seen = new Set<string>()
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const next = outputs[path]?.imports.filter(({ kind }) => kind === 'import-statement') ?? []
    queue.push(...next.map((each) => each.path))
  }
  return [...seen].sort()
}

/** Every source in those files. */
function loadedBy(...entries: readonly string[]): readonly string[] {
  return filesFor(...entries).flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))
}

const heavy = {
  sdk: /@aws-sdk\/client-|@smithy\/core/,
  react: /node_modules\/(react|ink|react-reconciler|yoga-layout)\//,
  yaml: /node_modules\/yaml\//,
  zod: /node_modules\/zod\//,
  sandbox: /packages\/sandbox\/src\/(iam|sagemaker)\//,
  export: /core\/src\/export\/(terraform|cloudformation)\//,
  suggest: /@lezer\//,
}
const heavyIn = (loaded: readonly string[]) =>
  Object.entries(heavy).flatMap(([name, pattern]) =>
    loaded.some((path) => pattern.test(path)) ? [name] : [],
  )

test('--help and --version load the command table and nothing heavy', () => {
  const loaded = loadedBy()
  expect(heavyIn(loaded)).toEqual([])
  expect(loaded.filter((path) => path.includes('node_modules'))).toEqual([])
  expect(
    loaded
      .filter((path) => path.includes('packages/'))
      .map((path) => path.replace(/^.*packages/, ''))
      .sort(),
  ).toEqual(['/core/src/export/exporter.ts', '/core/src/problem.ts'])
})

test('the program is one that a shell can start', () => {
  const program = readFileSync(new URL('../dist/mlflow-iam.js', import.meta.url), 'utf8')
  expect(program.slice(0, program.indexOf('\n'))).toBe('#!/usr/bin/env node')
})

test('each kind of command reads few files', () => {
  const account = ['chunks/account.js', 'chunks/grants.js', 'chunks/opening.js', 'mlflow-iam.js']
  expect(filesFor()).toEqual(['mlflow-iam.js'])
  expect(filesFor('commands/check.ts')).toEqual(['chunks/grants.js', 'mlflow-iam.js'])
  expect(filesFor('commands/on-account.ts')).toEqual(account)
  expect(
    filesFor('commands/on-account.ts', 'account/reading.ts', 'services/iam.ts', 'services/sts.ts'),
  ).toEqual(['chunks/aws.js', ...account].sort())
  expect(filesFor('wizard/run-wizard.tsx', 'wizard/live-account.ts')).toEqual([
    'chunks/opening.js',
    'chunks/window.js',
    'mlflow-iam.js',
  ])
  expect(filesFor('wizard/run-screens.tsx')).toContain('chunks/wizard.js')
  expect(filesFor('wizard/run-screens.tsx')).not.toContain('chunks/aws.js')
})

test('check loads the parser of grants files, and no more than that', () => {
  expect(heavyIn(loadedBy('commands/check.ts'))).toEqual(['yaml'])
})

test('plan loads neither React nor the SDK nor the sandbox before it needs an account', () => {
  expect(heavyIn(loadedBy('commands/on-account.ts'))).toEqual(['yaml'])
})

test('reading a real account loads the SDK, without React or the sandbox', () => {
  const loaded = loadedBy(
    'commands/on-account.ts',
    'account/reading.ts',
    'services/iam.ts',
    'services/sts.ts',
  )
  expect(heavyIn(loaded)).toEqual(['sdk', 'yaml'])
})

test('the first screen loads React and Ink alone, the others the policy model, and only the account the SDK', () => {
  expect(heavyIn(loadedBy('wizard/run-wizard.tsx', 'wizard/live-account.ts'))).toEqual(['react'])
  expect(heavyIn(loadedBy('wizard/run-screens.tsx'))).toContain('yaml')
  expect(heavyIn(loadedBy('wizard/run-screens.tsx'))).not.toContain('sdk')
})

test('production React is in the bundle, and none of what never runs here', () => {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs))
  expect(
    inputs.filter(
      (path) =>
        /development\.js$|undici|iconv-lite|bowser\.|react-devtools/.test(path) &&
        !path.startsWith('absent:'),
    ),
  ).toEqual([])
})
