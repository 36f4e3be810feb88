import { connect } from '../../packages/aws/src/connection.ts'
import { observeAccount } from '../../packages/aws/src/observe/observe-account.ts'
import { benchAccount, benchEvaluate } from '../../packages/core/bench/evaluate.ts'
import type { Grant, GrantsFile } from '../../packages/core/src/grants/grants-file.ts'
import { buildPlan } from '../../packages/core/src/plan/build-plan.ts'
import { assumeAccount } from '../../packages/core/src/snapshot/assume-account.ts'
import { createSandbox } from '../../packages/sandbox/src/sandbox.ts'
import { seedLarge } from '../../packages/sandbox/src/seed/seed-large.ts'

const now = new Date('2026-11-24T12:00:00Z')
const [what = '', size = '0'] = process.argv.slice(2)
const principals = Number(size)

/** Every principal has a grant, of one of 60 kinds: people of a team are alike, teams are not. */
function largeFile(): GrantsFile {
  const personas = ['viewer', 'data-scientist', 'ml-engineer', 'model-approver', 'training-job', 'ci-cd']
  const servers = Array.from({ length: 20 }, (_, index) => `ml-${index}`)
  return {
    version: 1,
    name: 'bench',
    account: '123456789012',
    partition: 'aws',
    region: 'eu-west-1',
    servers: servers.map((key) => ({
      key,
      kind: 'name',
      kms: [],
      planned: false,
      artifacts: `s3://${key}-mlflow`,
    })),
    roles: {},
    personas: [],
    split: [],
    adopt: [],
    permissionSets: [],
    accounts: [],
    grants: Array.from({ length: principals }, (_, index): Grant => {
      const name = `role-${index}`
      return {
        index,
        to: [{ kind: 'role', name, text: `role/${name}` }],
        personas: [personas[index % personas.length] ?? 'viewer'],
        on: servers.slice(index % 10, (index % 10) + 11),
        add: [],
        remove: [],
      }
    }),
    locate: () => ({ file: 'bench.yaml', line: 1, column: 1 }),
  }
}

const tasks: Record<string, () => Promise<() => object | Promise<object>>> = {
  async plan() {
    const file = largeFile()
    const snapshot = assumeAccount(file, now)
    return () => ({ operations: buildPlan({ file, snapshot, prune: false, now }).operations.length })
  },
  async evaluate() {
    const snapshot = benchAccount({ principals, servers: 20 })
    return () => benchEvaluate(snapshot)
  },
  async observe() {
    const sandbox = createSandbox({ state: seedLarge({ principals, servers: 20 }) })
    const connection = connect({ region: 'eu-west-1', requestHandler: sandbox.requestHandler, env: {} })
    return async () => {
      const snapshot = await observeAccount(connection)
      const calls = sandbox.calls.length
      const pages = sandbox.calls.filter(({ action }) =>
        /^(GetAccountAuthorizationDetails|List|Describe)/.test(action),
      ).length
      return { principals: snapshot.roles.length + snapshot.users.length, calls, pages }
    }
  },
}

const prepare = tasks[what]
if (!prepare) throw new Error(`no task ${what}`)
const task = await prepare()
globalThis.gc?.()
let peak = 0
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss())
}, 5)
const started = process.hrtime.bigint()
const result = await task()
const seconds = Number(process.hrtime.bigint() - started) / 1e9
clearInterval(watch)
peak = Math.max(peak, process.resourceUsage().maxRSS * 1024)
console.log(JSON.stringify({ ...result, seconds, megabytes: Math.round(peak / 1e6) }))
