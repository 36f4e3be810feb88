import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import {
  attach,
  detach,
  makePlan,
  planForEmptyAccount,
  policyDocument,
  principal,
  sagemakerTrust,
  targetPolicy,
  targetRole,
} from '../../../test/plans/make-plan.ts'
import { readIam } from '../../../test/tools/read-iam.ts'
import { testWith } from '../../../test/tools/require-tool.ts'
import { type Moto, startMoto } from '../../../test/tools/start-moto.ts'
import type { Plan } from '../../plan/plan.ts'
import { documentText } from '../../policy/document.ts'
import { renderApplyScript, renderRollbackScript } from './render-scripts.ts'

const onMoto = testWith('moto', 'aws', 'bash')
/** Patient enough for a machine that is busy with other things. */
const minutes = 180_000

let moto: Moto
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-shell-'))
  moto = await startMoto()
}, minutes)
afterAll(async () => {
  await moto?.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  await moto.reset()
  for (const name of ['ana', "it's"]) await makeUser(name.replace("'", ''))
})

async function makeUser(name: string): Promise<void> {
  const body = new URLSearchParams({ Action: 'CreateUser', Version: '2010-05-08', UserName: name })
  await fetch(moto.url, { method: 'POST', body, headers: iamHeaders })
}
/** moto tells services apart by the signature's scope and checks nothing else. */
const iamHeaders = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=testing/20261124/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
}

const viewer = targetPolicy('mlflow-iam-viewer-1a2b3c4d', policyDocument(['GetRun', 'SearchRuns']))
const accented: ReturnType<typeof targetPolicy> = targetPolicy('mlflow-iam-custom-5e6f7a8b', {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: 'sagemaker-mlflow:GetRun',
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:PrincipalTag/team': ['caf\u00e9 "à côté"', "it's: a \\ b", 'a": "b'] },
    },
  },
})
const serviceRole = targetRole('mlflow-tracking-server')
const plan = planForEmptyAccount(
  [viewer, accented],
  [serviceRole],
  [
    { principal: principal('user', 'ana'), policy: viewer },
    { principal: principal('role', 'mlflow-tracking-server'), policy: accented },
  ],
)

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly calls: readonly string[]
}

/** Runs a script with the real aws command behind a recorder; `killAt` ends it, whole, when that call begins. */
async function runScript(
  text: string,
  words: readonly string[],
  killAt = Number.POSITIVE_INFINITY,
): Promise<Ended> {
  const script = join(folder, 'script.sh')
  const record = join(folder, 'calls')
  const recorder = join(folder, 'aws')
  writeFileSync(script, text)
  writeFileSync(record, '')
  writeFileSync(
    recorder,
    `#!/bin/bash\nprintf '%s %s\\n' "$1" "$2" >>'${record}'\n` +
      `[ "$(wc -l <'${record}')" -lt ${Number.isFinite(killAt) ? killAt : 1e9} ] || kill -9 0\nexec '${moto.bin}/aws' "$@"\n`,
  )
  chmodSync(recorder, 0o755)
  const env = { ...moto.env, PATH: `${folder}:${moto.env.PATH}` }
  // A process group of its own, which the recorder can end as a whole.
  const child = spawn('bash', [script, ...words], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output, calls: readFileSync(record, 'utf8').trim().split('\n') }
}

const apply = (subject: Plan) => renderApplyScript(subject, '0.0.0')
const rollback = (subject: Plan) => renderRollbackScript(subject, '0.0.0')

onMoto(
  'apply.sh makes what the plan says; run again it changes nothing; rollback.sh takes it all back',
  async () => {
    const empty = await readIam(moto)

    const printed = await runScript(apply(plan), [])
    expect(printed).toMatchObject({ code: 0, calls: ['sts get-caller-identity'] })
    expect(await readIam(moto)).toEqual(empty)

    const first = await runScript(apply(plan), ['--apply'])
    expect(first.output).toContain('5 calls sent, 0 of 5 steps skipped')
    expect(first.calls.length).toBeLessThanOrEqual(2 * plan.operations.length + 10)
    const state = await readIam(moto, { tags: true })
    expect(state).toEqual({
      policies: [accented, viewer].map(({ arn, document, tags }) => ({
        Arn: arn,
        AttachmentCount: 1,
        versions: 1,
        document,
        tags,
      })),
      roles: [
        {
          RoleName: serviceRole.name,
          Path: '/',
          AssumeRolePolicyDocument: serviceRole.trust,
          Tags: serviceRole.tags,
        },
      ],
      attachments: [`role/mlflow-tracking-server ${accented.arn}`, `user/ana ${viewer.arn}`],
    })

    const second = await runScript(apply(plan), ['--apply'])
    expect(second.output).toContain('0 calls sent, 5 of 5 steps skipped')
    expect(second.calls.length).toBeLessThanOrEqual(2 * plan.operations.length + 10)
    expect(await readIam(moto, { tags: true })).toEqual(state)

    const back = await runScript(rollback(plan), ['--apply'])
    expect(back.output).toContain('5 calls sent, 0 of 5 steps skipped')
    expect(back.calls.length).toBeLessThanOrEqual(2 * plan.operations.length + 10)
    expect(await readIam(moto)).toEqual(empty)

    const again = await runScript(rollback(plan), ['--apply'])
    expect(again.output).toContain('0 calls sent, 5 of 5 steps skipped')
  },
  2 * minutes,
)

