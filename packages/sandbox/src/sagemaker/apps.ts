import type {
  CreateMlflowAppRequest,
  CreateMlflowAppResponse,
  CreatePresignedMlflowAppUrlRequest,
  CreatePresignedMlflowAppUrlResponse,
  DeleteMlflowAppRequest,
  DeleteMlflowAppResponse,
  DescribeMlflowAppRequest,
  DescribeMlflowAppResponse,
  ListMlflowAppsRequest,
  ListMlflowAppsResponse,
  MlflowAppStatus,
  UpdateMlflowAppRequest,
  UpdateMlflowAppResponse,
} from '@aws-sdk/client-sagemaker'
import { hexId } from '../account/ids.ts'
import type { AppState } from '../account/sagemaker-state.ts'
import { list, oneOf, required, text, whole } from '../wire/rules.ts'
import { type Call, operation } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'
import { appArn, domainId, maintenanceWindow, roleArn, s3Uri, serverName, tags } from './members.ts'
import { listingMembers, listMlflow, statusOf } from './mlflow-listing.ts'
import { checkServiceRole } from './passed-role.ts'
import { conflict, invalid, notFound } from './refusals.ts'
import { withTags } from './tags.ts'

const registration = oneOf('AutoModelRegistrationEnabled', 'AutoModelRegistrationDisabled')
const accountDefault = oneOf('ENABLED', 'DISABLED')
const appStatuses = [
  'Creating',
  'Created',
  'CreateFailed',
  'Updating',
  'Updated',
  'UpdateFailed',
  'Deleting',
  'DeleteFailed',
  'Deleted',
] as const satisfies readonly MlflowAppStatus[]

