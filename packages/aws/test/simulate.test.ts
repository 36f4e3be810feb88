import {
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { buildPlan } from '@mlflow-iam/core/plan/build-plan'
import { createSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { applyPlan } from '../src/apply/apply-plan.ts'
import { needsOfFile } from '../src/observe/needs.ts'
import { observeAccount } from '../src/observe/observe-account.ts'
import { simulatePrincipals } from '../src/simulate/simulate-principals.ts'
import { signIn, smallTeam } from './account.ts'
import { collect, freshFolder, now, quietly } from './scenario.ts'

const text = `
version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers:
  ml-prod: { planned: true }
  ml-dev: { planned: true }
grants:
  - { to: user/ana, persona: viewer, on: ml-prod }
  - { to: role/trainer, persona: data-scientist, on: [ml-prod, ml-dev] }
  - { to: user/ben, persona: viewer, on: ml-dev, when: { mfa: true } }
`

async function applied() {
  const sandbox = createSandbox({ state: await smallTeam(), now: () => now })
  const connection = signIn(sandbox.requestHandler)
  const file = parseGrants(text, 'grants.yaml')
  const needs = needsOfFile(file)
  const plan = buildPlan({ file, snapshot: await observeAccount(connection, needs), prune: false, now })
  await collect(applyPlan(connection, plan, quietly(freshFolder())))
  const simulate = async (strict = false) =>
    simulatePrincipals(connection, plan.target, await observeAccount(connection, needs), {
      name: 'ml-platform',
      strict,
      now,
    })
  return { sandbox, connection, plan, simulate }
}

/** Somebody who changes the account by hand. */
function adminOf({ requestHandler }: ReturnType<typeof createSandbox>): IAMClient {
  const credentials = { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' }
  return new IAMClient({ region: 'us-east-1', credentials, requestHandler })
}

test('IAM itself says that the account gives exactly the access of the file', async () => {
  const { simulate, sandbox } = await applied()
  const result = await simulate(true)
  expect(result.differences).toEqual([])
  expect(result.ok).toBe(true)
  expect(result.notes[0]).toMatch(/Service control policies/)
  const ana = result.access.find(
    ({ principal, server }) => principal.endsWith('/ana') && server.endsWith('/ml-prod'),
  )
  expect(ana?.allowed).toContain('GetRun')
  expect(ana?.allowed).not.toContain('DeleteRun')
  // Both servers in one call for each principal, once for what needs a server and once for AccessUI; more only
  // for the condition.
  const asked = sandbox.calls.filter(({ action }) => action === 'SimulatePrincipalPolicy')
  expect(asked).toHaveLength(3 * 2 + 2)
})

test('what is missing is told by who takes it away, what is extra by who gives it', async () => {
  const { connection, simulate, plan } = await applied()
  const { client, api } = await connection.iam()
  const policy = (PolicyName: string, Statement: object) =>
    client.send(
      new api.CreatePolicyCommand({
        PolicyName,
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    )
  await policy('no-reading', { Effect: 'Deny', Action: 'sagemaker-mlflow:GetRun', Resource: '*' })
  await policy('deleting', { Effect: 'Allow', Action: 'sagemaker-mlflow:DeleteRun', Resource: '*' })
  for (const name of ['no-reading', 'deleting']) {
    await client.send(
      new api.AttachUserPolicyCommand({
        UserName: 'ana',
        PolicyArn: `arn:aws:iam::123456789012:policy/${name}`,
      }),
    )
  }
  const own = plan.operations.find((operation) => operation.action === 'AttachRolePolicy')
  if (own?.action !== 'AttachRolePolicy') throw new Error('The plan attaches to a role.')
  await client.send(new api.DetachRolePolicyCommand(own.input))
  const { differences, ok } = await simulate()
  expect(ok).toBe(false)
  const ana = differences.find(({ principal }) => principal.endsWith('/ana'))
  expect(ana).toMatchObject({
    missing: ['GetRun'],
    extra: [],
    because: 'A statement denies GetRun (no-reading).',
  })
  expect(differences.find(({ principal }) => principal.endsWith('/trainer'))?.because).toMatch(
    /No policy allows/,
  )
  const strict = await simulate(true)
  const both = strict.differences.filter(
    ({ principal, extra }) => principal.endsWith('/ana') && extra.includes('DeleteRun'),
  )
  expect(both).toHaveLength(2)
})

test('what the file gives a group is not extra at its members, and AccessUI is compared once', async () => {
  const sandbox = createSandbox({ state: await smallTeam(), now: () => now })
  const connection = signIn(sandbox.requestHandler)
  const client = adminOf(sandbox)
  const file = parseGrants(
    `${text.slice(0, text.indexOf('grants:'))}grants:
  - { to: group/ml, persona: viewer, on: ml-prod }
  - { to: user/ana, add: [LogMetric], on: ml-dev }
  - { to: user/chen, add: [LogMetric], on: [ml-dev, ml-prod] }
`,
    'grants.yaml',
  )
  const needs = needsOfFile(file)
  const plan = buildPlan({ file, snapshot: await observeAccount(connection, needs), prune: false, now })
  await collect(applyPlan(connection, plan, quietly(freshFolder())))
  const options = { name: 'ml-platform', strict: false, now }
  const differences = async () =>
    (await simulatePrincipals(connection, plan.target, await observeAccount(connection, needs), options))
      .differences
  expect(await differences()).toEqual([])

  // By hand, chen gets our viewer policy: extra on its server, and the right to open the UI of any.
  const PolicyArn = plan.target.policies.find(({ purpose }) => purpose.startsWith('viewer'))?.arn
  await client.send(new AttachUserPolicyCommand({ UserName: 'chen', PolicyArn }))
  const [onServer, anywhere, ...others] = await differences()
  expect(others).toEqual([])
  expect(onServer).toMatchObject({ principal: expect.stringMatching(/chen$/), missing: [] })
  expect(onServer?.server).toMatch(/ml-prod$/)
  expect(onServer?.extra).not.toContain('AccessUI')
  expect(anywhere).toMatchObject({ principal: onServer?.principal, server: '*', extra: ['AccessUI'] })

  await client.send(new DetachUserPolicyCommand({ UserName: 'chen', PolicyArn }))
  await client.send(new DetachGroupPolicyCommand({ GroupName: 'ml', PolicyArn }))
  const gone = (await differences()).filter(({ missing }) => missing.includes('AccessUI'))
  expect(gone.map(({ principal, server }) => [principal, server])).toEqual([
    [expect.stringMatching(/group\/ml$/), expect.stringMatching(/ml-prod$/)],
  ])
})

test('where simulation is refused, the missing action is named', async () => {
  const { sandbox, connection, plan } = await applied()
  const snapshot = await observeAccount(connection)
  const denied = createSandbox({
    state: { ...sandbox.state, denied: ['iam:SimulatePrincipalPolicy'] },
    now: () => now,
  })
  const attempt = simulatePrincipals(signIn(denied.requestHandler), plan.target, snapshot, {
    name: 'ml-platform',
    strict: false,
    now,
  })
  await expect(attempt).rejects.toMatchObject({ code: 'ACCESS_DENIED', exit: 6 })
  await expect(attempt).rejects.toMatchObject({ why: expect.stringContaining('iam:SimulatePrincipalPolicy') })
})
