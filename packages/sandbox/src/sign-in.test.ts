import { GetRoleCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { clientsOf, refusalOf } from '../test/clients.ts'
import { createSandbox } from './sandbox.ts'
import { seedTeam } from './seed/seed-team.ts'

test.each([
  ['expired', /^ExpiredToken(Exception)? 403/, /^ExpiredTokenException 400/],
  ['invalid', /^InvalidClientTokenId(Exception)? 403/, /^UnrecognizedClientException 400/],
] as const)('a sign-in that is %s is refused everywhere', async (signIn, query, json) => {
  const { sts, iam, sagemaker } = clientsOf(createSandbox({ state: { ...seedTeam(), signIn } }))
  expect(await refusalOf(sts.send(new GetCallerIdentityCommand({})))).toMatch(query)
  expect(await refusalOf(iam.send(new ListUsersCommand({})))).toMatch(query)
  expect(await refusalOf(sagemaker.send(new ListDomainsCommand({})))).toMatch(json)
})

test('a caller may be refused single actions, and is told which', async () => {
  const denied = ['iam:ListUsers', 'sagemaker:*']
  const { sts, iam, sagemaker } = clientsOf(createSandbox({ state: { ...seedTeam(), denied } }))
  expect(await refusalOf(sts.send(new GetCallerIdentityCommand({})))).toBe('accepted')
  expect(await refusalOf(iam.send(new GetRoleCommand({ RoleName: 'Admin' })))).toBe('accepted')
  expect(await refusalOf(iam.send(new ListUsersCommand({})))).toBe(
    'AccessDenied 403 User: arn:aws:sts::123456789012:assumed-role/Admin/ana is not authorized to perform: ' +
      'iam:ListUsers on resource: * because no identity-based policy allows the iam:ListUsers action',
  )
  expect(await refusalOf(sagemaker.send(new ListDomainsCommand({})))).toMatch(
    /^AccessDeniedException 400 .*sagemaker:ListDomains/,
  )
})

test('whoever assumes a role is that role, until the session ends', async () => {
  let time = new Date('2026-01-01T00:00:00Z')
  const sandbox = createSandbox({ now: () => time })
  const { sts } = clientsOf(sandbox)
  const assume = (role: string) =>
    sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::123456789012:role/${role}`, RoleSessionName: 'night' }),
    )
  expect(await refusalOf(assume('nobody'))).toMatch(/^AccessDenied 403 .*sts:AssumeRole/)
  const { Credentials } = await assume('ci-trainer')
  const session = new STSClient({
    region: 'eu-west-1',
    maxAttempts: 1,
    requestHandler: sandbox.requestHandler,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  })
  const identity = () => session.send(new GetCallerIdentityCommand({}))
  expect((await identity()).Arn).toBe('arn:aws:sts::123456789012:assumed-role/ci-trainer/night')
  time = new Date('2026-01-01T01:00:00Z')
  expect(await refusalOf(identity())).toMatch(/^ExpiredToken/)
})