export const appOperations = {
  ListMlflowApps: operation<ListMlflowAppsRequest, ListMlflowAppsResponse>(
    {
      Status: oneOf(...appStatuses),
      DefaultForDomainId: domainId,
      AccountDefaultStatus: accountDefault,
      ...listingMembers,
    },
    ({ account, region }, input) => {
      const { DefaultForDomainId: domain } = input
      const found = listMlflow(account.state.apps, region, input, (app) => app.id)
        .filter((app) => input.Status === undefined || statusOf(app) === input.Status)
        .filter((app) => domain === undefined || app.defaultDomains.includes(domain))
        .filter((app) => (input.AccountDefaultStatus ?? app.accountDefault) === app.accountDefault)
      const page = tokenPage(found, input, 'ListMlflowApps', (app) => app.id, 100)
      return {
        Summaries: page.rows.map((app) => ({
          Arn: app.arn,
          Name: app.name,
          Status: statusOf(app),
          CreationTime: new Date(app.createdAt),
          LastModifiedTime: new Date(app.updatedAt),
          MlflowVersion: app.mlflowVersion,
        })),
        ...page.end,
      }
    },
  ),

  DescribeMlflowApp: operation<DescribeMlflowAppRequest, DescribeMlflowAppResponse>(
    { Arn: required(appArn) },
    (call, input) => {
      const app = appAt(call, input.Arn)
      return {
        Arn: app.arn,
        Name: app.name,
        ArtifactStoreUri: app.artifacts,
        MlflowVersion: app.mlflowVersion,
        RoleArn: app.role,
        ...(app.kmsKey === undefined ? {} : { KmsKeyId: app.kmsKey }),
        Status: statusOf(app),
        ModelRegistrationMode: app.modelRegistration,
        AccountDefaultStatus: app.accountDefault,
        DefaultDomainIdList: app.defaultDomains,
        CreationTime: new Date(app.createdAt),
        LastModifiedTime: new Date(app.updatedAt),
        WeeklyMaintenanceWindowStart: app.maintenanceWindow,
      }
    },
  ),

  CreateMlflowApp: operation<CreateMlflowAppRequest, CreateMlflowAppResponse>(
    {
      Name: required(serverName),
      ArtifactStoreUri: required(s3Uri),
      RoleArn: required(roleArn),
      KmsKeyId: text({ max: 2048 }),
      ModelRegistrationMode: registration,
      WeeklyMaintenanceWindowStart: maintenanceWindow,
      AccountDefaultStatus: accountDefault,
      DefaultDomainIdList: list(domainId),
      Tags: tags,
    },
    ({ account, region, now }, input) => {
      if (account.state.apps.some((app) => app.region === region && app.name === input.Name)) {
        throw conflict(`An MLflow App with name ${input.Name} already exists.`)
      }
      checkServiceRole(account, input.RoleArn)
      const id = `app-${hexId(12, account.nextSeed()).toUpperCase()}`
      const app: AppState = {
        id,
        arn: account.regionalArn(region, `mlflow-app/${id}`),
        region,
        name: input.Name,
        artifacts: input.ArtifactStoreUri,
        role: input.RoleArn,
        ...(input.KmsKeyId === undefined ? {} : { kmsKey: input.KmsKeyId }),
        mlflowVersion: '3.10.0',
        status: 'Created',
        transition: { status: 'Creating', requests: 2 },
        modelRegistration: input.ModelRegistrationMode ?? 'AutoModelRegistrationDisabled',
        accountDefault: input.AccountDefaultStatus ?? 'DISABLED',
        defaultDomains: [...(input.DefaultDomainIdList ?? [])],
        maintenanceWindow: input.WeeklyMaintenanceWindowStart ?? 'Sun:03:00',
        createdAt: now.toISOString(),
        updatedAt: now.toISOString(),
        tags: withTags([], input.Tags ?? []),
      }
      account.state.apps.push(app)
      return { Arn: app.arn }
    },
  ),

  UpdateMlflowApp: operation<UpdateMlflowAppRequest, UpdateMlflowAppResponse>(
    {
      Arn: required(appArn),
      Name: serverName,
      ArtifactStoreUri: s3Uri,
      ModelRegistrationMode: registration,
      WeeklyMaintenanceWindowStart: maintenanceWindow,
      DefaultDomainIdList: list(domainId),
      AccountDefaultStatus: accountDefault,
    },
    (call, input) => {
      const app = settledApp(call, input.Arn)
      app.name = input.Name ?? app.name
      app.artifacts = input.ArtifactStoreUri ?? app.artifacts
      app.modelRegistration = input.ModelRegistrationMode ?? app.modelRegistration
      app.maintenanceWindow = input.WeeklyMaintenanceWindowStart ?? app.maintenanceWindow
      app.defaultDomains = [...(input.DefaultDomainIdList ?? app.defaultDomains)]
      app.accountDefault = input.AccountDefaultStatus ?? app.accountDefault
      app.status = 'Updated'
      app.transition = { status: 'Updating', requests: 2 }
      app.updatedAt = call.now.toISOString()
      return { Arn: app.arn }
    },
  ),

  DeleteMlflowApp: operation<DeleteMlflowAppRequest, DeleteMlflowAppResponse>(
    { Arn: required(appArn) },
    (call, input) => {
      const app = settledApp(call, input.Arn)
      app.status = 'Deleting'
      app.transition = { status: 'Deleting', requests: 2 }
      return { Arn: app.arn }
    },
  ),

  CreatePresignedMlflowAppUrl: operation<
    CreatePresignedMlflowAppUrlRequest,
    CreatePresignedMlflowAppUrlResponse
  >(
    {
      Arn: required(appArn),
      ExpiresInSeconds: whole(5, 300),
      SessionExpirationDurationInSeconds: whole(1800, 43_200),
    },
    (call, input) => {
      const app = appAt(call, input.Arn)
      const token = hexId(48, call.account.nextSeed())
      return { AuthorizedUrl: `https://mlflow.sagemaker.${app.region}.app.aws/auth?authToken=${token}` }
    },
  ),
}

function appAt({ account, region }: Call, arn: string): AppState {
  const app = account.state.apps.find((each) => each.arn === arn)
  if (app === undefined) throw notFound(`MLflow App with ARN ${arn} does not exist.`)
  if (app.region !== region) throw invalid(`The ARN ${arn} is not of region ${region}.`)
  return app
}

function settledApp(call: Call, arn: string): AppState {
  const app = appAt(call, arn)
  if (app.transition !== undefined)
    throw conflict(`MLflow App ${app.name} is in status ${app.transition.status}.`)
  return app
}
