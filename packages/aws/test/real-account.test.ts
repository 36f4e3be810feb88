import { runnerPolicy } from '@mlflow-iam/core/export/runner-policy'
import type { Plan } from '@mlflow-iam/core/plan/plan'
import { splitRoleName } from '@mlflow-iam/core/target/split-roles'
import { createSandbox, type SandboxState, seedTeam } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { checkFresh } from '../src/apply/observe-for.ts'
import { applyRollback, planRollback } from '../src/apply/rollback.ts'
import { essence, signIn } from './account.ts'
import { resumeFrom, rollBackFrom, takeCrashImages } from './crash-images.ts'
import { enteredWith } from './entered-with.ts'
import { type Fault, withFaults } from './faults.ts'
import { instantTime } from './instant-time.ts'
import { collect, freshFolder, planFor, quietly } from './scenario.ts'

const text = (rest: string) => `
version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers: { ml-prod: {}, ml-dev: {} }
${rest}
`
const before = text('grants: [{ to: profile/d-abc123/ben-okafor, persona: viewer, on: ml-dev }]')
const after = text(`grants:
  - { to: profile/d-abc123/ben-okafor, persona: data-scientist, on: ml-dev }
  - { to: profile/d-abc123/ben, persona: viewer, on: ml-prod }
  - { to: role/chen-exec, persona: viewer, on: ml-prod }
split:
  profile/d-abc123/ben-okafor: {}
  profile/d-abc123/ben: { role: ben-mlflow }
adopt: [LegacyMLAccess]`)
const boundary = 'arn:aws:iam::aws:policy/SageMakerStudioProjectUserRolePermissionsBoundary'
const roleName = splitRoleName('ml-platform', 'profile/d-abc123/ben-okafor')

/** The team's account, in which ds-shared has everything that a role can have. */
function team(): SandboxState {
  const state = seedTeam()
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sagemaker:CreateTrainingJob', Resource: '*' }],
  })
  const roles = state.roles.map((role) =>
    role.name === 'ds-shared'
      ? {
          ...role,
          maxSessionDuration: 7200,
          boundary,
          inline: [...role.inline, { name: 'team-jobs', document }],
        }
      : role,
  )
  return { ...state, roles }
}

async function prepared(): Promise<{ readonly start: SandboxState; readonly plan: Plan }> {
  const sandbox = createSandbox({ state: team() })
  const connection = signIn(sandbox.requestHandler)
  await collect(applyPlan(connection, await planFor(connection, before), quietly(freshFolder())))
  const start = structuredClone(sandbox.state) as SandboxState
  return { start, plan: await planFor(connection, after) }
}

/** Profiles with their roles, beside what always counts. A role that was inherited comes back by name. */
function account(state: SandboxState): unknown {
  const [domain] = state.domains
  const profiles = state.profiles.map(({ name, role }) => [name, role ?? domain?.defaultRole])
  const roles = state.roles.map(({ name, boundary, maxSessionDuration }) => [
    name,
    boundary,
    maxSessionDuration,
  ])
  return { ...(essence(state) as object), profiles, more: roles.sort() }
}

