import { createSandbox, type SandboxState, seedTeam } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { signIn } from './account.ts'
import { resumeFrom, rollBackFrom, takeCrashImages } from './crash-images.ts'
import { collect, freshFolder, planFor, quietly } from './scenario.ts'

const text = (form: string, persona: string) => `
version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers: { ml-prod: {}, ml-dev: {} }
permission-sets: { MLScientist: { policy: ${form} } }
grants:
  - { to: permission-set/MLScientist, persona: ${persona}, on: ml-prod }
`

function setOf(state: SandboxState) {
  return state.center?.permissionSets.find(({ name }) => name === 'MLScientist')
}

/** The set, and the role through which it acts here. */
function scientist(state: SandboxState): unknown {
  const role = state.roles.find(({ name }) => name.startsWith('AWSReservedSSO_MLScientist_'))
  const set = setOf(state)
  return {
    set: { inline: set?.inline, customerManaged: set?.customerManaged },
    role: { attached: [...(role?.attached ?? [])].sort(), inline: role?.inline },
    policies: state.policies.map(({ name }) => name).sort(),
  }
}

async function start(form: string, persona: string) {
  const sandbox = createSandbox({ state: seedTeam() })
  const connection = signIn(sandbox.requestHandler)
  const before = structuredClone(sandbox.state) as SandboxState
  const run = async (next: string) => {
    const plan = await planFor(connection, next, true)
    const events = await collect(applyPlan(connection, plan, quietly(freshFolder())))
    expect(events.at(-1)).toMatchObject({ ok: true })
    expect((await planFor(connection, next, true)).operations).toEqual([])
    return plan
  }
  await run(text(form, persona))
  return { sandbox, connection, run, before }
}

test('the inline policy keeps what others wrote, and reaches the role when it is provisioned', async () => {
  const { sandbox, before } = await start('inline', 'viewer')
  const old = setOf(before)?.inline ?? ''
  const foreign = JSON.parse(old) as { Statement: readonly unknown[] }
  const role = sandbox.state.roles.find(({ name }) => name.startsWith('AWSReservedSSO_MLScientist_'))
  expect(role?.inline).toEqual([{ name: 'AwsSSOInlinePolicy', document: setOf(sandbox.state)?.inline }])
  const now = JSON.parse(role?.inline[0]?.document ?? '{}') as { Statement: readonly unknown[] }
  expect(now.Statement.slice(0, [foreign.Statement].flat().length)).toEqual([foreign.Statement].flat())
  expect(now.Statement.length).toBeGreaterThan([foreign.Statement].flat().length)
})

test('it changes form and back, each time with one plan, and nothing is left over', async () => {
  const { sandbox, run, before } = await start('reference', 'viewer')
  const referring = scientist(sandbox.state)
  const there = await run(text('inline', 'viewer'))
  expect(
    there.operations.map(({ action }) => action).filter((action) => action.startsWith('Provision')),
  ).toHaveLength(2)
  const back = await run(text('reference', 'viewer'))
  expect(back.operations.at(-1)?.action).toBe('ProvisionPermissionSet')
  expect(scientist(sandbox.state)).toEqual(referring)
  expect(setOf(sandbox.state)?.inline).toBe(setOf(before)?.inline)
})

test('killed at any call of a change of form, it is resumed to the same end and rolled back to the same start', async () => {
  const { sandbox, connection } = await start('reference', 'viewer')
  const from = structuredClone(sandbox.state) as SandboxState
  const plan = await planFor(connection, text('inline', 'data-scientist'), true)
  const { images, end } = await takeCrashImages(from, plan)
  expect(images.length).toBeGreaterThan(8)
  for (const image of images) {
    const resumed = await resumeFrom(image)
    expect({ ok: resumed.ok, account: scientist(resumed.state) }, image.what).toEqual({
      ok: true,
      account: scientist(end),
    })
    const rolled = await rollBackFrom(image)
    expect({ ok: rolled.ok, account: scientist(rolled.state) }, image.what).toEqual({
      ok: true,
      account: scientist(from),
    })
  }
}, 900_000)
