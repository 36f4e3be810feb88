import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { type IamState, readIam } from '../../../packages/core/test/tools/read-iam.ts'
import { testWith } from '../../../packages/core/test/tools/require-tool.ts'
import { type Moto, startMoto } from '../../../packages/core/test/tools/start-moto.ts'
import { examples, openPlace, type Place, program, runCommand } from './run-program.ts'

const onMoto = testWith('moto', 'aws', 'bash')
const guide = join(examples, 'guide.yaml')
const trust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}

let moto: Moto | undefined
beforeAll(async () => {
  moto = await startMoto().catch(() => undefined)
}, 60_000)
afterAll(() => moto?.stop())
beforeEach(async () => {
  await moto?.reset()
  await moto?.aws(
    'iam',
    'create-role',
    '--role-name',
    'gpu-jobs',
    '--assume-role-policy-document',
    JSON.stringify(trust),
  )
})

/** Runs the program against moto with nothing but the environment that the aws command has too. */
function onEndpoint(place: Place) {
  const env = moto?.env ?? {}
  return (...args: readonly string[]) =>
    runCommand(process.execPath, [program, ...args, '--endpoint-url', moto?.url ?? ''], {
      cwd: place.folder,
      env: place.env({ ...env, HOME: place.folder, AWS_ENDPOINT_URL: undefined }),
    })
}

async function state(): Promise<IamState> {
  if (!moto) throw new Error('moto is not running')
  return readIam(moto, { tags: true })
}

onMoto(
  'the guide done by apply, by the printed commands and by the exported script leaves one state',
  async () => {
    const place = openPlace()
    const run = onEndpoint(place)
    const bash = (...args: readonly string[]) =>
      runCommand('bash', args, { cwd: place.folder, env: { ...moto?.env, PATH: moto?.env.PATH } })
    const start = await state()

    const planned = await run('plan', '-f', guide, '-o', 'plan.json')
    expect(planned).toMatchObject({ exit: 0 })
    const commands = (await run('plan', '-f', guide, '--show', 'commands')).out
    for (const command of [
      'aws iam create-policy \\\n  --policy-name MLflowPolicy \\',
      'aws sts get-caller-identity\n',
      'aws iam attach-role-policy \\\n  --role-name gpu-jobs \\\n  --policy-arn arn:aws:iam::123456789012:policy/',
    ]) {
      expect(commands).toContain(command)
    }

    expect(await run('apply', 'plan.json', '--yes')).toMatchObject({ exit: 0, out: '8 of 8 done.\n' })
    expect((await run('verify', '-f', guide)).exit).toBe(0)
    expect((await run('plan', '-f', guide, '--detailed-exitcode')).exit).toBe(0)
    const applied = await state()
    expectTheGuide(applied)

    await resetAccount()
    writeFileSync(join(place.folder, 'commands.sh'), `set -e\n${commands}`)
    expect(await bash('commands.sh')).toMatchObject({ exit: 0, err: '' })
    expect(await state()).toEqual(applied)

    await resetAccount()
    expect((await run('export', '-f', guide, '--format', 'shell', '-o', 'handover')).exit).toBe(0)
    expect((await bash('handover/apply.sh')).exit).toBe(0)
    expect(await state()).toEqual(start)
    expect(await bash('handover/apply.sh', '--apply')).toMatchObject({ exit: 0 })
    expect(await state()).toEqual(applied)
    expect(await bash('handover/rollback.sh', '--apply')).toMatchObject({ exit: 0 })
    expect(await state()).toEqual(start)
  },
  180_000,
)

async function resetAccount(): Promise<void> {
  await moto?.reset()
  await moto?.aws(
    'iam',
    'create-role',
    '--role-name',
    'gpu-jobs',
    '--assume-role-policy-document',
    JSON.stringify(trust),
  )
}

/** The account holds what the AWS guide says, statement for statement (text kept in the core's own data). */
function expectTheGuide({ policies, roles, attachments }: IamState): void {
  const documents = policies.map(
    (policy) => (policy as { document: { Statement: unknown } }).document.Statement,
  )
  expect(JSON.stringify(documents)).toContain('"s3:Get*","s3:Put*","s3:List*","sagemaker:AddTags"')
  expect(JSON.stringify(documents)).toContain('"sagemaker-mlflow:*","sagemaker:CreateMlflowTrackingServer"')
  expect(roles.map((role) => (role as { RoleName: string }).RoleName)).toEqual([
    'gpu-jobs',
    'mlflow-sagemaker',
    'mlflow-tracking-server',
  ])
  expect(attachments).toHaveLength(3)
  const chosen = policies.find((policy) => (policy as { Arn: string }).Arn.endsWith('/MLflowPolicy'))
  const { document } = chosen as { document: { Statement: { Action: string[]; Resource: string[] }[] } }
  const file = readFileSync(guide, 'utf8')
  const wanted = /add: \[([^\]]+)\]/
    .exec(file)?.[1]
    ?.split(/,\s*/)
    .map((name) => `sagemaker-mlflow:${name.trim()}`)
  expect(
    document.Statement.flatMap(({ Action }) => Action)
      .filter((action) => action.startsWith('sagemaker-mlflow:'))
      .sort(),
  ).toEqual(wanted?.sort())
}

onMoto('an endpoint without MLflow operations leaves a finding, not a guess', async () => {
  const place = openPlace()
  const text = readFileSync(guide, 'utf8').replace('{ planned: true }', '{}')
  writeFileSync(join(place.folder, 'grants.yaml'), text)
  const { exit, out, err } = await onEndpoint(place)('plan', '-f', 'grants.yaml', '--show', 'risk')
  expect(exit).toBe(0)
  expect(out.replace(/\s+/g, ' ')).toContain('mlflow-tracking-server/ml-dev exists could not be checked')
  expect(err).toContain('warning: servers unknown')
})