test('a plan moves only the profiles that it names, and the account is then as the file says', async () => {
  const { start, plan } = await prepared()
  const sandbox = createSandbox({ state: start })
  const connection = signIn(sandbox.requestHandler)
  const events = await collect(applyPlan(connection, plan, quietly(freshFolder(), { concurrency: 8 })))
  expect(events.at(-1)).toMatchObject({ ok: true })
  const { state } = sandbox
  const moved = state.profiles.filter(
    ({ name, role }) => role !== start.profiles.find((profile) => profile.name === name)?.role,
  )
  expect(moved.map(({ name, role }) => [name, role?.replace(/^.*\//, '')]).sort()).toEqual([
    ['ben', 'ben-mlflow'],
    ['ben-okafor', roleName],
  ])
  expect(state.roles.find(({ name }) => name === roleName)).toMatchObject({
    maxSessionDuration: 7200,
    boundary,
    trust: expect.stringContaining('sagemaker.amazonaws.com'),
  })
  expect(events).toContainEqual(expect.objectContaining({ what: 'SageMaker is updating the profile' }))
  expect((await planFor(connection, after)).operations).toEqual([])
  // Prune finds the policy that nobody holds any more, and nothing of the split.
  expect((await planFor(connection, after, true)).operations).toMatchObject([{ action: 'DeletePolicy' }])
})

test('the profile moves after its role is complete and before the shared one loses anything', async () => {
  const { start, plan } = await prepared()
  const sandbox = createSandbox({ state: start })
  await collect(applyPlan(signIn(sandbox.requestHandler), plan, quietly(freshFolder(), { concurrency: 8 })))
  const actions = sandbox.calls.map(({ action }) => action)
  expect(actions.lastIndexOf('AttachRolePolicy')).toBeLessThan(actions.indexOf('UpdateUserProfile'))
  expect(actions.lastIndexOf('UpdateUserProfile')).toBeLessThan(actions.indexOf('DetachRolePolicy'))
})

test('killed at any call, it is resumed to the same end and rolled back to the same start', async () => {
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
}, 900_000)

test.each<Fault>(['lost', '500-lost', 'drop', '500', 'throttle'])(
  'an answer to UpdateUserProfile that is %s is found out, and the run ends as without it',
  async (kind) => {
    const { start, plan } = await prepared()
    const undisturbed = createSandbox({ state: start })
    await collect(applyPlan(signIn(undisturbed.requestHandler), plan, quietly(freshFolder())))
    const sandbox = createSandbox({ state: start })
    let failed = 0
    const faulty = withFaults(sandbox.requestHandler, {
      fault: ({ action }) => {
        if (action !== 'UpdateUserProfile' || failed > 1) return undefined
        failed += 1
        return kind
      },
    })
    const events = await collect(applyPlan(signIn(faulty), plan, quietly(freshFolder(), { concurrency: 1 })))
    expect(events.at(-1)).toMatchObject({ ok: true })
    expect(failed).toBe(2)
    expect(account(sandbox.state)).toEqual(account(undisturbed.state))
  },
)

test.each(['stop', 'continue'] as const)(
  'where SageMaker refuses the profile, the shared role keeps what the profile has (on error: %s)',
  async (onError) => {
    const { start, plan } = await prepared()
    const sandbox = createSandbox({ state: start })
    const denied = withFaults(sandbox.requestHandler, {
      fault: ({ action }) => (action === 'UpdateUserProfile' ? 'denied' : undefined),
    })
    const events = await collect(applyPlan(signIn(denied), plan, quietly(freshFolder(), { onError })))
    expect(events.at(-1)).toMatchObject({ ok: false })
    const shared = (state: SandboxState) => state.roles.find(({ name }) => name === 'ds-shared')?.attached
    expect(shared(sandbox.state)).toEqual(shared(start))
  },
)

test('where the role of its own is not complete, the profile does not move, whatever else goes on', async () => {
  const { start, plan } = await prepared()
  const sandbox = createSandbox({ state: start })
  const studio = plan.operations.filter(
    ({ action, input }) =>
      action === 'AttachRolePolicy' && 'RoleName' in input && input.RoleName === roleName,
  )
  let seen = 0
  const denied = withFaults(sandbox.requestHandler, {
    fault: ({ action }) => {
      if (action === 'AttachRolePolicy') seen += 1
      return action === 'AttachRolePolicy' && seen === 1 ? 'denied' : undefined
    },
  })
  const events = await collect(
    applyPlan(signIn(denied), plan, quietly(freshFolder(), { onError: 'continue', concurrency: 1 })),
  )
  const failed = events.find((event) => event.event === 'failed')
  const first = plan.operations.find(({ id }) => failed?.event === 'failed' && id === failed.operation)
  const owner = first && 'RoleName' in first.input ? first.input.RoleName : ''
  expect([roleName, 'ben-mlflow']).toContain(owner)
  const profile = owner === roleName ? 'ben-okafor' : 'ben'
  const roleOf = (state: SandboxState) => state.profiles.find(({ name }) => name === profile)?.role
  expect(roleOf(sandbox.state)).toEqual(roleOf(start))
  expect(studio.length).toBeGreaterThan(2)
})

test('a finished split is rolled back: profiles, attachments, policies and roles are as before', async () => {
  const { start, plan } = await prepared()
  const folder = freshFolder()
  const sandbox = createSandbox({ state: start })
  const connection = signIn(sandbox.requestHandler)
  await collect(applyPlan(connection, plan, quietly(folder)))
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  const back = await planRollback(connection, path, { timing: instantTime() })
  expect(back.operations.findIndex(({ action }) => action === 'UpdateUserProfile')).toBeLessThan(
    back.operations.findIndex(({ action }) => action === 'DetachRolePolicy'),
  )
  expect((await collect(applyRollback(connection, path, back, quietly(folder)))).at(-1)).toMatchObject({
    ok: true,
  })
  expect(account(sandbox.state)).toEqual(account(start))
})

test('a profile that somebody moved meanwhile makes the plan stale, and a rollback leaves it alone', async () => {
  const { start, plan } = await prepared()
  const sandbox = createSandbox({ state: start })
  const connection = signIn(sandbox.requestHandler)
  await checkFresh(connection, plan, instantTime())
  const nlp = 'arn:aws:iam::123456789012:role/nlp-shared'
  const move = async (UserProfileName: string) => {
    const { client, api } = await connection.sageMaker('eu-west-1')
    const input = { DomainId: 'd-abc123', UserProfileName, UserSettings: { ExecutionRole: nlp } }
    await client.send(new api.UpdateUserProfileCommand(input))
  }
  const other = createSandbox({ state: start })
  const folder = freshFolder()
  const there = signIn(other.requestHandler)
  await collect(applyPlan(there, plan, quietly(folder)))
  await move('ben-okafor')
  await expect(checkFresh(connection, plan, instantTime())).rejects.toMatchObject({
    code: 'STALE_PLAN',
    why: `profile ben-okafor: role changed from arn:aws:iam::123456789012:role/ds-shared to ${nlp}.`,
  })
  const { client, api } = await there.sageMaker('eu-west-1')
  await client.send(
    new api.UpdateUserProfileCommand({
      ...{ DomainId: 'd-abc123', UserProfileName: 'ben-okafor' },
      UserSettings: { ExecutionRole: nlp },
    }),
  )
  const path = `${folder}/mlflow-iam-${plan.id}.journal.jsonl`
  const back = await planRollback(there, path, { timing: instantTime() })
  expect(back.findings.map(({ code }) => code)).toContain('not-taken-back')
  const moved = back.operations.filter(({ action }) => action === 'UpdateUserProfile')
  expect(moved.map(({ input }) => 'UserProfileName' in input && input.UserProfileName)).toEqual(['ben'])
})

test('the least rights of a split are enough, and passing the role is one of them', async () => {
  const { start, plan } = await prepared()
  const policy = runnerPolicy(plan, { undo: true })
  const send = async (rights: typeof policy) => {
    const sandbox = enteredWith(start, rights)
    const { sendRequest } = await import('../src/apply/commands.ts')
    for (const operation of plan.operations)
      await sendRequest(signIn(sandbox.requestHandler), operation, plan.region)
    return sandbox
  }
  await send(policy)
  for (const missing of ['iam:PassRole', 'sagemaker:UpdateUserProfile']) {
    const less = JSON.parse(JSON.stringify(policy), (_, value) => (value === missing ? 'iam:GetUser' : value))
    await expect(send(less), missing).rejects.toMatchObject({ name: expect.stringMatching(/AccessDenied/) })
  }
})

test('a plan that was edited to touch what is from elsewhere is refused', async () => {
  const { start, plan } = await prepared()
  const connection = signIn(createSandbox({ state: start }).requestHandler)
  const { adopted: _, ...target } = plan.target
  const attempts: Plan[] = [
    { ...plan, target },
    { ...plan, target: { ...plan.target, roles: [] } },
  ]
  for (const edited of attempts) {
    await expect(collect(applyPlan(connection, edited, quietly(freshFolder())))).rejects.toMatchObject({
      code: 'NOT_OURS',
      exit: 3,
    })
  }
})
