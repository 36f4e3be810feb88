import { createSandbox, type Sandbox, type SandboxState, seedTeam } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { planRollback } from '../src/apply/rollback.ts'
import { signIn } from './account.ts'
import { enteredWith } from './entered-with.ts'
import { instantTime } from './instant-time.ts'
import { collect, freshFolder, planFor, quietly } from './scenario.ts'

const head = `
version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
`
const made = `${head}
servers: { ml-dev: {} }
roles:
  tracking-server: { name: mlflow-tracking-server, buckets: [ml-prod-mlflow] }
  sagemaker: { name: mlflow-sagemaker, passes: [mlflow-tracking-server] }
grants:
  - { to: profile/d-abc123/yusuf-demir, persona: viewer, on: ml-dev }
split: { profile/d-abc123/yusuf-demir: { role: yusuf } }
`
const arn = (role: string) => `arn:aws:iam::123456789012:role/${role}`

/** The team's account after the roles of a file were made, and after what SageMaker was told to do with them. */
async function withRoles(use: (state: SandboxState) => void): Promise<{ sandbox: Sandbox; journal: string }> {
  const first = createSandbox({ state: seedTeam() })
  const connection = signIn(first.requestHandler)
  const journal = `${freshFolder()}/journal.jsonl`
  const events = await collect(
    applyPlan(connection, await planFor(connection, made), quietly(freshFolder(), { journal })),
  )
  expect(events.at(-1)).toMatchObject({ event: 'finished', ok: true })
  const state = structuredClone(first.state) as SandboxState
  use(state)
  return { sandbox: createSandbox({ state }), journal }
}

function give(state: SandboxState, kind: 'servers' | 'profiles', name: string, role: string): void {
  const found = state[kind].find((each) => each.name === name)
  if (!found) throw new Error(`There is no ${name}.`)
  Object.assign(found, { role: arn(role) })
}

/** Back to the shared role, so that nothing but what a test says uses the roles. */
const moveBack = (state: SandboxState) => give(state, 'profiles', 'yusuf-demir', 'nlp-shared')

const deleted = (plan: Awaited<ReturnType<typeof planFor>>) =>
  plan.operations.flatMap(({ action, input }) => (action === 'DeleteRole' ? input.RoleName : [])).sort()

test.each([
  ['the file names no server at all', head],
  ['the file names others', `${head}servers: { ml-dev: {} }\n`],
])('prune keeps roles that servers and profiles use, where %s', async (_, text) => {
  const { sandbox } = await withRoles((state) => {
    moveBack(state)
    give(state, 'servers', 'ml-staging', 'mlflow-tracking-server')
    give(state, 'profiles', 'zoe-martin', 'mlflow-sagemaker')
  })
  const plan = await planFor(signIn(sandbox.requestHandler), text, true)
  expect(deleted(plan)).toEqual(['yusuf'])
  const messages = plan.findings.map(({ message }) => message)
  expect(messages).toContain(
    'Role mlflow-tracking-server is ours and no longer listed, but stays: ml-staging uses it. What it may do by this file is revoked all the same: list it again, or give what uses it another role first.',
  )
  expect(messages.join('\n')).toContain(
    'Role mlflow-sagemaker is ours and no longer listed, but stays: profile d-abc123/zoe-martin acts through it.',
  )
})

test('prune deletes roles that nothing uses, and reads no server or profile where no role is to go', async () => {
  const { sandbox } = await withRoles(moveBack)
  expect(deleted(await planFor(signIn(sandbox.requestHandler), head, true))).toEqual([
    'mlflow-sagemaker',
    'mlflow-tracking-server',
    'yusuf',
  ])
  const idle = createSandbox({ state: seedTeam() })
  await planFor(signIn(idle.requestHandler), head, true)
  expect(idle.calls.filter(({ action }) => /Mlflow|Domain|Profile/.test(action))).toEqual([])
})

test('where SageMaker may not be read, prune deletes no role and says why', async () => {
  const { sandbox } = await withRoles(moveBack)
  const state = structuredClone(sandbox.state) as SandboxState
  const iamOnly = { Effect: 'Allow', Action: ['iam:*', 'sts:GetCallerIdentity'], Resource: '*' } as const
  const entered = enteredWith(state, { Version: '2012-10-17', Statement: [iamOnly] })
  const plan = await planFor(signIn(entered.requestHandler), head, true)
  expect(deleted(plan)).toEqual([])
  expect(plan.findings.filter(({ message }) => message.includes('cannot be seen'))).toHaveLength(3)
})

test('a rollback leaves the roles that something uses by now, with what they hold, and takes the rest back', async () => {
  const { sandbox, journal } = await withRoles((state) => {
    give(state, 'servers', 'ml-staging', 'mlflow-tracking-server')
    give(state, 'profiles', 'zoe-martin', 'yusuf')
  })
  const plan = await planRollback(signIn(sandbox.requestHandler), journal, { timing: instantTime() })
  expect(deleted(plan)).toEqual(['mlflow-sagemaker'])
  expect(plan.operations.map(({ action }) => action)).toContain('UpdateUserProfile')
  const touched = plan.operations.filter(({ action }) => action === 'DetachRolePolicy')
  expect(touched.map(({ input }) => 'RoleName' in input && input.RoleName)).toEqual(['mlflow-sagemaker'])
  const messages = plan.findings.map(({ message }) => message).join('\n')
  expect(messages).toContain('role mlflow-tracking-server stays, as ml-staging uses it')
  expect(messages).toContain('role yusuf stays, as profile d-abc123/zoe-martin acts through it')
})

test('a rollback in which nothing else uses them deletes all roles that were made', async () => {
  const { sandbox, journal } = await withRoles(() => undefined)
  const plan = await planRollback(signIn(sandbox.requestHandler), journal, { timing: instantTime() })
  expect(deleted(plan)).toEqual(['mlflow-sagemaker', 'mlflow-tracking-server', 'yusuf'])
})
