import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { grant, grantsFile, server } from '../../../test/grants-fixture.ts'
import { testWith } from '../../../test/tools/require-tool.ts'
import { type Moto, startMoto } from '../../../test/tools/start-moto.ts'
import { buildPlan } from '../../plan/build-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import { assumeAccount } from '../../snapshot/assume-account.ts'
import { renderApplyScript, renderRollbackScript } from './render-scripts.ts'

const onMoto = testWith('moto', 'aws', 'bash')
const minutes = 180_000
const now = new Date('2026-11-24T12:00:00Z')
const foreign =
  '{\n\t"Version": "2012-10-17",\n\t"Statement": {"Sid":"Mine","Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::it\'s-mine/${aws:username}/*"}\n}'

let moto: Moto
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-inline-'))
  moto = await startMoto()
}, minutes)
afterAll(async () => {
  await moto?.stop()
  rmSync(folder, { recursive: true, force: true })
})

let set: { readonly instance: string; readonly arn: string }
beforeEach(async () => {
  await moto.reset()
  const { Instances } = (await moto.aws('sso-admin', 'list-instances')) as {
    Instances: readonly { InstanceArn: string }[]
  }
  const instance = Instances[0]?.InstanceArn ?? ''
  const made = (await moto.aws(
    ...['sso-admin', 'create-permission-set', '--instance-arn', instance, '--name', 'MLScientist'],
  )) as { PermissionSet: { PermissionSetArn: string } }
  set = { instance, arn: made.PermissionSet.PermissionSetArn }
})

const which = () => ['--instance-arn', set.instance, '--permission-set-arn', set.arn]
const write = (text: string) =>
  moto.aws('sso-admin', 'put-inline-policy-to-permission-set', ...which(), '--inline-policy', text)
const read = async () => {
  const answer = (await moto.aws('sso-admin', 'get-inline-policy-for-permission-set', ...which())) as
    | { InlinePolicy?: string }
    | undefined
  return answer?.InlinePolicy ?? ''
}

function planFrom(inlinePolicy: string | undefined): Plan {
  const name = 'MLScientist'
  const file = grantsFile({
    servers: [server('ml-prod')],
    grants: [
      grant(0, [{ kind: 'permission-set', name, text: `permission-set/${name}` }], ['viewer'], ['ml-prod']),
    ],
    permissionSets: [{ name, policy: 'inline' }],
  })
  const here = {
    arn: set.arn,
    instanceArn: set.instance,
    name,
    managedPolicies: [],
    customerManaged: [],
    accounts: [],
  }
  const snapshot = {
    ...assumeAccount(file, now),
    permissionSets: [inlinePolicy === undefined ? here : { ...here, inlinePolicy }],
  }
  return buildPlan({ file, snapshot, prune: false, now })
}

async function run(text: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const script = join(folder, 'script.sh')
  writeFileSync(script, text)
  const child = spawn('bash', [script, '--apply'], { env: moto.env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { code: await new Promise((resolve) => child.once('close', resolve)), output }
}

const apply = (plan: Plan) => run(renderApplyScript(plan, '0.0.0'))
const rollback = (plan: Plan) => run(renderRollbackScript(plan, '0.0.0'))

onMoto(
  'apply.sh adds our statements to those of others, once; rollback.sh brings back their text byte for byte',
  async () => {
    for (const before of [foreign, undefined]) {
      if (before) await write(before)
      const plan = planFrom(before)
      expect(await apply(plan)).toMatchObject({ code: 0 })
      const written = plan.operations[0]?.input as { InlinePolicy: string }
      expect(await read()).toBe(written.InlinePolicy)
      expect((await apply(plan)).output).toContain('0 calls sent, 1 of 1 steps skipped')
      expect(await rollback(plan)).toMatchObject({ code: 0 })
      expect(await read()).toBe(before ?? '')
      expect((await rollback(plan)).output).toContain('0 calls sent, 1 of 1 steps skipped')
      if (before) await moto.aws('sso-admin', 'delete-inline-policy-from-permission-set', ...which())
    }
  },
  2 * minutes,
)

onMoto(
  'what somebody has written there since the plan is never overwritten',
  async () => {
    await write(foreign)
    const plan = planFrom(foreign)
    const theirs = foreign.replace('s3:Get*', 's3:List*')
    await write(theirs)
    expect(await apply(plan)).toMatchObject({ code: 7 })
    expect(await read()).toBe(theirs)

    await write(foreign)
    expect(await apply(plan)).toMatchObject({ code: 0 })
    await write(theirs)
    const back = await rollback(plan)
    expect(back.code).toBe(0)
    expect(back.output).toContain('LEFT AS IT IS')
    expect(await read()).toBe(theirs)
  },
  2 * minutes,
)