onMoto(
  'killed half-way, it goes on from there',
  async () => {
    const broken = await runScript(apply(plan), ['--apply'], 7)
    expect(broken.code).toBe(null)
    const ended = await runScript(apply(plan), ['--apply'])
    expect(ended.code).toBe(0)
    expect(ended.output).toMatch(/[1-4] calls sent, [1-4] of 5 steps skipped/)
    expect((await readIam(moto)).attachments).toHaveLength(2)
    expect((await readIam(moto)).policies).toMatchObject([{ AttachmentCount: 1 }, { AttachmentCount: 1 }])
  },
  2 * minutes,
)

onMoto(
  'in another account it sends nothing',
  async () => {
    const elsewhere = { ...plan, account: '999999999999' }
    const ended = await runScript(apply(elsewhere), ['--apply'])
    expect(ended).toMatchObject({ code: 3, calls: ['sts get-caller-identity'] })
    expect(ended.output).toContain('999999999999')
    expect(ended.output).toContain('123456789012')
  },
  minutes,
)

onMoto(
  'a new version is made once, and rolled back to the version before; what changed since stays',
  async () => {
    const before = documentText(viewer.document)
    await moto.aws(
      ...['iam', 'create-policy', '--policy-name', viewer.name, '--path', viewer.path],
      ...['--policy-document', before],
    )
    const PolicyArn = viewer.arn
    const after = policyDocument(['GetRun'])
    const narrower = makePlan(
      [
        {
          request: {
            action: 'CreatePolicyVersion',
            input: { PolicyArn, PolicyDocument: documentText(after), SetAsDefault: true },
          },
          inverse: [
            { action: 'SetDefaultPolicyVersion', input: { PolicyArn, VersionId: 'v1' } },
            {
              action: 'DeletePolicyVersion',
              input: { PolicyArn, VersionId: { $from: 'op-1.PolicyVersion.VersionId' } },
            },
          ],
        },
      ],
      { policies: [viewer] },
    )
    expect((await runScript(apply(narrower), ['--apply'])).output).toContain('1 calls sent')
    expect((await runScript(apply(narrower), ['--apply'])).output).toContain('so already')
    expect((await readIam(moto)).policies).toMatchObject([{ versions: 2, document: after }])

    expect((await runScript(rollback(narrower), ['--apply'])).code).toBe(0)
    expect((await readIam(moto)).policies).toMatchObject([{ versions: 1, document: viewer.document }])

    const left = await runScript(rollback(narrower), ['--apply'])
    expect(left).toMatchObject({ code: 0 })
    expect(left.output).toContain('LEFT AS IT IS')
    expect((await readIam(moto)).policies).toMatchObject([{ versions: 1, document: viewer.document }])
  },
  2 * minutes,
)

onMoto(
  'a trust policy that changed and a policy that went come back as they were',
  async () => {
    const open = documentText(sagemakerTrust).replace('sagemaker', 'ec2')
    const RoleName = serviceRole.name
    const PolicyArn = viewer.arn
    const PolicyDocument = documentText(viewer.document)
    await moto.aws('iam', 'create-role', '--role-name', RoleName, '--assume-role-policy-document', open)
    await moto.aws(
      ...['iam', 'create-policy', '--policy-name', viewer.name, '--path', viewer.path],
      ...['--policy-document', PolicyDocument],
    )
    await moto.aws('iam', 'attach-user-policy', '--user-name', 'ana', '--policy-arn', PolicyArn)
    const before = await readIam(moto)
    const trust = documentText(serviceRole.trust)
    const steps = makePlan([
      {
        request: { action: 'UpdateAssumeRolePolicy', input: { RoleName, PolicyDocument: trust } },
        inverse: [{ action: 'UpdateAssumeRolePolicy', input: { RoleName, PolicyDocument: open } }],
      },
      { request: detach('user', 'ana', PolicyArn), inverse: [attach('user', 'ana', PolicyArn)] },
      {
        request: { action: 'DeletePolicy', input: { PolicyArn } },
        inverse: [
          {
            action: 'CreatePolicy',
            input: { PolicyName: viewer.name, Path: viewer.path, PolicyDocument },
          },
        ],
      },
    ])
    expect((await runScript(apply(steps), ['--apply'])).output).toContain('3 calls sent')
    expect(await readIam(moto)).toMatchObject({
      policies: [],
      attachments: [],
      roles: [{ AssumeRolePolicyDocument: serviceRole.trust }],
    })
    expect((await runScript(apply(steps), ['--apply'])).output).toContain(
      '0 calls sent, 3 of 3 steps skipped',
    )
    expect((await runScript(rollback(steps), ['--apply'])).output).toContain('3 calls sent')
    expect(await readIam(moto)).toEqual(before)
  },
  2 * minutes,
)

onMoto(
  'a name that is taken by another document ends the run with the step, before that step',
  async () => {
    await moto.aws(
      ...['iam', 'create-policy', '--policy-name', accented.name, '--path', accented.path],
      ...['--policy-document', documentText(viewer.document)],
    )
    const ended = await runScript(apply(plan), ['--apply'])
    expect(ended.code).toBe(7)
    expect(ended.output).toContain('Step 3 of 5')
    expect((await readIam(moto)).attachments).toEqual([])

    const back = await runScript(rollback(plan), ['--apply'])
    expect(back.output).toContain('LEFT AS IT IS')
    expect((await readIam(moto)).policies).toMatchObject([{ document: viewer.document }])
    expect((await readIam(moto)).roles).toEqual([])
  },
  2 * minutes,
)
