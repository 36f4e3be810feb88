import { GetRoleCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import { ListDomainsCommand } from '@aws-sdk/client-sagemaker'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
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
