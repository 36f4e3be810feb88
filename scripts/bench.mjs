// `npm run bench`: how fast and how light, each figure against something else on the same machine in the same run.
// A table on standard error, JSON on standard output. Never part of the tests: machines differ, ratios less so.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchApply } from './bench/apply.mjs'
import { benchCore } from './bench/core.mjs'
import { benchLargeApply } from './bench/large-apply.mjs'
import { benchPackage } from './bench/package.mjs'
import { benchRecords } from './bench/records.mjs'
import { benchStart } from './bench/start.mjs'
import { benchWizard } from './bench/wizard.mjs'

const parts = {
  start: benchStart,
  wizard: benchWizard,
  apply: benchApply,
  'large-apply': benchLargeApply,
  core: benchCore,
  records: benchRecords,
  package: benchPackage,
}
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}: ${Object.keys(parts).join(', ')}`)
  process.exit(3)
}

const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-bench-'))
const rows = []
try {
  for (const [name, bench] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.error(`measuring: ${name} …`)
    try {
      rows.push(...(await bench(folder)))
    } catch (error) {
      // What the other parts measure is worth having.
      console.error(`${name} failed: ${error.message}`)
      process.exitCode = 1
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const columns = ['what', 'measured', 'goal', 'met']
const cells = rows.map(({ what, measured, unit, goal, met }) => [
  what,
  measured === undefined ? 'not measured' : `${measured} ${unit}`,
  goal === undefined ? '-' : `${goal} ${unit}`,
  met === undefined ? '-' : met ? 'yes' : 'NO',
])
const widths = columns.map((title, index) => Math.max(title.length, ...cells.map((row) => row[index].length)))
for (const row of [columns, ...cells])
  console.error(
    row
      .map((cell, index) => cell.padEnd(widths[index]))
      .join('  ')
      .trimEnd(),
  )
console.log(JSON.stringify({ version: 1, node: process.version, platform: process.platform, rows }, null, 2))
