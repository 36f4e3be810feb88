import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  IAMClient,
  ListAccountAliasesCommand,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam'
import { ListMlflowTrackingServersCommand, SageMakerClient } from '@aws-sdk/client-sagemaker'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { createSandbox } from './sandbox.ts'

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' }

test('the unmodified SDK is answered by the seeded team', async () => {
  const { requestHandler } = createSandbox()
  const settings = { region: 'eu-west-1', credentials, requestHandler }
  const identity = await new STSClient(settings).send(new GetCallerIdentityCommand({}))
  expect(identity.Account).toBe('123456789012')
  const iam = new IAMClient(settings)
  expect((await iam.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual(['ml-sandbox'])
  const servers = await new SageMakerClient(settings).send(new ListMlflowTrackingServersCommand({}))
  expect(servers.TrackingServerSummaries?.map((server) => server.TrackingServerName).sort()).toEqual([
    'ml-dev',
    'ml-prod',
    'ml-staging',
  ])
})

test('reading the account page by page gives what one page gives', async () => {
  const { requestHandler } = createSandbox()
  const iam = new IAMClient({ region: 'eu-west-1', credentials, requestHandler })
  const whole = await iam.send(new GetAccountAuthorizationDetailsCommand({ MaxItems: 1000 }))
  expect(whole.IsTruncated).toBe(false)
  expect(whole.UserDetailList).toHaveLength(12)
  expect(whole.GroupDetailList).toHaveLength(6)
  const roles = []
  for await (const page of paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 7 }, {})) {
    roles.push(...(page.RoleDetailList ?? []))
  }
  expect(roles).toEqual(whole.RoleDetailList)
})

test('a policy is created once, attached, and refused under the same name', async () => {
  const sandbox = createSandbox()
  const iam = new IAMClient({ region: 'eu-west-1', credentials, requestHandler: sandbox.requestHandler })
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sagemaker-mlflow:GetRun', Resource: '*' }],
  })
  const create = new CreatePolicyCommand({ PolicyName: 'MLflowPolicy', PolicyDocument: document })
  const made = await iam.send(create)
  await iam.send(new AttachUserPolicyCommand({ UserName: 'ana', PolicyArn: made.Policy?.Arn }))
  expect(sandbox.state.users.find((user) => user.name === 'ana')?.attached).toEqual([made.Policy?.Arn])
  await expect(iam.send(create)).rejects.toMatchObject({ name: 'EntityAlreadyExistsException' })
})
