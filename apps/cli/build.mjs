// Builds the program: one code-split ES module bundle with no dependencies, its licence list and its SBOM.
import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { readThirdParties, renderLicenses, renderSbom } from './build-licenses.mjs'
import { fasterStart } from './build-transforms.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')
/** Built beside and swapped in at the end: a build that fails leaves the program as it was. */
const outdir = join(here, `build/dist-${process.pid}`)
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))

/** The parts that are still CommonJS call `require`; `stripBanners` takes it out of all others. */
const banner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);"

const transforms = fasterStart()
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { 'mlflow-iam': 'src/main.ts' },
  outdir,
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
  banner: { js: banner },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [transforms.plugin],
})
transforms.assertApplied(Object.keys(metafile.inputs))
stripBanners(Object.keys(metafile.outputs))

const parties = readThirdParties(here, metafile)
writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), renderLicenses(parties))
writeFileSync(join(outdir, 'sbom.json'), renderSbom({ version, parties }))
// For editors. Printed by the program itself, which also shows that what was built starts.
const schema = execFileSync(process.execPath, [join(outdir, 'mlflow-iam.js'), 'help', 'schema'])
writeFileSync(join(outdir, 'grants.schema.json'), JSON.stringify(JSON.parse(schema.toString())))
const described = JSON.stringify(metafile).replaceAll(`build/dist-${process.pid}/`, 'dist/')
writeFileSync(join(here, 'build/metafile.json'), described)
rmSync(dist, { recursive: true, force: true })
renameSync(outdir, dist)
// npm packs these from the package's own folder.
for (const file of ['README.md', 'LICENSE']) copyFileSync(join(here, '../..', file), join(here, file))

function stripBanners(outputs) {
  for (const output of outputs.filter((path) => path.endsWith('.js'))) {
    const text = readFileSync(join(here, output), 'utf8')
    const rest = text.replace(`${banner}\n`, '')
    if (!/\brequire\b/.test(rest)) writeFileSync(join(here, output), rest)
  }
}
