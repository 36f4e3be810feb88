import {
  AddTagsCommand,
  CreateMlflowAppCommand,
  CreateMlflowTrackingServerCommand,
  CreatePresignedMlflowAppUrlCommand,
  CreatePresignedMlflowTrackingServerUrlCommand,
  DeleteMlflowAppCommand,
  DeleteMlflowTrackingServerCommand,
  DeleteTagsCommand,
  DescribeDomainCommand,
  DescribeMlflowAppCommand,
  DescribeMlflowTrackingServerCommand,
  DescribeSpaceCommand,
  DescribeUserProfileCommand,
  ListDomainsCommand,
  ListMlflowAppsCommand,
  ListMlflowTrackingServersCommand,
  ListSpacesCommand,
  ListTagsCommand,
  paginateListMlflowTrackingServers,
  paginateListUserProfiles,
  StartMlflowTrackingServerCommand,
  StopMlflowTrackingServerCommand,
  UpdateMlflowAppCommand,
  UpdateMlflowTrackingServerCommand,
  UpdateUserProfileCommand,
} from '@aws-sdk/client-sagemaker'
import { expect, test } from 'vitest'
import { clientsOf, refusalOf } from '../../test/clients.ts'
import { createSandbox } from '../sandbox.ts'

const roleArn = 'arn:aws:iam::123456789012:role/MlflowTracking'
const serverArn = (name: string) => `arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/${name}`

test('servers are listed, described and tagged', async () => {
  const { sagemaker } = clientsOf(createSandbox())
  const server = await sagemaker.send(
    new DescribeMlflowTrackingServerCommand({ TrackingServerName: 'ml-prod' }),
  )
  expect(server).toMatchObject({
    TrackingServerArn: serverArn('ml-prod'),
    ArtifactStoreUri: 's3://ml-prod-mlflow',
    TrackingServerSize: 'Medium',
    TrackingServerStatus: 'Stopped',
    IsActive: 'Inactive',
    RoleArn: roleArn,
  })
  expect(server.CreationTime).toBeInstanceOf(Date)
  const tags = () => sagemaker.send(new ListTagsCommand({ ResourceArn: serverArn('ml-dev') }))
  expect((await tags()).Tags).toContainEqual({ Key: 'env', Value: 'dev' })
  await sagemaker.send(
    new AddTagsCommand({ ResourceArn: serverArn('ml-dev'), Tags: [{ Key: 'env', Value: 'test' }] }),
  )
  await sagemaker.send(new DeleteTagsCommand({ ResourceArn: serverArn('ml-dev'), TagKeys: ['team'] }))
  expect((await tags()).Tags).toEqual([{ Key: 'env', Value: 'test' }])
})

test('each region has its own servers', async () => {
  const { sagemaker } = clientsOf(createSandbox(), 'us-east-1')
  expect((await sagemaker.send(new ListMlflowTrackingServersCommand({}))).TrackingServerSummaries).toEqual([])
  const describe = new DescribeMlflowTrackingServerCommand({ TrackingServerName: 'ml-dev' })
  expect(await refusalOf(sagemaker.send(describe))).toMatch(/^ResourceNotFound 400/)
})

test('listings page with tokens, filter and sort', async () => {
  const { sagemaker } = clientsOf(createSandbox())
  const names = []
  const pages = paginateListMlflowTrackingServers(
    { client: sagemaker, pageSize: 1 },
    { SortBy: 'Name', SortOrder: 'Ascending' },
  )
  for await (const page of pages)
    names.push(page.TrackingServerSummaries?.map((each) => each.TrackingServerName))
  expect(names).toEqual([['ml-dev'], ['ml-prod'], ['ml-staging']])
  const stopped = new ListMlflowTrackingServersCommand({ TrackingServerStatus: 'Stopped' })
  expect((await sagemaker.send(stopped)).TrackingServerSummaries).toHaveLength(1)
  expect(await refusalOf(sagemaker.send(new ListMlflowTrackingServersCommand({ NextToken: 'x' })))).toMatch(
    /^ValidationException 400 Invalid NextToken/,
  )
  expect(await refusalOf(sagemaker.send(new ListMlflowTrackingServersCommand({ MaxResults: 101 })))).toMatch(
    /^ValidationException 400 1 validation error detected: .*maxResults/,
  )
})

