import { IAMClient, ListAccountAliasesCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { refusalOf } from '../test/clients.ts'
import { accountFile, embeddedAccounts, findEmbeddedAccount } from './accounts.ts'
import { routeAccounts } from './route-accounts.ts'
import { createSandbox } from './sandbox.ts'
import { sdkRequestHandler } from './wire/sdk-request-handler.ts'

function open() {
  const [first, second] = embeddedAccounts.map((embedded) => ({
    embedded,
    sandbox: createSandbox({ state: embedded.seed() }),
  }))
  if (first === undefined || second === undefined) throw new Error('there are two accounts')
  const requestHandler = sdkRequestHandler(routeAccounts([first, second]).handle)
  const settings = (accessKeyId: string, sessionToken?: string) => ({
    region: 'eu-west-1',
    maxAttempts: 1,
    requestHandler,
    credentials: { accessKeyId, secretAccessKey: 'x', ...(sessionToken ? { sessionToken } : {}) },
  })
  const who = async (key: string) =>
    (await new STSClient(settings(key)).send(new GetCallerIdentityCommand({}))).Arn
  const alias = async (key: string) =>
    (await new IAMClient(settings(key)).send(new ListAccountAliasesCommand({}))).AccountAliases
  return { who, alias, sts: (key: string) => new STSClient(settings(key)) }
}

test('an access key that is a profile’s name enters its account, every other one the first', async () => {
  const { who, alias } = open()
  expect(await alias('prod')).toEqual(['ml-sandbox-prod'])
  expect(await alias('PROD')).toEqual(['ml-sandbox-prod'])
  for (const key of ['dev', 'default', 'sandbox', 'AKIAIOSFODNN7EXAMPLE']) {
    expect(await alias(key)).toEqual(['ml-sandbox'])
  }
  expect(await who('prod')).toBe('arn:aws:sts::210987654321:assumed-role/Admin/ana')
  expect(await who('dev')).toBe('arn:aws:sts::123456789012:assumed-role/Admin/ana')
})

test('a role of another account is assumed there, and its session stays there', async () => {
  const { who, sts } = open()
  const assume = (RoleArn: string) =>
    sts('dev').send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'across' }))
  const { Credentials } = await assume('arn:aws:iam::210987654321:role/Admin')
  expect(await who(Credentials?.AccessKeyId ?? '')).toBe(
    'arn:aws:sts::210987654321:assumed-role/Admin/across',
  )
  expect(await refusalOf(assume('arn:aws:iam::999999999999:role/Admin'))).toMatch(/^AccessDenied 403/)
})

test('profiles name accounts, and each account has a file of its own', () => {
  expect(findEmbeddedAccount()?.account).toBe('123456789012')
  expect(findEmbeddedAccount('dev')?.account).toBe('123456789012')
  expect(findEmbeddedAccount('nobody')).toBeUndefined()
  expect(embeddedAccounts.map((each) => accountFile('/state/sandbox.json', each))).toEqual([
    '/state/sandbox.json',
    '/state/sandbox.210987654321.json',
  ])
  expect(embeddedAccounts.map(({ account, seed }) => seed().account === account)).toEqual([true, true])
})
