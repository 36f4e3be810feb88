import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { type IamState, readIam } from '../../test/tools/read-iam.ts'
import { testWith } from '../../test/tools/require-tool.ts'
import { type Moto, startMoto } from '../../test/tools/start-moto.ts'
import { parseGrants } from '../grants/parse-grants.ts'
import { buildPlan } from '../plan/build-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { ExportFormat } from './exporter.ts'
import { exporters } from './index.ts'
import { renderCommands } from './render-commands.ts'

const run = promisify(execFile)
const onMoto = testWith('moto', 'aws', 'bash')
const now = new Date('2026-11-24T12:00:00Z')
const example = new URL('../../../../examples/guide.yaml', import.meta.url)

let moto: Moto
const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-export-'))
beforeAll(async () => {
  moto = await startMoto()
}, 180_000)
afterAll(async () => {
  await moto?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The account as the grants file finds it: the role `gpu-jobs`, and nothing of ours. */
async function prepare(): Promise<void> {
  await moto.reset()
  const trust = '{"Version":"2012-10-17","Statement":[]}'
  await moto.aws('iam', 'create-role', '--role-name', 'gpu-jobs', '--assume-role-policy-document', trust)
}
beforeEach(prepare, 180_000)

/** The AWS guide's own procedure: both service roles as documented, and a policy attached to a role. */
const text = `${readFileSync(example, 'utf8')}\naccount: "123456789012"\n`
const file = parseGrants(text, 'guide.yaml')
const plan: Plan = buildPlan({ file, snapshot: assumeAccount(file, now), prune: false, now })

function fileOf(format: ExportFormat, path: string): string {
  const files = exporters[format].render(plan, { json: false, readme: true, toolVersion: '0.0.0' })
  const place = join(folder, path)
  writeFileSync(place, files.find((one) => one.path === path)?.text ?? '')
  return place
}

function withoutPolicyTags(state: IamState): IamState {
  return { ...state, policies: state.policies.map((policy) => ({ ...policy, tags: undefined })) }
}

onMoto(
  "the AWS guide's procedure leaves the same account as script, as pasted commands and as templates",
  async () => {
    await run('bash', [fileOf('shell', 'apply.sh'), '--apply'], { env: moto.env })
    const state = await readIam(moto, { tags: true })
    const { policies, attachments } = plan.target
    expect(state.policies).toEqual(
      policies
        .map(({ arn, document, tags }) => ({
          Arn: arn,
          AttachmentCount: attachments.filter(({ policy }) => policy === arn).length,
          versions: 1,
          document,
          tags,
        }))
        .sort((a, b) => a.Arn.localeCompare(b.Arn)),
    )
    expect(state.attachments).toHaveLength(attachments.length)

    await prepare()
    const pasted = join(folder, 'commands.sh')
    writeFileSync(pasted, renderCommands(plan))
    await run('bash', ['-eu', pasted], { env: moto.env })
    expect(await readIam(moto, { tags: true })).toEqual(state)

    for (const format of ['cloudformation', 'stackset'] as const) {
      await prepare()
      const template = fileOf(format, 'template.yaml')
      await moto.aws(
        ...[
          'cloudformation',
          'create-stack',
          '--stack-name',
          'mlflow-iam',
          '--template-body',
          `file://${template}`,
        ],
        ...['--capabilities', 'CAPABILITY_NAMED_IAM'],
      )
      expect(withoutPolicyTags(await readIam(moto)), format).toEqual(withoutPolicyTags(state))
    }
  },
  600_000,
)
