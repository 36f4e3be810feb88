import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { createSandbox, type SandboxState } from '@mlflow-iam/sandbox'
import { afterAll } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import type { ApplyEvent, ApplyOptions } from '../src/apply/events.ts'
import type { AwsConnection } from '../src/connection.ts'
import { needsOfFile } from '../src/observe/needs.ts'
import { observeAccount } from '../src/observe/observe-account.ts'
import { signIn, smallTeam } from './account.ts'
import { instantTime } from './instant-time.ts'

export const now = new Date('2026-11-24T00:00:00Z')

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A fresh folder for journals and locks, gone after the file's tests. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-test-'))
  folders.push(folder)
  return folder
}

export async function planFor(connection: AwsConnection, text: string, prune = false): Promise<Plan> {
  const file = parseGrants(text, 'grants.yaml')
  const snapshot = await observeAccount(connection, needsOfFile(file, prune))
  return buildPlan({ file, snapshot, prune, now })
}

export async function collect(events: AsyncGenerator<ApplyEvent>): Promise<ApplyEvent[]> {
  const all: ApplyEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

/** Options under which nothing waits and nothing is shared with other tests. */
export function quietly(folder: string, more: Partial<ApplyOptions> = {}): ApplyOptions {
  return { folder, stateFolder: join(folder, 'state'), timing: instantTime(), ...more }
}

const head = `
version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers:
  ml-prod: { planned: true, artifacts: s3://ml-prod-mlflow/artifacts }
  ml-dev: { planned: true, artifacts: s3://ml-dev-mlflow/artifacts }
`

function before(labeller: string): string {
  return `${head}
roles:
  tracking-server: { name: mlflow-tracking-server, buckets: [ml-prod-mlflow] }
  sagemaker: { name: mlflow-sagemaker, passes: [mlflow-tracking-server] }
personas:
  labeller: { extends: viewer, add: [${labeller}] }
  closer: { extends: viewer, add: [SetTag] }
grants:
  - { to: [user/ana, user/ben, user/chen, group/readers], persona: viewer, on: ml-prod }
  - { to: [user/dora, user/emil], persona: labeller, on: ml-prod }
  - { to: [role/trainer, role/deployer], persona: data-scientist, on: ml-dev }
  - { to: user/fay, persona: closer, on: ml-dev }
  - { to: [user/gus, user/hana], persona: model-approver, on: ml-prod }
`
}

/** Gives, takes, widens, narrows, and prunes: every kind of operation on IAM that a grants file can lead to. */
export const afterText = `${head}
roles:
  tracking-server: { name: mlflow-tracking-server, buckets: [ml-prod-mlflow, ml-dev-mlflow] }
personas:
  labeller: { extends: viewer, add: [SetTag, DeleteTag, LogParam] }
  closer: { extends: viewer, add: [] }
grants:
  - { to: [user/ana, user/ivo, group/ml], persona: viewer, on: ml-prod }
  - { to: [user/dora, user/june, user/kim], persona: labeller, on: ml-prod }
  - { to: [role/trainer, role/auditor], persona: data-scientist, on: ml-dev }
  - { to: [user/fay, user/leo], persona: closer, on: ml-dev }
  - { to: [user/ben, user/chen, group/readers], persona: viewer, on: ml-dev }
  - { to: [user/emil, user/ana, role/trainer], persona: model-consumer, on: [ml-dev, ml-prod] }
  - { to: [user/leo, user/kim, user/june], persona: data-scientist, on: ml-prod, add: [DeleteRun] }
  - { to: [group/ml, role/deployer, role/auditor, user/ivo, user/fay, user/hana, user/kim], persona: viewer, on: [ml-prod, ml-dev] }
`

export interface Scenario {
  /** The account before the plan. */
  readonly start: SandboxState
  readonly plan: Plan
}

let made: Promise<Scenario> | undefined

/** An account with a history, and a plan of more than forty operations for it. */
export function scenario(): Promise<Scenario> {
  made ??= makeScenario()
  return made
}

async function makeScenario(): Promise<Scenario> {
  const sandbox = createSandbox({ state: await smallTeam(), now: () => now })
  const connection = signIn(sandbox.requestHandler)
  // Five versions of one policy, as many as IAM keeps.
  for (const labeller of ['SetTag', 'DeleteTag', 'SetTag, LogMetric', 'LogMetric', 'SetTag, DeleteTag']) {
    const plan = await planFor(connection, before(labeller))
    for (const event of await collect(applyPlan(connection, plan, quietly(freshFolder())))) {
      if (event.event === 'failed') throw new Error(JSON.stringify(event))
    }
  }
  const start = structuredClone(sandbox.state) as SandboxState
  return { start, plan: await planFor(connection, afterText, true) }
}
