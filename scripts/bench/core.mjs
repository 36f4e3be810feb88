import { join } from 'node:path'
import { build } from 'esbuild'
import { root, row, run } from './measure.mjs'

/** The pure parts by size, each size in a process of its own, and the reading of a large account. */
export async function benchCore(folder) {
  const outfile = join(folder, 'core-run.mjs')
  await build({
    entryPoints: [join(root, 'scripts/bench/core-run.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    outfile,
    logLevel: 'warning',
  })
  const measure = async (...args) =>
    JSON.parse((await run(process.execPath, ['--expose-gc', outfile, ...args], { cwd: folder })).out)
  const rows = []
  const plans = {}
  for (const principals of [1000, 10_000, 100_000]) {
    const runs = []
    for (let round = 0; round < (principals > 10_000 ? 1 : 3); round += 1) {
      runs.push(await measure('plan', String(principals)))
    }
    // The middle one: a single second is at the mercy of whatever else runs.
    plans[principals] = runs.sort((a, b) => a.seconds - b.seconds)[runs.length >> 1]
    const goals = principals === 10_000 ? [1, 300] : []
    const what = `compile + plan, ${principals.toLocaleString('en')} principals x 20 servers`
    rows.push(
      row(what, plans[principals].seconds, 's', goals[0]),
      row('… peak memory', plans[principals].megabytes, 'MB', goals[1]),
    )
  }
  const growth = (from, to) => plans[to].seconds / plans[from].seconds / (to / from)
  rows.push(
    row('growth of time against input, 1k to 10k', growth(1000, 10_000), 'x', 1.2),
    row('growth of time against input, 10k to 100k', growth(10_000, 100_000), 'x', 1.2),
  )
  const matrix = await measure('evaluate', '10000')
  rows.push(
    row('effective matrix 10,000 x 20 x 61', matrix.seconds, 's', 2),
    row('… peak memory', matrix.megabytes, 'MB', 300),
  )
  const read = await measure('observe', '10000')
  rows.push(
    row('read an account of 10,000 principals', read.seconds, 's', 3),
    row('… calls beyond one for each page', read.calls - read.pages, 'calls', 6),
  )
  return rows
}
