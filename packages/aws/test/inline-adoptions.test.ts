import { runnerPolicy } from '@mlflow-iam/core/export/runner-policy'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { createSandbox, type SandboxState } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { sendRequest } from '../src/apply/commands.ts'
import { checkFresh } from '../src/apply/observe-for.ts'
import { applyRollback, planRollback } from '../src/apply/rollback.ts'
import { essence, signIn, smallTeam } from './account.ts'
import { resumeFrom, rollBackFrom, takeCrashImages } from './crash-images.ts'
import { enteredWith } from './entered-with.ts'
import { withFaults } from './faults.ts'
import { instantTime } from './instant-time.ts'
import { collect, freshFolder, planFor, quietly } from './scenario.ts'

/** As people write them: with tabs, an order of their own, and letters beyond ASCII. */
const byHand =
  '{\n\t"Statement": [{"Effect":"Allow",  "Action":"s3:GetObject","Resource":"arn:aws:s3:::équipe/*"}],\n\t"Version": "2012-10-17"\n}'
const theirs = byHand.replace('s3:GetObject', 's3:PutObject')

const text = `
version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers: { ml-prod: { planned: true, artifacts: s3://ml-prod-mlflow/artifacts } }
grants:
  - { to: [user/ana, group/ml, role/trainer], persona: viewer, on: ml-prod }
adopt:
  - inline:mlflow-access@user/ana
  - inline:mlflow-access@group/ml
  - inline:mlflow-access@role/trainer
  - inline:second@role/trainer
`

async function prepared(): Promise<{ readonly start: SandboxState; readonly plan: Plan }> {
  const team = await smallTeam()
  const access = { name: 'mlflow-access', document: byHand }
  const give = <T extends Holder>(holders: readonly T[]): readonly T[] =>
    holders.map((holder) => ({
      ...holder,
      inline: [
        ...(['ana', 'ben', 'ml', 'trainer'].includes(holder.name) ? [access] : []),
        ...(holder.name === 'trainer' ? [{ ...access, name: 'second' }] : []),
      ],
    }))
  const start = {
    ...team,
    ...{ users: give(team.users), groups: give(team.groups), roles: give(team.roles) },
  }
  return { start, plan: await planFor(signIn(createSandbox({ state: start }).requestHandler), text) }
}

type Holder = SandboxState['users' | 'groups' | 'roles'][number]

/** The order of a holder's inline policies says nothing. */
function account(state: SandboxState): unknown {
  const sorted = <T extends Holder>(holders: readonly T[]): readonly T[] =>
    holders.map((holder) => ({
      ...holder,
      inline: [...holder.inline].sort((a, b) => (a.name < b.name ? -1 : 1)),
    }))
  const users = sorted(state.users)
  const groups = sorted(state.groups)
  return {
    groups: groups.map(({ name, inline }) => [name, inline]),
    rest: essence({ ...state, users, groups, roles: sorted(state.roles) }),
  }
}

const inlineOf = (state: SandboxState, name: string) =>
  [...state.users, ...state.groups, ...state.roles].find((holder) => holder.name === name)?.inline

test('only the policies that the file adopts go, each after its holder has the grants', async () => {
  const { start, plan } = await prepared()
  const sandbox = createSandbox({ state: start })
  const connection = signIn(sandbox.requestHandler)
  const events = await collect(applyPlan(connection, plan, quietly(freshFolder(), { concurrency: 8 })))
  expect(events.at(-1)).toMatchObject({ ok: true })
  expect(['ana', 'ml', 'trainer', 'ben'].map((name) => inlineOf(sandbox.state, name)?.length)).toEqual([
    0, 0, 0, 1,
  ])
  const actions = sandbox.calls.map(({ action }) => action)
  const deletes = actions
    .map((action, place) => (/^Delete/u.test(action) ? place : -1))
    .filter((at) => at >= 0)
  expect(deletes).toHaveLength(4)
  const attaches = ['AttachUserPolicy', 'AttachGroupPolicy', 'AttachRolePolicy']
  for (const action of attaches) expect(actions.lastIndexOf(action)).toBeLessThan(Math.min(...deletes))
  expect((await planFor(connection, text)).operations).toEqual([])
})

test('killed at any call, it is resumed to the same end and rolled back to the same bytes', async () => {
  const { start, plan } = await prepared()
  const { images, end } = await takeCrashImages(start, plan)
  expect(images).toHaveLength(2 * plan.operations.length)
  for (const image of images) {
    const resumed = await resumeFrom(image)
    expect({ ok: resumed.ok, account: account(resumed.state) }, image.what).toEqual({
      ok: true,
      account: account(end),
    })
    const back = await rollBackFrom(image)
    expect({ ok: back.ok, account: account(back.state) }, image.what).toEqual({
      ok: true,
      account: account(start),
    })
  }
}, 300_000)

