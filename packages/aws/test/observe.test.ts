import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { callerMay } from '@mlflow-iam/core/evaluate/caller-may'
import { parseGrants } from '@mlflow-iam/core/grants/parse-grants'
import { createSandbox, emptyAccount, seedTeam, serveSandbox } from '@mlflow-iam/sandbox'
import { expect, test } from 'vitest'
import { connect } from '../src/connection.ts'
import { needEverything, needIamOnly, needsOfFile } from '../src/observe/needs.ts'
import { observeAccount, observeIdentity } from '../src/observe/observe-account.ts'
import { signIn } from './account.ts'
import { withFaults } from './faults.ts'
import { instantTime } from './instant-time.ts'

test('reads the seeded team whole: users, groups, roles, policies, servers, Apps, profiles, permission sets', async () => {
  const state = seedTeam()
  const snapshot = await observeAccount(signIn(createSandbox({ state }).requestHandler))
  expect(snapshot).toMatchObject({
    account: '123456789012',
    partition: 'aws',
    region: 'eu-west-1',
    alias: 'ml-sandbox',
  })
  expect(snapshot.unknown).toEqual([])
  expect(snapshot.users.map(({ name }) => name).sort()).toEqual(state.users.map(({ name }) => name).sort())
  expect(snapshot.roles).toHaveLength(state.roles.length)
  for (const role of snapshot.roles) {
    const original = state.roles.find(({ name }) => name === role.name)
    expect(role.trust).toBe(original?.trust)
    expect(role.inline).toEqual(original?.inline.map(({ name, document }) => ({ name, document })))
    expect(role.attached).toEqual(original?.attached)
  }
  for (const policy of state.policies) {
    const read = snapshot.policies.find(({ arn }) => arn === policy.arn)
    expect(read?.versions.map(({ document }) => document)).toEqual(
      policy.versions.map(({ document }) => document),
    )
  }
  const here = state.servers.filter(({ arn }) => arn.includes(':eu-west-1:'))
  expect(snapshot.servers.map(({ arn }) => arn).sort()).toEqual(here.map(({ arn }) => arn).sort())
  expect(snapshot.servers.every(({ artifacts, role }) => artifacts?.startsWith('s3://') && role)).toBe(true)
  expect(snapshot.profiles).toHaveLength(
    state.profiles.filter(({ arn }) => arn.includes(':eu-west-1:')).length,
  )
  expect(snapshot.permissionSets).toHaveLength(state.center?.permissionSets.length ?? 0)
})

test('a large account is read page by page, and shown as it comes', async () => {
  const state = seedTeam()
  const template = state.users[0]
  if (!template) throw new Error('The team has users.')
  const users = Array.from({ length: 3500 }, (_, place) => {
    const name = `user-${place}`
    return { ...template, name, id: `AIDA${place}`, arn: `arn:aws:iam::123456789012:user/${name}` }
  })
  const sandbox = createSandbox({ state: { ...state, users } })
  const seen: number[] = []
  const snapshot = await observeAccount(signIn(sandbox.requestHandler), needIamOnly, {
    onPage: (soFar) => seen.push(soFar.users.length),
  })
  expect(snapshot.users).toHaveLength(3500)
  expect(seen.length).toBeGreaterThan(3)
  expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  // One read for each page, and one for who is signed in: nothing for each principal.
  expect(sandbox.calls).toHaveLength(seen.length + 1)
})

test('an AWS-managed policy is read once, however many hold it', async () => {
  const sandbox = createSandbox({ state: seedTeam() })
  await observeAccount(signIn(sandbox.requestHandler), {})
  const reads = sandbox.calls
    .filter(({ action }) => action === 'GetPolicyVersion')
    .map(({ input }) => input.PolicyArn)
  expect(reads.length).toBeGreaterThan(0)
  expect(new Set(reads).size).toBe(reads.length)
})

const file = (servers: string, grants = '') =>
  parseGrants(
    `version: 1\nname: x\naccount: "123456789012"\nregion: eu-west-1\nservers:\n${servers}\n${grants}`,
    'grants.yaml',
  )

test('only what the file names is read', async () => {
  const sandbox = createSandbox({ state: seedTeam() })
  await observeAccount(signIn(sandbox.requestHandler), needsOfFile(file('  ml-prod: {}')))
  const described = sandbox.calls.filter(({ action }) => action === 'DescribeMlflowTrackingServer')
  expect(described.map(({ input }) => input.TrackingServerName)).toEqual(['ml-prod'])
  const services = new Set(sandbox.calls.map(({ service }) => service))
  expect([...services].sort()).toEqual(['iam', 'sagemaker', 'sts'])
})

test('an account that is refused by its id is read no further', async () => {
  const sandbox = createSandbox({ state: seedTeam() })
  const onIdentity = ({ account }: { readonly account: string }) => {
    throw new Error(`not ${account}`)
  }
  await expect(
    observeAccount(signIn(sandbox.requestHandler), needEverything(), { onIdentity }),
  ).rejects.toThrow('not 123456789012')
  expect(sandbox.calls.map(({ action }) => action)).toEqual(['GetCallerIdentity'])
})

