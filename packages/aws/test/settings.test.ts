import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AwsSettings, connect } from '../src/connection.ts'
import { observeIdentity } from '../src/observe/observe-account.ts'
import { freshFolder } from './scenario.ts'

/** Answers GetCallerIdentity, and remembers who signed the request and for which region. */
let server: Server
let url = ''
let seen: { key: string; region: string; path: string }[] = []
const folder = freshFolder()
const original = { ...process.env }

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, key = '', region = ''] =
      /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? []
    seen.push({ key, region, path: request.url ?? '' })
    response.writeHead(200, { 'content-type': 'text/xml' })
    response.end(
      '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ana</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    `${folder}/config`,
    `[default]
region = eu-central-1
[profile keys]
region = eu-north-1
aws_access_key_id = PROFILEKEY
aws_secret_access_key = x
[profile process]
region = eu-west-3
credential_process = ${process.execPath} -e "console.log(JSON.stringify({Version:1,AccessKeyId:'PROCESSKEY',SecretAccessKey:'x'}))"
[profile elsewhere]
region = eu-west-1
aws_access_key_id = ELSEWHERE
aws_secret_access_key = x
services = mine
[services mine]
sts =
  endpoint_url = ${url}/from-the-profile
[profile empty]
region = eu-west-1
`,
  )
  writeFileSync(
    `${folder}/credentials`,
    '[default]\naws_access_key_id = DEFAULTKEY\naws_secret_access_key = x\n',
  )
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  seen = []
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, {
    AWS_CONFIG_FILE: `${folder}/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${folder}/credentials`,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  })
})
afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, original)
})

interface Case {
  readonly title: string
  readonly settings?: AwsSettings
  readonly env?: Readonly<Record<string, string>>
  readonly expected: { readonly key: string; readonly region?: string; readonly path?: string }
}

const keys = { AWS_ACCESS_KEY_ID: 'ENVKEY', AWS_SECRET_ACCESS_KEY: 'x' }
const cases: readonly Case[] = [
  { title: 'the default profile', expected: { key: 'DEFAULTKEY', region: 'eu-central-1' } },
  {
    title: '--profile',
    settings: { profile: 'keys' },
    expected: { key: 'PROFILEKEY', region: 'eu-north-1' },
  },
  {
    title: 'AWS_PROFILE',
    env: { AWS_PROFILE: 'keys' },
    expected: { key: 'PROFILEKEY', region: 'eu-north-1' },
  },
  {
    title: 'a credential process',
    settings: { profile: 'process' },
    expected: { key: 'PROCESSKEY', region: 'eu-west-3' },
  },
  { title: 'keys of the environment', env: keys, expected: { key: 'ENVKEY', region: 'eu-central-1' } },
  {
    title: 'keys of the environment over AWS_PROFILE',
    env: { ...keys, AWS_PROFILE: 'keys' },
    expected: { key: 'ENVKEY' },
  },
  {
    title: '--profile over keys of the environment',
    settings: { profile: 'keys' },
    env: keys,
    expected: { key: 'PROFILEKEY' },
  },
  {
    title: '--region over all',
    settings: { region: 'us-west-2' },
    env: { AWS_REGION: 'us-east-2' },
    expected: { key: 'DEFAULTKEY', region: 'us-west-2' },
  },
  {
    title: 'AWS_REGION',
    env: { AWS_REGION: 'us-east-2' },
    expected: { key: 'DEFAULTKEY', region: 'us-east-2' },
  },
  {
    title: 'AWS_DEFAULT_REGION',
    env: { AWS_DEFAULT_REGION: 'us-east-2' },
    expected: { key: 'DEFAULTKEY', region: 'us-east-2' },
  },
]

for (const { title, settings = {}, env = {}, expected } of cases) {
  test(`signs with ${title}, as the AWS CLI does`, async () => {
    Object.assign(process.env, env, { AWS_ENDPOINT_URL: url })
    await observeIdentity(connect(settings))
    expect(seen).toMatchObject([expected])
  })
}

test('goes to the endpoint of the flag, of the service, of all services, or of the profile', async () => {
  await observeIdentity(connect({ endpointUrl: `${url}/flag` }))
  process.env.AWS_ENDPOINT_URL = `${url}/all`
  await observeIdentity(connect())
  process.env.AWS_ENDPOINT_URL_STS = `${url}/sts`
  await observeIdentity(connect())
  delete process.env.AWS_ENDPOINT_URL
  delete process.env.AWS_ENDPOINT_URL_STS
  await observeIdentity(connect({ profile: 'elsewhere' }))
  expect(seen.map(({ path }) => path)).toEqual(['/flag/', '/all/', '/sts/', '/from-the-profile/'])
})

test('a profile without credentials is not signed in, and is named', async () => {
  await expect(observeIdentity(connect({ profile: 'empty', endpointUrl: url }))).rejects.toMatchObject({
    code: 'NOT_SIGNED_IN',
    exit: 5,
    what: 'You are not signed in to AWS for profile empty.',
  })
  expect(seen).toEqual([])
})