test('a server is created, started, stopped, changed and deleted, and takes a while each time', async () => {
  const { sagemaker } = clientsOf(createSandbox())
  const name = { TrackingServerName: 'ml-new' }
  const status = async () =>
    (await sagemaker.send(new DescribeMlflowTrackingServerCommand(name))).TrackingServerStatus
  const create = {
    ...name,
    ArtifactStoreUri: 's3://ml-new-mlflow',
    RoleArn: roleArn,
    Tags: [{ Key: 'env', Value: 'x' }],
  }
  await sagemaker.send(new CreateMlflowTrackingServerCommand(create))
  expect([await status(), await status()]).toEqual(['Creating', 'Created'])
  expect(await refusalOf(sagemaker.send(new CreateMlflowTrackingServerCommand(create)))).toMatch(
    /already exists/,
  )
  await sagemaker.send(new StopMlflowTrackingServerCommand(name))
  expect([await status(), await status()]).toEqual(['Stopping', 'Stopped'])
  expect(await refusalOf(sagemaker.send(new StopMlflowTrackingServerCommand(name)))).toMatch(
    /^ConflictException/,
  )
  await sagemaker.send(new StartMlflowTrackingServerCommand(name))
  expect([await status(), await status()]).toEqual(['Starting', 'Started'])
  await sagemaker.send(new UpdateMlflowTrackingServerCommand({ ...name, TrackingServerSize: 'Large' }))
  expect(await refusalOf(sagemaker.send(new DeleteMlflowTrackingServerCommand(name)))).toMatch(
    /^ConflictException/,
  )
  expect(await status()).toBe('Updated')
  await sagemaker.send(new DeleteMlflowTrackingServerCommand(name))
  expect(await status()).toBe('Deleting')
  expect(await refusalOf(status())).toMatch(/^ResourceNotFound/)
})

test('a server needs a role that is there and trusts SageMaker', async () => {
  const { sagemaker } = clientsOf(createSandbox())
  const create = (role: string) =>
    refusalOf(
      sagemaker.send(
        new CreateMlflowTrackingServerCommand({
          TrackingServerName: 'ml-new',
          ArtifactStoreUri: 's3://ml-new-mlflow',
          RoleArn: `arn:aws:iam::123456789012:role/${role}`,
        }),
      ),
    )
  expect(await create('nobody')).toMatch(/^ValidationException 400 Role .* does not exist/)
  expect(await create('ci-trainer')).toMatch(/^ValidationException 400 Could not assume role/)
  expect(await create('gpu-jobs')).toBe('accepted')
})

