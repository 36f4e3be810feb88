import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mlflowActions } from '@mlflow-iam/core/catalog/actions'
import { builtInPersonas } from '@mlflow-iam/core/personas/built-in'
import fc from 'fast-check'
import { afterAll, beforeAll, expect } from 'vitest'
import { type IamState, readIam } from '../../../packages/core/test/tools/read-iam.ts'
import { testWith } from '../../../packages/core/test/tools/require-tool.ts'
import { type Moto, startMoto } from '../../../packages/core/test/tools/start-moto.ts'
import { openPlace, program, runCommand } from './run-program.ts'

const onMoto = testWith('moto', 'aws', 'bash')
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
})

let moto: Moto | undefined
beforeAll(async () => {
  moto = await startMoto().catch(() => undefined)
}, 60_000)
afterAll(() => moto?.stop())

/** An account that holds the principals and nothing else. */
async function freshAccount(): Promise<void> {
  await moto?.reset()
  for (const name of ['ana', 'ben']) await moto?.aws('iam', 'create-user', '--user-name', name)
  await moto?.aws('iam', 'create-group', '--group-name', 'reviewers')
  await moto?.aws('iam', 'create-role', '--role-name', 'ci', '--assume-role-policy-document', trust)
}

const anyGrant = fc
  .record({
    to: fc.subarray(['user/ana', 'user/ben', 'group/reviewers', 'role/ci'], { minLength: 1 }),
    persona: fc.constantFrom(...builtInPersonas.map(({ name }) => name)),
    on: fc.subarray(['ml-dev', 'ml-prod'], { minLength: 1 }),
    add: fc.subarray(
      mlflowActions.map(({ bare }) => bare),
      { maxLength: 3 },
    ),
    until: fc.constantFrom(undefined, '2099-03-31'),
  })
  .map((grant) => JSON.stringify({ ...grant, add: grant.add.length > 0 ? grant.add : undefined }))
const anyFile = fc.tuple(fc.uniqueArray(anyGrant, { minLength: 1, maxLength: 3 }), fc.boolean()).map(
  ([grants, roles]) => `version: 1
name: generated
account: "123456789012"
region: eu-west-1
servers:
  ml-dev: { planned: true, artifacts: s3://ml-dev-mlflow/experiments }
  ml-prod: { planned: true }
${roles ? 'roles: { tracking-server: { name: mlflow-server, buckets: [ml-dev-mlflow] } }\n' : ''}grants:
${grants.map((grant) => `  - ${grant}\n`).join('')}`,
)

onMoto(
  'generated files: apply, the script once and twice, and the stack leave one state',
  async () => {
    for (const file of fc.sample(anyFile, { numRuns: 4, seed: 20261124 })) {
      const place = openPlace()
      const run = (...args: readonly string[]) =>
        runCommand(process.execPath, [program, ...args, '--endpoint-url', moto?.url ?? ''], {
          cwd: place.folder,
          env: place.env({ ...moto?.env, HOME: place.folder, AWS_ENDPOINT_URL: undefined }),
        })
      const bash = (...args: readonly string[]) =>
        runCommand('bash', args, { cwd: place.folder, env: { ...moto?.env } })
      writeFileSync(join(place.folder, 'grants.yaml'), file)
      await freshAccount()
      const start = await state()
      for (const format of ['shell', 'cloudformation']) {
        expect((await run('export', '-f', 'grants.yaml', '--format', format, '-o', format)).exit, file).toBe(
          0,
        )
      }
      expect((await run('apply', '-f', 'grants.yaml', '--confirm', '123456789012')).exit, file).toBe(0)
      const applied = await state()
      expect((await run('plan', '-f', 'grants.yaml', '--detailed-exitcode')).exit, file).toBe(0)
      expect((await run('verify', '-f', 'grants.yaml')).exit, file).toBe(0)

      await freshAccount()
      for (const _ of ['once', 'twice']) {
        expect(await bash('shell/apply.sh', '--apply'), file).toMatchObject({ exit: 0 })
        expect(await state(), file).toEqual(applied)
      }
      expect(await bash('shell/rollback.sh', '--apply'), file).toMatchObject({ exit: 0 })
      expect(await state(), file).toEqual(start)

      await moto?.aws(
        ...[
          'cloudformation',
          'create-stack',
          '--stack-name',
          'mlflow',
          '--capabilities',
          'CAPABILITY_NAMED_IAM',
        ],
        ...['--template-body', `file://${join(place.folder, 'cloudformation/template.yaml')}`],
      )
      // CloudFormation cannot tag a managed policy.
      expect(withoutPolicyTags(await state()), file).toEqual(withoutPolicyTags(applied))
    }
  },
  300_000,
)

async function state(): Promise<IamState> {
  if (!moto) throw new Error('moto is not running')
  return readIam(moto, { tags: true })
}

function withoutPolicyTags(state: IamState): IamState {
  return { ...state, policies: state.policies.map((policy) => ({ ...policy, tags: undefined })) }
}