const denials = [
  { denied: 'iam:GetAccountAuthorizationDetails', servers: '  ml-prod: {}' },
  { denied: 'sagemaker:ListMlflowTrackingServers', servers: '  ml-prod: {}' },
  { denied: 'sagemaker:DescribeMlflowTrackingServer', servers: '  ml-prod: {}' },
]
for (const { denied, servers } of denials) {
  test(`where ${denied} is needed and refused, it is named (exit 6)`, async () => {
    const connection = signIn(createSandbox({ state: { ...seedTeam(), denied: [denied] } }).requestHandler)
    await expect(observeAccount(connection, needsOfFile(file(servers)))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      exit: 6,
      why: expect.stringContaining(denied),
    })
  })
}

test('of the permission sets those named are read, and what a misspelt name most likely means', async () => {
  const connection = signIn(createSandbox({ state: seedTeam() }).requestHandler)
  const named = async (name: string) => {
    const permissionSets = { required: true, names: new Set(['MLAuditor', name]) }
    return (await observeAccount(connection, { ...needIamOnly, permissionSets })).permissionSets
      .map((set) => set.name)
      .sort()
  }
  expect(await named('MLAuditor')).toEqual(['MLAuditor'])
  expect(await named('mlscientist')).toEqual(['MLAuditor', 'MLScientist'])
  expect(await named('nothing-like-any-of-them')).toEqual(['MLAuditor'])
})

test('what is not needed and refused is one entry of unknown, never an error', async () => {
  const denied = ['iam:ListAccountAliases', 'iam:GetPolicy', 'iam:GetAccountSummary', 'sagemaker:*', 'sso:*']
  const connection = signIn(createSandbox({ state: { ...seedTeam(), denied } }).requestHandler)
  const snapshot = await observeAccount(connection, needEverything())
  expect(snapshot.alias).toBeUndefined()
  const parts = snapshot.unknown.map(({ part }) => part).sort()
  expect(parts).toEqual([
    'alias',
    'apps',
    'managed-policies',
    'permission-sets',
    'profiles',
    'quotas',
    'servers',
  ])
  for (const { why } of snapshot.unknown) expect(why).not.toBe('')
})

test('throttled reads are repeated until they come through', async () => {
  const handler = withFaults(createSandbox({ state: emptyAccount() }).requestHandler, {
    fault: ({ write, number }) => (!write && number % 2 === 1 ? 'throttle' : undefined),
  })
  const timing = instantTime()
  await observeAccount(signIn(handler), {}, { timing })
  expect(timing.slept.length).toBeGreaterThan(0)
})

test('an expired sign-in is exit 5, whatever else would be denied', async () => {
  const connection = signIn(createSandbox({ state: { ...seedTeam(), signIn: 'expired' } }).requestHandler)
  await expect(observeAccount(connection)).rejects.toMatchObject({ code: 'SIGN_IN_EXPIRED', exit: 5 })
})

const credentials = { accessKeyId: 'x', secretAccessKey: 'y' }

test('the same reading works over a socket, and with endpoints from the environment', async () => {
  const served = await serveSandbox(createSandbox({ state: emptyAccount() }))
  try {
    const given = connect({ endpointUrl: served.url, region: 'eu-west-1', credentials })
    expect((await observeIdentity(given)).account).toBe('123456789012')
    given.close()
    expect(connect({ env: { AWS_ENDPOINT_URL: served.url } }).place).toBe(served.url)
  } finally {
    await served.close()
  }
})

test('an endpoint where nothing listens, one that is silent and one that talks HTML are told apart', async () => {
  const server = createServer((request, response) => {
    if (request.url?.includes('silent')) return
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<html><body>Sign in to the hotel')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const at = (endpointUrl: string) =>
    observeIdentity(connect({ endpointUrl, region: 'eu-west-1', credentials, timeouts: { request: 100 } }))
  try {
    await expect(at('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE' })
    await expect(at(`${url}/silent`)).rejects.toMatchObject({ code: 'NO_ANSWER' })
    await expect(at(url)).rejects.toMatchObject({ code: 'UNREADABLE_ANSWER' })
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('of the managed policies only those may be read that say what the caller may do', async () => {
  const sandbox = createSandbox()
  const needs = { managedPolicies: 'of-caller' as const, details: false }
  const snapshot = await observeAccount(signIn(sandbox.requestHandler), needs)
  const read = sandbox.calls.filter(({ action }) => action === 'GetPolicyVersion')
  expect(read).toHaveLength(1)
  expect(callerMay(snapshot)({ action: 'iam:CreatePolicy', resource: '*' })).toEqual({ state: 'allowed' })
  const none = await observeAccount(signIn(createSandbox().requestHandler), needIamOnly)
  expect(callerMay(none)({ action: 'iam:CreatePolicy', resource: '*' })).toEqual({
    state: 'unknown',
    why: 'arn:aws:iam::aws:policy/AdministratorAccess was not read',
  })
})

test('a user’s own groups count for what it may do', async () => {
  const state = {
    ...seedTeam(),
    caller: { arn: 'arn:aws:iam::123456789012:user/admins/root-admin', userId: 'AIDA' },
  }
  const sandbox = createSandbox({ state })
  const snapshot = await observeAccount(signIn(sandbox.requestHandler), { managedPolicies: 'of-caller' })
  expect(sandbox.calls.filter(({ action }) => action === 'GetPolicyVersion')).toHaveLength(1)
  expect(callerMay(snapshot)({ action: 'iam:CreatePolicy', resource: '*' })).toEqual({ state: 'allowed' })
})
