import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseGrants } from '../grants/parse-grants.ts'
import { buildPlan } from '../plan/build-plan.ts'
import { documentText } from '../policy/document.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { ExportFormat } from './exporter.ts'
import { exporters } from './index.ts'
import { renderCommands } from './render-commands.ts'
import { runnerPolicy } from './runner-policy.ts'

const page = new URL('../../../../docs/guide/export.md', import.meta.url)
const grants = `version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers:
  ml-dev: { planned: true }
grants:
  - to: [user/ana, role/gpu-jobs]
    on: ml-dev
    add: [GetExperimentByName, GetRun, SearchExperiments, SearchRuns]
    policy-name: MLflowPolicy
`
const now = new Date('2026-11-24T12:00:00Z')
const file = parseGrants(grants, 'grants.yaml')
const plan = buildPlan({ file, snapshot: assumeAccount(file, now), prune: false, now })

/** What stands under a marker: a file of an export, without the part that is the same in every script. */
function example(name: string): string {
  if (name === 'grants.yaml') return grants
  if (name === 'runner-policy') return documentText(runnerPolicy(plan, { undo: true }))
  if (name === 'commands') return renderCommands(plan)
  const [format, path] = name.split(' ') as [ExportFormat, string]
  const files = exporters[format].render(plan, { json: false, readme: true, toolVersion: '1.0.0' })
  const found = files.find((one) => one.path === path)
  if (found === undefined) throw new Error(`${format} has no file ${path}`)
  const [steps = '', machinery] = found.text.split(/^# -+\n# How the steps run$/m)
  return machinery === undefined
    ? found.text
    : `${steps.trimEnd()}\n\n# … and the functions that run these steps`
}

/** The page with every example written anew. */
function written(text: string): string {
  return text.replace(
    /(<!-- example: (.+) -->\n)(`{3,})([\w ]+)\n[\s\S]*?^\3$/gm,
    (_, marker: string, name: string, fence: string, language: string) =>
      `${marker}${fence}${language}\n${example(name).trimEnd()}\n${fence}`,
  )
}

test('the examples of the export guide are what the program writes today', () => {
  const text = readFileSync(page, 'utf8')
  const current = written(text)
  // UPDATE_GUIDE=1 writes the page; without it a difference fails.
  if (process.env.UPDATE_GUIDE === '1') writeFileSync(page, current)
  else expect(text).toBe(current)
  for (const format of Object.keys(exporters)) expect(current).toContain(`<!-- example: ${format} `)
})
