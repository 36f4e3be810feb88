import { createSandbox, type SandboxState, seedTeam } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { signIn } from './account.ts'
import { resumeFrom, rollBackFrom, takeCrashImages } from './crash-images.ts'
import { collect, freshFolder, planFor, quietly } from './scenario.ts'

const text = (grants: string) => `
version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers: { ml-prod: {}, ml-dev: {} }
grants:
${grants}
`
const before = text(`  - { to: permission-set/MLScientist, persona: viewer, on: ml-prod }`)
const after = text(`  - { to: permission-set/MLScientist, persona: data-scientist, on: [ml-prod, ml-dev] }`)

/** Permission sets as people see them, and the roles through which they act here. */
function sets(state: SandboxState): unknown {
  return {
    sets: state.center?.permissionSets.map(({ name, customerManaged, inline }) => ({
      name,
      customerManaged,
      inline,
    })),
    roles: state.roles
      .filter(({ name }) => name.startsWith('AWSReservedSSO_'))
      .map(({ name, attached }) => ({ name, attached: [...attached].sort() })),
    policies: state.policies.map(({ name, defaultVersion, versions }) => [
      name,
      versions.find(({ id }) => id === defaultVersion)?.document,
    ]),
  }
}

async function prepared() {
  const sandbox = createSandbox({ state: seedTeam() })
  const connection = signIn(sandbox.requestHandler)
  await collect(applyPlan(connection, await planFor(connection, before), quietly(freshFolder())))
  const start = structuredClone(sandbox.state) as SandboxState
  return { start, plan: await planFor(connection, after, true), sandbox, connection }
}

test('a permission set is done when Identity Center says that it has arrived in its accounts', async () => {
  const { plan, connection, sandbox } = await prepared()
  const events = await collect(applyPlan(connection, plan, quietly(freshFolder())))
  expect(events.at(-1)).toMatchObject({ ok: true })
  expect(events).toContainEqual(
    expect.objectContaining({ event: 'settling', what: 'Identity Center is carrying it into the accounts' }),
  )
  const last = sandbox.calls
    .map(({ action }) => action)
    .filter((action) => /Provision|DeletePolicy$/.test(action))
  // The policy that nobody needs any more goes only after the set has let go of it.
  expect(last.at(-1)).toBe('DeletePolicy')
  expect((await planFor(connection, after, true)).operations).toEqual([])
})

test.each([
  ['that refers to its policy', ''],
  ['with inline statements', 'permission-sets: { MLScientist: { policy: inline } }'],
])(
  'prune takes access from a permission set %s, though the file names none, and reads no other',
  async (_, form) => {
    const sandbox = createSandbox({ state: seedTeam() })
    const connection = signIn(sandbox.requestHandler)
    const start = structuredClone(sets(sandbox.state))
    await collect(applyPlan(connection, await planFor(connection, before + form), quietly(freshFolder())))
    const nobody = text('').replace('grants:', '')
    expect((await planFor(connection, nobody)).operations).toEqual([])
    const calls = sandbox.calls.length
    const plan = await planFor(connection, nobody, true)
    const read = sandbox.calls
      .slice(calls)
      .filter(({ action }) => /InlinePolicyForPermissionSet/.test(action))
    expect(read).toHaveLength(1)
    expect(plan.operations.some(({ action }) => action === 'ProvisionPermissionSet')).toBe(true)
    const events = await collect(applyPlan(connection, plan, quietly(freshFolder())))
    expect(events.at(-1)).toMatchObject({ ok: true })
    expect(sets(sandbox.state)).toEqual(start)
  },
)

test('killed at any call, it is resumed to the same end and rolled back to the same start', async () => {
  const { start, plan } = await prepared()
  const { images, end } = await takeCrashImages(start, plan)
  expect(images.length).toBeGreaterThan(8)
  for (const image of images) {
    const resumed = await resumeFrom(image)
    expect({ ok: resumed.ok, account: sets(resumed.state) }, image.what).toEqual({
      ok: true,
      account: sets(end),
    })
    const back = await rollBackFrom(image)
    expect({ ok: back.ok, account: sets(back.state) }, image.what).toEqual({ ok: true, account: sets(start) })
  }
}, 900_000)
