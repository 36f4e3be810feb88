import { CreateRoleCommand, GetPolicyCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { clientsOf, sageMakerTrust } from '../test/clients.ts'
import { emptyAccount } from './account/empty-account.ts'
import { createSandbox } from './sandbox.ts'

test('an account of GovCloud has ARNs of GovCloud', async () => {
  const sandbox = createSandbox({ state: emptyAccount('210987654321', 'aws-us-gov') })
  const { iam, sts } = clientsOf(sandbox, 'us-gov-west-1')
  const create = new CreateRoleCommand({ RoleName: 'trainer', AssumeRolePolicyDocument: sageMakerTrust })
  expect((await iam.send(create)).Role?.Arn).toBe('arn:aws-us-gov:iam::210987654321:role/trainer')
  const PolicyArn = 'arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess'
  expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.Arn).toBe(PolicyArn)
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toMatch(/^arn:aws-us-gov:sts::210987654321:/)
})
