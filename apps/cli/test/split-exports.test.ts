import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, needsOfFile, observeAccount } from '@mlflow-iam/aws'
import { renderApplyScript, renderRollbackScript } from '@mlflow-iam/core/export/shell/render-scripts'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { createSandbox, type SandboxState, seedTeam, serveSandbox } from '@mlflow-iam/sandbox'
import { expect } from 'vitest'
import { placeAws } from '../../../packages/core/test/tools/place-aws.ts'
import { testWith } from '../../../packages/core/test/tools/require-tool.ts'

const text = `
version: 1
name: trial
account: "123456789012"
region: eu-west-1
servers: { ml-dev: {} }
grants:
  - { to: profile/d-abc123/yusuf-demir, persona: viewer, on: ml-dev }
  - { to: role/chen-exec, persona: data-scientist, on: ml-dev }
split: { profile/d-abc123/yusuf-demir: { role: yusuf-mlflow } }
adopt: LegacyMLAccess
`

/** What counts of the account: who holds what, which roles there are, and how profiles act. */
function essence(state: SandboxState): unknown {
  return {
    roles: state.roles
      .map(({ name, path, attached, boundary, trust, tags }) => [
        ...[name, path, [...attached].sort(), boundary],
        ...[JSON.parse(trust), tags.map(({ Key, Value }) => `${Key}=${Value}`).sort()],
      ])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    policies: state.policies
      .map(({ arn, versions }) => [arn, versions.map(({ document }) => document)])
      .sort(),
    profiles: state.profiles.map(({ name, role }) => [name, role]),
  }
}

/** The region of the environment differs from that of the file on purpose. */
function runner(folder: string, url: string) {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    AWS_ACCESS_KEY_ID: 'SANDBOX',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: url,
  }
  const run = async (name: string, script: string) => {
    const path = join(folder, name)
    writeFileSync(path, script)
    const child = spawn('bash', [path, '--apply'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    return { code: await new Promise((resolve) => child.once('close', resolve)), output }
  }
  return { bin, env, run }
}

testWith('aws', 'bash')(
  'apply.sh splits and adopts as the plan says, once; rollback.sh takes it back and leaves what others moved',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-split-'))
    const sandbox = createSandbox({ state: seedTeam() })
    const served = await serveSandbox(sandbox)
    const { bin, env, run } = runner(folder, served.url)
    const resident = await placeAws(bin, env)
    try {
      const file = parseGrants(text, 'grants.yaml')
      const connection = connect({ requestHandler: sandbox.requestHandler, region: 'eu-west-1' })
      const plan = async (): Promise<Plan> =>
        buildPlan({
          file,
          snapshot: await observeAccount(connection, needsOfFile(file)),
          ...{ prune: false, now: new Date('2026-11-24T12:00:00Z') },
        })
      const before = essence(sandbox.state)
      const first = await plan()
      expect(first.operations.map(({ action }) => action).slice(-3)).toEqual([
        ...['AttachRolePolicy', 'UpdateUserProfile', 'DetachRolePolicy'],
      ])
      const apply = renderApplyScript(first, '0.0.0')
      const rollback = renderRollbackScript(first, '0.0.0')
      expect(await run('apply.sh', apply)).toMatchObject({ code: 0 })
      expect((await plan()).operations).toEqual([])
      // The detachment is tried again, and is gone already.
      const again = await run('apply.sh', apply)
      expect(again.output).toContain(
        `0 calls sent, ${first.operations.length} of ${first.operations.length} steps skipped`,
      )
      expect(await run('rollback.sh', rollback)).toMatchObject({ code: 0 })
      expect(essence(sandbox.state)).toEqual(before)

      await run('apply.sh', apply)
      const { client, api } = await connection.sageMaker('eu-west-1')
      const elsewhere = 'arn:aws:iam::123456789012:role/vision-shared'
      const who = { DomainId: 'd-abc123', UserProfileName: 'yusuf-demir' }
      await client.send(
        new api.UpdateUserProfileCommand({ ...who, UserSettings: { ExecutionRole: elsewhere } }),
      )
      const left = await run('rollback.sh', rollback)
      expect(left.output).toContain(
        `LEFT AS IT IS: the profile d-abc123/yusuf-demir acts through ${elsewhere} now`,
      )
      expect(sandbox.state.profiles.find(({ name }) => name === 'yusuf-demir')?.role).toBe(elsewhere)
    } finally {
      await resident?.stop()
      await served.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
  600_000,
)
