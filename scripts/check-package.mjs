// What npm would publish: the right files, small enough, nothing to install beside it, and it runs from an empty folder.
// `--release TAG` also asks whether this version may be published under that tag.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { releaseComplaints } from './release-complaints.mjs'

const app = join(dirname(dirname(fileURLToPath(import.meta.url))), 'apps/cli')
// The goal is 1.5 MB, which `npm run bench` holds it to; this keeps what was reached, with a little room.
const mostBytes = 2_200_000
const wanted = [
  'package.json',
  'README.md',
  'LICENSE',
  'dist/mlflow-iam.js',
  'dist/package.json',
  'dist/grants.schema.json',
  'dist/sbom.json',
  'dist/THIRD-PARTY-LICENSES.txt',
]
const allowed =
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/(mlflow-iam\.js|package\.json|(sbom|grants\.schema)\.json|THIRD-PARTY-LICENSES\.txt|grants\.schema\.json|chunks\/[\w-]+\.(js|wasm)))$/

const complaints = []
const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-package-'))
try {
  const run = (command, args, cwd) =>
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] })
  const packed = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], app),
  )[0]
  const paths = packed.files.map(({ path }) => path)

  for (const path of wanted) if (!paths.includes(path)) complaints.push(`${path} is not in the package`)
  for (const path of paths) if (!allowed.test(path)) complaints.push(`${path} should not be in the package`)
  if (packed.unpackedSize > mostBytes)
    complaints.push(`${packed.unpackedSize} bytes unpacked, over ${mostBytes}`)

  const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'))
  for (const key of ['dependencies', 'optionalDependencies', 'peerDependencies']) {
    if (Object.keys(manifest[key] ?? {}).length > 0) complaints.push(`package.json has ${key}`)
  }
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    if (manifest.scripts[script]) complaints.push(`package.json has an install script: ${script}`)
  }

  const [flag, tag] = process.argv.slice(2)
  if (flag === '--release') {
    const changelog = join(app, 'CHANGELOG.md')
    const text = existsSync(changelog) ? readFileSync(changelog, 'utf8') : ''
    complaints.push(...releaseComplaints(manifest, text, tag))
  }

  const { publint } = await import(new URL('node_modules/publint/src/index-node.js', `file://${app}/`))
  const { messages } = await publint({ pkgDir: app, strict: true })
  for (const message of messages) complaints.push(`publint: ${message.code} ${JSON.stringify(message.args)}`)

  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], folder)
  const help = run(join(folder, 'node_modules/.bin/mlflow-iam'), ['--version'], folder).trim()
  if (help !== manifest.version) complaints.push(`the installed program says ${JSON.stringify(help)}`)
  console.error(`${packed.files.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} unpacked`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const complaint of complaints) console.error(complaint)
process.exitCode = complaints.length === 0 ? 0 : 1