test('a rollback writes the policies again before it takes the grants away, and leaves what others wrote', async () => {
  const { start, plan } = await prepared()
  const sandbox = createSandbox({ state: start })
  const connection = signIn(sandbox.requestHandler)
  const folder = freshFolder()
  await collect(applyPlan(connection, plan, quietly(folder)))
  const { client, api } = await connection.iam()
  await client.send(
    new api.PutUserPolicyCommand({
      UserName: 'ana',
      PolicyName: 'mlflow-access',
      PolicyDocument: theirs,
    }),
  )
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  const back = await planRollback(connection, path, { timing: instantTime() })
  expect(back.operations.map(({ action, risk }) => `${action} ${risk}`)).toEqual([
    'PutRolePolicy adds',
    'PutRolePolicy adds',
    'PutGroupPolicy adds',
    'DetachUserPolicy removes',
    'DetachRolePolicy removes',
    'DetachGroupPolicy removes',
    'DeletePolicy removes',
  ])
  expect(back.findings).toMatchObject([
    { code: 'not-taken-back', principal: expect.stringContaining(':user/ana') },
  ])
  const from = sandbox.calls.length
  expect((await collect(applyRollback(connection, path, back, quietly(folder)))).at(-1)).toMatchObject({
    ok: true,
  })
  const actions = sandbox.calls.slice(from).map(({ action }) => action)
  expect(actions.lastIndexOf('PutGroupPolicy')).toBeLessThan(actions.indexOf('DetachUserPolicy'))
  expect(inlineOf(sandbox.state, 'ana')).toEqual([{ name: 'mlflow-access', document: theirs }])
  expect(inlineOf(sandbox.state, 'ml')).toEqual([{ name: 'mlflow-access', document: byHand }])
})

test('a policy that somebody changed meanwhile makes the plan stale', async () => {
  const { start, plan } = await prepared()
  const connection = signIn(createSandbox({ state: start }).requestHandler)
  await checkFresh(connection, plan, instantTime())
  const { client, api } = await connection.iam()
  await client.send(
    new api.PutGroupPolicyCommand({ GroupName: 'ml', PolicyName: 'mlflow-access', PolicyDocument: theirs }),
  )
  await expect(checkFresh(connection, plan, instantTime())).rejects.toMatchObject({
    code: 'STALE_PLAN',
    why: expect.stringContaining('group ml: inline changed'),
  })
})

test.each(['lost', '500-lost', 'drop', 'throttle'] as const)(
  'an answer to a deletion that is %s is found out, and the run ends as without it',
  async (kind) => {
    const { start, plan } = await prepared()
    const sandbox = createSandbox({ state: start })
    const failed = new Set<string>()
    const faulty = withFaults(sandbox.requestHandler, {
      fault: ({ action }) => {
        if (!/^Delete(?:User|Group|Role)Policy$/u.test(action) || failed.has(action)) return undefined
        failed.add(action)
        return kind
      },
    })
    const events = await collect(applyPlan(signIn(faulty), plan, quietly(freshFolder(), { concurrency: 1 })))
    expect(events.at(-1)).toMatchObject({ ok: true })
    expect([...failed].sort()).toEqual(['DeleteGroupPolicy', 'DeleteRolePolicy', 'DeleteUserPolicy'])
    expect(['ana', 'ml', 'trainer'].flatMap((name) => inlineOf(sandbox.state, name))).toEqual([])
  },
)

test('where the grant cannot be attached, its holder keeps the inline policy, whatever else goes on', async () => {
  const { start, plan } = await prepared()
  const sandbox = createSandbox({ state: start })
  const denied = withFaults(sandbox.requestHandler, {
    fault: ({ action }) => (action === 'AttachGroupPolicy' ? 'denied' : undefined),
  })
  const events = await collect(
    applyPlan(signIn(denied), plan, quietly(freshFolder(), { onError: 'continue' })),
  )
  expect(events.at(-1)).toMatchObject({ ok: false })
  expect(inlineOf(sandbox.state, 'ml')).toHaveLength(1)
})

test('the least rights are enough, there and back, and no more than those', async () => {
  const { start, plan } = await prepared()
  const policy = runnerPolicy(plan, { undo: true })
  const send = async (rights: typeof policy) => {
    const connection = signIn(enteredWith(start, rights).requestHandler)
    for (const operation of plan.operations) await sendRequest(connection, operation, plan.region)
    for (const operation of [...plan.operations].reverse())
      for (const request of operation.inverse) await sendRequest(connection, request, plan.region)
  }
  await send(policy)
  for (const kind of ['User', 'Group', 'Role']) {
    for (const missing of [`iam:Delete${kind}Policy`, `iam:Put${kind}Policy`]) {
      const less = JSON.parse(JSON.stringify(policy), (_, value) =>
        value === missing ? 'iam:GetUser' : value,
      )
      await expect(send(less), missing).rejects.toMatchObject({ name: expect.stringMatching(/AccessDenied/) })
    }
  }
})

test('a plan that was edited to write or delete any other inline policy is refused', async () => {
  const { start, plan } = await prepared()
  const connection = signIn(createSandbox({ state: start }).requestHandler)
  const { adopted = [], ...target } = plan.target
  const ben = 'arn:aws:iam::123456789012:user/ben'
  const [removal] = plan.operations.filter(({ action }) => action === 'DeleteUserPolicy')
  if (removal?.action !== 'DeleteUserPolicy') throw new Error('the plan deletes none')
  const attempts: Plan[] = [
    { ...plan, target },
    { ...plan, target: { ...target, adopted: adopted.filter((label) => !label.endsWith('role/trainer')) } },
    // Of somebody else, under the name of one that is adopted.
    { ...plan, operations: [{ ...removal, input: { ...removal.input, UserName: 'ben' } }] },
    { ...plan, operations: [{ ...removal, principal: ben, input: { ...removal.input, UserName: 'ben' } }] },
    {
      ...plan,
      operations: [
        {
          ...removal,
          action: 'PutUserPolicy',
          input: { UserName: 'ana', PolicyName: 'mlflow-access', PolicyDocument: theirs },
        },
      ],
    },
  ]
  for (const edited of attempts) {
    await expect(collect(applyPlan(connection, edited, quietly(freshFolder())))).rejects.toMatchObject({
      code: 'NOT_OURS',
      exit: 3,
    })
  }
})
