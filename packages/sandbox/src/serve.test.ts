import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientsOf, readPolicy, sageMakerTrust } from '../test/clients.ts'
import { skipWithout } from '../test/tools.ts'
import { createSandbox } from './sandbox.ts'
import { type ServedSandbox, serveSandbox } from './serve.ts'

const sandbox = createSandbox()
let served: ServedSandbox
beforeAll(async () => {
  served = await serveSandbox(sandbox)
})
afterAll(() => served.close())

const signed = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/iam/aws4_request, SignedHeaders=host',
}

test('the SDK finds on the port what it finds in process', async () => {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }
  const client = new STSClient({ region: 'eu-west-1', credentials, endpoint: served.url })
  const { $metadata: _, ...onPort } = await client.send(new GetCallerIdentityCommand({}))
  const { $metadata: __, ...inside } = await clientsOf(sandbox).sts.send(new GetCallerIdentityCommand({}))
  expect(onPort).toEqual(inside)
  client.destroy()
})

test('what is no request of AWS gets an answer, and the account goes on', async () => {
  const ask = async (init: RequestInit & { path?: string }) => {
    const { path = '/', ...rest } = init
    const response = await fetch(`${served.url}${path}`, rest)
    return `${response.status} ${await response.text()}`
  }
  expect(await ask({})).toMatch(/^400 .*MissingAction/)
  expect(await ask({ method: 'POST', body: 'Action=ListUsers&Version=2010-05-08' })).toMatch(
    /^403 .*MissingAuthenticationToken/,
  )
  const post = (body: string, headers: Record<string, string> = {}) =>
    ask({ method: 'POST', body, headers: { ...signed, ...headers } })
  expect(await post('Action=NoSuchThing&Version=2010-05-08')).toMatch(
    /^400 .*<Code>InvalidAction<\/Code><Message>Could not find operation NoSuchThing for version 2010-05-08/,
  )
  expect(await post('Action=ListUsers&Version=2010-05-08&Tags.member.x=1&Tags.member.x.y=2')).toMatch(/^400/)
  expect(await post('Action=constructor&Version=2010-05-08')).toMatch(/^400 .*InvalidAction/)
  expect(await post('Action=ListUsers&Version=2010-05-08&__proto__.x=1')).toMatch(/^200/)
  const json = (target: string, body: string) => post(body, { 'x-amz-target': target })
  expect(await json('SageMaker.NoSuchThing', '{}')).toMatch(/^400 .*UnknownOperationException/)
  expect(await json('Nobody.ListThings', '{}')).toMatch(/^400 .*UnknownOperationException/)
  expect(await json('SageMaker.ListDomains', '{"NextToken":')).toMatch(/^400 .*SerializationException/)
  expect(await json('SageMaker.ListDomains', '[]')).toMatch(/^400 .*SerializationException/)
  expect(await json('SageMaker.ListDomains', '{"MaxResults":"many"}')).toMatch(/^400 .*ValidationException/)
  expect(await ask({ path: '/?Action=GetCallerIdentity&Version=2011-06-15', headers: signed })).toMatch(
    /^200/,
  )
})

test('a body of more than 1 MiB is refused', async () => {
  const response = await fetch(served.url, {
    method: 'POST',
    headers: signed,
    body: 'x'.repeat(1024 * 1024 + 1),
  })
  expect(response.status).toBe(413)
})

test('noise on the socket and clients that go away leave the server standing', async () => {
  const noise = connect(served.port, '127.0.0.1')
  const heard = new Promise<string>((resolve) => noise.on('data', (data) => resolve(String(data))))
  noise.write('\u0000\u0001 this is not HTTP\r\n\r\n')
  expect(await heard).toMatch(/^HTTP\/1\.1 400/)
  noise.destroy()
  const slow = connect(served.port, '127.0.0.1')
  slow.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nAction=')
  await new Promise((resolve) => setImmediate(resolve))
  slow.destroy()
  const after = await fetch(`${served.url}/?Action=GetCallerIdentity&Version=2011-06-15`, { headers: signed })
  expect(after.status).toBe(200)
})

test('closing ends the connections that are open', async () => {
  const other = await serveSandbox(sandbox)
  const idle = connect(other.port, '127.0.0.1')
  await new Promise((resolve) => idle.once('connect', resolve))
  const closed = new Promise((resolve) => idle.once('close', resolve))
  idle.on('error', () => undefined)
  await other.close()
  await closed
})

describe.skipIf(skipWithout('aws', '--version'))('the aws command', () => {
  const run = promisify(execFile)
  const aws = async (...words: string[]): Promise<string> => {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: served.url,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_PAGER: '',
    }
    try {
      return (await run('aws', words, { env })).stdout.trim()
    } catch (error) {
      const { stderr, code } = error as { stderr: string; code: number }
      return `${code} ${stderr.trim()}`
    }
  }

  test('speaks to IAM, STS, SageMaker and Identity Center', { timeout: 400_000 }, async () => {
    expect(JSON.parse(await aws('sts', 'get-caller-identity'))).toMatchObject({ Account: '123456789012' })
    const page = ['--filter', 'User', 'Role', '--page-size', '7', '--query', 'length(UserDetailList)']
    expect(await aws('iam', 'get-account-authorization-details', ...page)).toBe('12')
    const create = ['create-policy', '--policy-name', 'MLflowPolicy', '--policy-document', readPolicy]
    expect(JSON.parse(await aws('iam', ...create))).toMatchObject({ Policy: { PolicyName: 'MLflowPolicy' } })
    expect(await aws('iam', ...create)).toMatch(/^25[45] .*\(EntityAlreadyExists\)/s)
    const arn = 'arn:aws:iam::123456789012:policy/MLflowPolicy'
    expect(await aws('iam', 'attach-role-policy', '--role-name', 'ci-trainer', '--policy-arn', arn)).toBe('')
    const role = ['--role-name', 'new', '--assume-role-policy-document', sageMakerTrust]
    const made = JSON.parse(await aws('iam', 'create-role', ...role, '--tags', 'Key=team,Value=a b'))
    expect(made.Role.AssumeRolePolicyDocument).toEqual(JSON.parse(sageMakerTrust))
    const names = 'TrackingServerSummaries[].TrackingServerName'
    expect(JSON.parse(await aws('sagemaker', 'list-mlflow-tracking-servers', '--query', names))).toHaveLength(
      3,
    )
    const profiles = ['list-user-profiles', '--page-size', '50', '--query', 'length(UserProfiles)']
    expect(await aws('sagemaker', ...profiles)).toBe('131')
    expect(await aws('sso-admin', 'list-instances', '--query', 'Instances[0].Status')).toBe('"ACTIVE"')
  })
})
