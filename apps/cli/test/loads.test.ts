import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Output {
  readonly bytes: number
  readonly entryPoint?: string
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[]
  readonly inputs: Readonly<Record<string, object>>
}

const { outputs }: { outputs: Readonly<Record<string, Output>> } = JSON.parse(
  readFileSync(new URL('../build/metafile.json', import.meta.url), 'utf8'),
)

/** Every source that is loaded when the program starts and these entries are then imported. */
function loadedBy(...entries: readonly string[]): readonly string[] {
  const wanted = ['src/main.ts', ...entries]
  const queue = wanted.map((entry) => {
    const found = Object.keys(outputs).find((path) => outputs[path]?.entryPoint?.endsWith(entry))
    if (found === undefined) throw new Error(`${entry} is no entry of the bundle`)
    return found
  })
  const seen = new Set<string>()
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const next =
      outputs[path]?.imports.filter(({ kind, external }) => kind === 'import-statement' && !external) ?? []
    queue.push(...next.map((each) => each.path))
  }
  return [...seen].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))
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
    loaded.filter((path) => path.includes('packages/')).map((path) => path.replace(/^.*packages/, '')),
  ).toEqual(['/core/src/problem.ts'])
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

test('the wizard loads React and Ink, and the SDK only with the account', () => {
  expect(heavyIn(loadedBy('wizard/run-wizard.tsx'))).toContain('react')
  expect(heavyIn(loadedBy('wizard/run-wizard.tsx'))).not.toContain('sdk')
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