test('Apps have ids in their ARNs, not names', async () => {
  const { sagemaker } = clientsOf(createSandbox())
  const { Summaries } = await sagemaker.send(new ListMlflowAppsCommand({}))
  expect(Summaries).toMatchObject([
    {
      Arn: 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-ABC123',
      Name: 'genai',
      Status: 'Created',
    },
  ])
  const create = { Name: 'traces', ArtifactStoreUri: 's3://traces-mlflow', RoleArn: roleArn }
  const { Arn } = await sagemaker.send(new CreateMlflowAppCommand(create))
  expect(Arn).toMatch(/mlflow-app\/app-[0-9A-F]{12}$/)
  await sagemaker.send(new DescribeMlflowAppCommand({ Arn }))
  await sagemaker.send(new UpdateMlflowAppCommand({ Arn, Name: 'traces-two' }))
  expect(await sagemaker.send(new DescribeMlflowAppCommand({ Arn }))).toMatchObject({ Name: 'traces-two' })
  const url = await sagemaker.send(new CreatePresignedMlflowAppUrlCommand({ Arn }))
  expect(url.AuthorizedUrl).toMatch(/^https:\/\/mlflow\.sagemaker\.eu-west-1\.app\.aws\//)
  await sagemaker.send(new DeleteMlflowAppCommand({ Arn }))
  await sagemaker.send(new ListMlflowAppsCommand({}))
  expect(await refusalOf(sagemaker.send(new DescribeMlflowAppCommand({ Arn })))).toMatch(/^ResourceNotFound/)
})

test('an address to open a server is good for 5 to 300 seconds', async () => {
  const { sagemaker } = clientsOf(createSandbox())
  const name = { TrackingServerName: 'ml-dev' }
  const open = (ExpiresInSeconds: number) =>
    refusalOf(
      sagemaker.send(new CreatePresignedMlflowTrackingServerUrlCommand({ ...name, ExpiresInSeconds })),
    )
  expect(await open(300)).toBe('accepted')
  expect(await open(301)).toMatch(/^ValidationException/)
})

test('131 profiles share 40 execution roles, most of them by inheriting the default', async () => {
  const sandbox = createSandbox()
  const { sagemaker } = clientsOf(sandbox)
  const { Domains } = await sagemaker.send(new ListDomainsCommand({}))
  const DomainId = Domains?.[0]?.DomainId
  const domain = await sagemaker.send(new DescribeDomainCommand({ DomainId }))
  const roles: (string | undefined)[] = []
  for await (const page of paginateListUserProfiles(
    { client: sagemaker, pageSize: 50 },
    { DomainIdEquals: DomainId },
  )) {
    for (const { UserProfileName } of page.UserProfiles ?? []) {
      const profile = await sagemaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName }))
      roles.push(profile.UserSettings?.ExecutionRole ?? domain.DefaultUserSettings?.ExecutionRole)
    }
  }
  expect(roles).toHaveLength(131)
  expect(new Set(roles).size).toBe(40)
  expect(roles.filter((arn) => arn?.endsWith('/ds-shared'))).toHaveLength(14)
  expect(roles.filter((arn) => arn?.endsWith('/chen-exec'))).toHaveLength(1)
})

test('a profile takes another role, and cannot be changed again while it does', async () => {
  const { sagemaker } = clientsOf(createSandbox())
  const who = { DomainId: 'd-abc123', UserProfileName: 'ana-silva' }
  const set = (ExecutionRole: string) =>
    refusalOf(sagemaker.send(new UpdateUserProfileCommand({ ...who, UserSettings: { ExecutionRole } })))
  expect(await set('arn:aws:iam::123456789012:role/nobody')).toMatch(/^ValidationException/)
  expect(await set('not an arn')).toMatch(/^ValidationException 400 1 validation error detected/)
  expect(await set('arn:aws:iam::123456789012:role/gpu-jobs')).toBe('accepted')
  expect(await set('arn:aws:iam::123456789012:role/gpu-jobs')).toMatch(/^ResourceInUse 400/)
  expect(await sagemaker.send(new DescribeUserProfileCommand(who))).toMatchObject({
    Status: 'InService',
    UserSettings: { ExecutionRole: 'arn:aws:iam::123456789012:role/gpu-jobs' },
  })
  const nobody = new DescribeUserProfileCommand({ ...who, UserProfileName: 'nobody' })
  expect(await refusalOf(sagemaker.send(nobody))).toMatch(/^ResourceNotFound 400/)
  const dotted = new DescribeUserProfileCommand({ ...who, UserProfileName: 'ana.silva' })
  expect(await refusalOf(sagemaker.send(dotted))).toMatch(/^ValidationException/)
})

test('spaces name their owners', async () => {
  const { sagemaker } = clientsOf(createSandbox())
  const { Spaces } = await sagemaker.send(new ListSpacesCommand({ DomainIdEquals: 'd-abc123' }))
  expect(Spaces?.map((space) => space.OwnershipSettingsSummary?.OwnerUserProfileName)).toEqual([
    'ana-silva',
    undefined,
  ])
  const space = new DescribeSpaceCommand({ DomainId: 'd-abc123', SpaceName: 'churn-model' })
  expect(await sagemaker.send(space)).toMatchObject({ SpaceSharingSettings: { SharingType: 'Shared' } })
})
