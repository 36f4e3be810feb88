// Sums what vitest wrote in every package: `123 passed, 0 failed, 2 skipped` on the last line of standard output.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const required = process.env.CONFORMANCE === 'required'
/** PowerShell is in no Debian package: its tests may be skipped even where everything else is required. */
const mayBeMissing = /powershell|pwsh/i

const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => join(root, parent, name)),
)
let [passed, failed, skipped] = [0, 0, 0]
const complaints = []

for (const folder of [root, ...folders.filter((each) => existsSync(join(each, 'package.json')))]) {
  const file = join(folder, 'test-results/vitest.json')
  const name = relative(root, folder) || 'scripts'
  if (!existsSync(file)) {
    failed += 1
    complaints.push(`${name}: no test results`)
    continue
  }
  const results = JSON.parse(readFileSync(file, 'utf8'))
  passed += results.numPassedTests
  failed += results.numFailedTests
  const notRun = results.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(
      ({ status }) => status === 'skipped' || status === 'pending' || status === 'todo',
    ),
  )
  skipped += notRun.length
  for (const { fullName } of notRun) {
    const tolerated = !required || mayBeMissing.test(fullName)
    if (!tolerated) failed += 1
    complaints.push(`${name}: skipped${tolerated ? '' : ' although required'}: ${fullName}`)
  }
  // A file that cannot even be loaded has no assertions, but is a failure all the same.
  for (const { status, assertionResults, name: path, message } of results.testResults) {
    if (status !== 'failed' || assertionResults.some((each) => each.status === 'failed')) continue
    failed += 1
    complaints.push(`${name}: ${relative(root, path)}: ${message || 'failed'}`)
  }
}

for (const complaint of complaints) console.error(complaint)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
