import {
  AddUserToGroupCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { checkFresh } from '../src/apply/observe-for.ts'
import { resumeApply } from '../src/apply/resume.ts'
import { applyRollback, planRollback } from '../src/apply/rollback.ts'
import { type AwsConnection, connect, type RequestHandler } from '../src/connection.ts'
import { needEverything, needsOfFile } from '../src/observe/needs.ts'
import { observeAccount } from '../src/observe/observe-account.ts'
import { people } from './account.ts'
import { sufferFaults } from './fault-schedule.ts'
import { hasMoto, type Moto, startMoto } from './moto.ts'
import { afterText, collect, freshFolder, now, quietly } from './scenario.ts'

describe.skipIf(!hasMoto())('against moto, an independent IAM', () => {
  let moto: Moto
  let connection: AwsConnection

  beforeAll(async () => {
    moto = await startMoto()
    const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' }
    connection = connect({ endpointUrl: moto.url, region: 'eu-west-1', credentials })
    const { client } = await connection.iam()
    for (const name of people) await client.send(new CreateUserCommand({ UserName: name }))
    for (const name of ['ml', 'readers']) await client.send(new CreateGroupCommand({ GroupName: name }))
    await client.send(new AddUserToGroupCommand({ GroupName: 'ml', UserName: 'ana' }))
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    })
    for (const RoleName of ['trainer', 'deployer', 'auditor']) {
      await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
    }
  }, 60_000)
  afterAll(() => {
    connection.close()
    moto.stop()
  })

  const owned = ({ users, groups, roles, policies }: Snapshot) => ({
    holders: [...users, ...groups, ...roles].map(({ arn, attached }) => [arn, [...attached].sort()]),
    // It lists them in the order in which they were made, which faults change.
    policies: Object.fromEntries(
      policies.map(({ arn, versions, defaultVersion }) => [
        arn,
        versions.find(({ id }) => id === defaultVersion)?.document,
      ]),
    ),
  })

  async function plan(text: string): Promise<{ plan: Plan; snapshot: Snapshot }> {
    const file = parseGrants(text, 'grants.yaml')
    const snapshot = await observeAccount(connection, needsOfFile(file))
    return { snapshot, plan: buildPlan({ file, snapshot, prune: true, now }) }
  }

  test('a plan is applied, a second plan is empty, and a rollback restores the start', async () => {
    const folder = freshFolder()
    const first = await plan(afterText)
    expect(first.plan.operations.length).toBeGreaterThan(20)
    await checkFresh(connection, first.plan)
    const events = await collect(applyPlan(connection, first.plan, quietly(folder)))
    expect(events.filter(({ event }) => event === 'failed')).toEqual([])
    expect(events.at(-1)).toMatchObject({ ok: true, done: first.plan.operations.length })
    expect((await plan(afterText)).plan.operations).toEqual([])

    const narrower = await plan(afterText.replace('add: [SetTag, DeleteTag, LogParam]', 'add: [SetTag]'))
    expect(narrower.plan.operations.map(({ action }) => action)).toContain('CreatePolicyVersion')
    expect((await collect(applyPlan(connection, narrower.plan, quietly(folder)))).at(-1)).toMatchObject({
      ok: true,
    })
    const back = await planRollback(connection, `${folder}/mlflow-iam-${narrower.plan.id}.journal.jsonl`)
    await collect(
      applyRollback(
        connection,
        `${folder}/mlflow-iam-${narrower.plan.id}.journal.jsonl`,
        back,
        quietly(folder),
      ),
    )
    expect((await plan(afterText)).plan.operations).toEqual([])

    const path = `${folder}/mlflow-iam-${first.plan.id}.journal.jsonl`
    expect((await collect(resumeApply(connection, path, quietly(folder)))).at(-1)).toMatchObject({ ok: true })
    const start = await planRollback(connection, path)
    expect((await collect(applyRollback(connection, path, start, quietly(folder)))).at(-1)).toMatchObject({
      ok: true,
    })
    expect(owned(await observeAccount(connection, {}))).toEqual(owned(first.snapshot))
  }, 900_000)

  test('random faults between it and us change nothing about the end, nor about the way back', async () => {
    const inner = new NodeHttpHandler({ requestTimeout: 20_000 })
    const victim = {
      handler: inner as unknown as RequestHandler,
      endpointUrl: moto.url,
      look: async () => owned(await observeAccount(connection, {})),
    }
    const { plan: first, snapshot } = await plan(afterText)
    const folder = freshFolder()
    const path = `${folder}/mlflow-iam-${first.id}.journal.jsonl`
    let last = (await collect(applyPlan(connection, first, quietly(folder)))).at(-1)
    // On a busy machine moto itself lets a call hang now and then.
    for (let start = 1; start < 5 && !(last?.event === 'finished' && last.ok); start += 1)
      last = (await collect(resumeApply(connection, path, quietly(folder)))).at(-1)
    expect(last).toMatchObject({ event: 'finished', ok: true })
    const undisturbed = await victim.look()
    await collect(applyRollback(connection, path, await planRollback(connection, path), quietly(folder)))
    for (const seed of [1, 2]) {
      const { end, back } = await sufferFaults(victim, (await plan(afterText)).plan, seed)
      expect(end, `seed ${seed}`).toEqual(undisturbed)
      expect(back, `seed ${seed}`).toEqual(owned(snapshot))
    }
  }, 900_000)

  test('MLflow operations, which it does not know, are unknown and no error', async () => {
    const file = parseGrants(
      'version: 1\nname: x\naccount: "123456789012"\nregion: eu-west-1\nservers: { ml-prod: {} }\n',
      'grants.yaml',
    )
    const named = await observeAccount(connection, needsOfFile(file))
    expect(named.unknown.map(({ part }) => part)).toContain('servers')
    const all = await observeAccount(connection, needEverything())
    expect(all.unknown.map(({ part }) => part)).toEqual(expect.arrayContaining(['servers', 'apps']))
  })

  test('its documents, which it does not encode, read as they were written', async () => {
    const { client, api } = await connection.iam()
    const document =
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/100%25/*"}}'
    await client.send(new api.CreatePolicyCommand({ PolicyName: 'percent', PolicyDocument: document }))
    const { policies } = await observeAccount(connection, {})
    expect(policies.find(({ name }) => name === 'percent')?.versions[0]?.document).toBe(document)
  })
})
