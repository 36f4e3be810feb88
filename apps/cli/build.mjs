// Builds the program: one code-split bundle with no dependencies, its licence list and its SBOM.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { readThirdParties, renderLicenses, renderSbom } from './build-licenses.mjs'
import { buildPacks } from './build-packs.mjs'
import { fasterStart } from './build-transforms.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')
/** Built beside and swapped in at the end: a build that fails leaves the program as it was. */
const outdir = join(here, `build/dist-${process.pid}`)
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))

/** What is loaded together, from what everything needs to what few commands need. */
const layers = {
  'mlflow-iam.js': ['src/main.ts'],
  'chunks/grants.js': ['src/commands/check.ts'],
  'chunks/opening.js': ['src/account/open-account.ts'],
  'chunks/account.js': [
    'src/commands/on-account.ts',
    'src/snapshot/assume-account.ts',
    'src/files/read-snapshot.ts',
  ],
  'chunks/aws.js': ['src/account/reading.ts', 'src/services/iam.ts', 'src/services/sts.ts'],
  'chunks/window.js': ['src/wizard/run-wizard.tsx', 'src/wizard/live-account.ts'],
  'chunks/wizard.js': ['src/wizard/run-screens.tsx'],
}

const transforms = fasterStart()
const { metafile, outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: { 'mlflow-iam': 'src/main.ts' },
  outdir,
  write: false,
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  jsx: 'automatic',
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'chunks/[name]-[hash]',
  charset: 'utf8',
  // Node's default prefers CommonJS, which cannot be shaken: SageMaker's client alone would be 40 times larger.
  mainFields: ['module', 'main'],
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    __VERSION__: JSON.stringify(version),
  },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [transforms.plugin],
})
transforms.assertApplied(Object.keys(metafile.inputs))
await writePacks()

const parties = readThirdParties(here, metafile)
writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), renderLicenses(parties))
writeFileSync(join(outdir, 'sbom.json'), renderSbom({ version, parties }))
// For editors. Printed by the program itself, which also shows that what was built starts.
const schema = execFileSync(process.execPath, [join(outdir, 'mlflow-iam.js'), 'help', 'schema'])
writeFileSync(join(outdir, 'grants.schema.json'), JSON.stringify(JSON.parse(schema.toString())))
rmSync(dist, { recursive: true, force: true })
renameSync(outdir, dist)
// npm packs these from the package's own folder.
for (const file of ['README.md', 'LICENSE']) copyFileSync(join(here, '../..', file), join(here, file))

async function writePacks() {
  const inside = (path) => relative(outdir, join(here, path))
  const outputs = {}
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const imports = output.imports.map((each) =>
      each.external ? each : { ...each, path: inside(each.path) },
    )
    outputs[inside(path)] = { ...output, imports }
  }
  const texts = new Map()
  for (const { path, contents, text } of outputFiles) {
    const name = relative(outdir, path)
    if (name.endsWith('.js')) texts.set(name, text)
    else writeInto(name, contents)
  }
  const settings = { target: 'node20.19', charset: 'utf8' }
  const { files, described } = await buildPacks({ outputs, texts, layers, settings })
  for (const [name, text] of files) writeInto(name, name === 'mlflow-iam.js' ? executable(text) : text)
  chmodSync(join(outdir, 'mlflow-iam.js'), 0o755)
  // The package itself is an ES module, its sources being written so.
  writeInto('package.json', '{"type":"commonjs"}\n')
  writeFileSync(join(here, 'build/metafile.json'), JSON.stringify({ outputs: described }))
}

/** npm links the file itself as the command. Bundling for CommonJS loses the first line of the sources. */
function executable(text) {
  return text.startsWith('#!') ? text : `#!/usr/bin/env node\n${text}`
}

function writeInto(name, contents) {
  mkdirSync(dirname(join(outdir, name)), { recursive: true })
  writeFileSync(join(outdir, name), contents)
}
