import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { smallAccount } from '../../../test/accounts/small-account.ts'
import { grant, grantsFile, server, user } from '../../../test/grants-fixture.ts'
import { testWith } from '../../../test/tools/require-tool.ts'
import { type Moto, startMoto } from '../../../test/tools/start-moto.ts'
import { buildPlan } from '../../plan/build-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import { renderApplyScript, renderRollbackScript } from './render-scripts.ts'

const onMoto = testWith('moto', 'aws', 'bash')
const minutes = 180_000
const now = new Date('2026-11-24T12:00:00Z')
/** What no script may take for words of its own, or write otherwise than it was. */
const byHand =
  '{\n\t"Statement": [{"Effect":"Allow",  "Action":"s3:Get*","Resource":"arn:aws:s3:::it\'s-$HOME/${aws:username}/é/*"}],\n\t"Version": "2012-10-17"\n}'
const theirs = byHand.replace('s3:Get*', 's3:List*')
const kinds = ['user', 'group', 'role'] as const
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
})

let moto: Moto
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-adopt-'))
  moto = await startMoto()
}, minutes)
afterAll(async () => {
  await moto?.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await moto.reset()
  for (const kind of kinds) {
    const role = kind === 'role' ? ['--assume-role-policy-document', trust] : []
    await moto.aws('iam', `create-${kind}`, `--${kind}-name`, 'ml', ...role)
    await write(kind, byHand)
  }
})

const which = (kind: string) => [`--${kind}-name`, 'ml', '--policy-name', 'by-hand']
const write = (kind: string, text: string) =>
  moto.aws('iam', `put-${kind}-policy`, ...which(kind), '--policy-document', text)
/** The names of the inline policies that are there, and what the one says. */
async function read(): Promise<unknown> {
  const found: unknown[] = []
  for (const kind of kinds) {
    const { PolicyNames } = (await moto.aws('iam', `list-${kind}-policies`, `--${kind}-name`, 'ml')) as {
      PolicyNames: readonly string[]
    }
    for (const name of PolicyNames) {
      const of = [`--${kind}-name`, 'ml', '--policy-name', name]
      const { PolicyDocument } = (await moto.aws('iam', `get-${kind}-policy`, ...of)) as {
        PolicyDocument: unknown
      }
      found.push([kind, name, PolicyDocument])
    }
  }
  return found
}

const inline = { inline: { 'by-hand': byHand } }
const plan: Plan = buildPlan({
  file: grantsFile({
    servers: [server('ml-prod')],
    grants: [
      grant(
        0,
        [
          user('ml'),
          { kind: 'group', name: 'ml', text: 'group/ml' },
          { kind: 'role', name: 'ml', text: 'role/ml' },
        ],
        ['viewer'],
        ['ml-prod'],
      ),
    ],
    adopt: kinds.map((kind) => `inline:by-hand@${kind}/ml`),
  }),
  snapshot: smallAccount({ users: { ml: inline }, groups: { ml: inline }, roles: { ml: inline } }),
  ...{ prune: false, now },
})

async function run(text: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const script = join(folder, 'script.sh')
  writeFileSync(script, text)
  const child = spawn('bash', [script, '--apply'], { env: moto.env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { code: await new Promise((resolve) => child.once('close', resolve)), output }
}

const apply = () => run(renderApplyScript(plan, '0.0.0'))
const rollback = () => run(renderRollbackScript(plan, '0.0.0'))

onMoto(
  'apply.sh deletes the adopted inline policies once, and rollback.sh writes them again as they were',
  async () => {
    const before = await read()
    expect(before).toHaveLength(3)
    expect(await apply()).toMatchObject({ code: 0 })
    expect(await read()).toEqual([])
    expect((await apply()).output).toContain('0 calls sent, 7 of 7 steps skipped')
    expect(await rollback()).toMatchObject({ code: 0 })
    expect(await read()).toEqual(before)
    expect((await rollback()).output).toContain('0 calls sent')
    expect(await read()).toEqual(before)
  },
  2 * minutes,
)

onMoto(
  'what somebody has written under that name since is neither deleted nor overwritten',
  async () => {
    await write('role', theirs)
    const stopped = await apply()
    expect(stopped.code).toBe(7)
    expect(stopped.output).toContain('the inline policy by-hand of role ml says something else now')
    expect(await read()).toContainEqual(['role', 'by-hand', JSON.parse(theirs)])

    await write('role', byHand)
    expect(await apply()).toMatchObject({ code: 0 })
    await write('user', theirs)
    const back = await rollback()
    expect(back.code).toBe(0)
    expect(back.output).toContain('LEFT AS IT IS: the inline policy by-hand of user ml is there')
    expect(await read()).toEqual([
      ['user', 'by-hand', JSON.parse(theirs)],
      ['group', 'by-hand', JSON.parse(byHand)],
      ['role', 'by-hand', JSON.parse(byHand)],
    ])
  },
  2 * minutes,
)
