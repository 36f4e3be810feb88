import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  ListUsersCommand,
  paginateListUsers,
} from '@aws-sdk/client-iam'
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker'
import { expect, test } from 'vitest'
import { clientsOf, readPolicy, refusalOf, sageMakerTrust } from '../test/clients.ts'
import { type FaultSchedule, withFaults } from './faults.ts'
import { createSandbox } from './sandbox.ts'
import { serveSandbox } from './serve.ts'

function broken(schedule: FaultSchedule, maxAttempts = 1) {
  const sandbox = withFaults(createSandbox(), schedule)
  return { sandbox, ...clientsOf(sandbox, 'eu-west-1', maxAttempts) }
}
const zoe = new CreateUserCommand({ UserName: 'zoe' })
const hasZoe = (sandbox: { state: { users: readonly { name: string }[] } }) =>
  sandbox.state.users.some((user) => user.name === 'zoe')

test('throttled requests are those that the schedule names, and the SDK tries them again', async () => {
  const { sandbox, iam } = broken(
    { faults: [{ on: 'CreateUser', times: 2, trouble: { kind: 'throttle' } }] },
    3,
  )
  await iam.send(new ListUsersCommand({}))
  const { $metadata } = await iam.send(zoe)
  expect($metadata.attempts).toBe(3)
  expect(sandbox.calls.map((call) => `${call.action} ${call.trouble ?? 'ok'}`)).toEqual([
    'ListUsers ok',
    'CreateUser throttle',
    'CreateUser throttle',
    'CreateUser ok',
  ])
})

test('a throttle may say when to come back', async () => {
  const faults = [{ trouble: { kind: 'throttle', retryAfter: 7 } }] as const
  const sandbox = withFaults(createSandbox(), { faults })
  const response = await sandbox.handle({
    method: 'POST',
    path: '/',
    headers: { authorization: 'Credential=A/20260101/us-east-1/iam/aws4_request' },
    body: 'Action=ListUsers&Version=2010-05-08',
  })
  expect(response).toMatchObject({ status: 400, headers: { 'retry-after': '7' } })
  expect(response.body).toContain('<Code>Throttling</Code>')
})

test('a dropped connection has had its effect, or not, as the schedule says', async () => {
  const before = broken({ faults: [{ on: 'CreateUser', trouble: { kind: 'drop', effect: 'before' } }] })
  expect(await refusalOf(before.iam.send(zoe))).toMatch(/socket hang up/)
  expect(hasZoe(before.sandbox)).toBe(false)
  const after = broken({ faults: [{ on: 'CreateUser', trouble: { kind: 'drop', effect: 'after' } }] }, 2)
  expect(await refusalOf(after.iam.send(zoe))).toMatch(/^EntityAlreadyExists/)
  expect(hasZoe(after.sandbox)).toBe(true)
})

test('failures and refusals come from the nth request on', async () => {
  const { iam, sagemaker } = broken({
    faults: [
      { on: 'iam:ListUsers', from: 2, times: Number.POSITIVE_INFINITY, trouble: { kind: 'deny' } },
      { on: 'sagemaker:*', trouble: { kind: 'failure' } },
      { on: 'GetRole', trouble: { kind: 'refuse', code: 'ConcurrentModification', status: 409 } },
    ],
  })
  const list = () => refusalOf(iam.send(new ListUsersCommand({})))
  expect(await list()).toBe('accepted')
  expect(await list()).toMatch(/^AccessDenied(Exception)? 403 .*iam:ListUsers/)
  expect(await list()).toMatch(/^AccessDenied/)
  expect(await refusalOf(sagemaker.send(new ListDomainsCommand({})))).toMatch(/500/)
  expect(await refusalOf(sagemaker.send(new ListDomainsCommand({})))).toBe('accepted')
  expect(await refusalOf(iam.send(new GetRoleCommand({ RoleName: 'Admin' })))).toMatch(
    /^ConcurrentModificationException 409/,
  )
})

test('what is new is not found for a while', async () => {
  const { iam, sandbox } = broken({ settling: 2 })
  await iam.send(new CreateRoleCommand({ RoleName: 'Fresh', AssumeRolePolicyDocument: sageMakerTrust }))
  const get = () => refusalOf(iam.send(new GetRoleCommand({ RoleName: 'Fresh' })))
  expect(await get()).toMatch(/^NoSuchEntityException 404/)
  expect(await get()).toMatch(/^NoSuchEntityException 404/)
  expect(await get()).toBe('accepted')
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'fresh', Path: '/a/', PolicyDocument: readPolicy }),
  )
  const attach = () =>
    refusalOf(iam.send(new AttachUserPolicyCommand({ UserName: 'ana', PolicyArn: Policy?.Arn })))
  expect([await attach(), await attach(), await attach()].map((said) => said.slice(0, 12))).toEqual([
    'NoSuchEntity',
    'NoSuchEntity',
    'accepted',
  ])
  expect(sandbox.calls.filter((call) => call.trouble === 'settling')).toHaveLength(4)
})

test('pages may be shorter than what was asked for', async () => {
  const { iam, sandbox } = broken({ shortPages: 5 })
  const users = []
  for await (const page of paginateListUsers({ client: iam, pageSize: 1000 }, {}))
    users.push(...(page.Users ?? []))
  expect(users).toHaveLength(12)
  expect(sandbox.calls).toHaveLength(3)
})

test('the same trouble on a port', async () => {
  const faults = [
    { trouble: { kind: 'drop', effect: 'before' } },
    { from: 2, trouble: { kind: 'delay', milliseconds: 1 } },
  ] as const
  const served = await serveSandbox(withFaults(createSandbox(), { faults }))
  const url = `${served.url}/?Action=GetCallerIdentity&Version=2011-06-15`
  const headers = { authorization: 'Credential=A/20260101/us-east-1/sts/aws4_request' }
  await expect(fetch(url, { headers })).rejects.toThrow()
  expect((await fetch(url, { headers })).status).toBe(200)
  await served.close()
})
