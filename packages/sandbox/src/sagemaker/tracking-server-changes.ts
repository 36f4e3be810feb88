import type {
  CreateMlflowTrackingServerRequest,
  CreateMlflowTrackingServerResponse,
  CreatePresignedMlflowTrackingServerUrlRequest,
  CreatePresignedMlflowTrackingServerUrlResponse,
  DeleteMlflowTrackingServerRequest,
  DeleteMlflowTrackingServerResponse,
  StartMlflowTrackingServerRequest,
  StartMlflowTrackingServerResponse,
  StopMlflowTrackingServerRequest,
  StopMlflowTrackingServerResponse,
  TrackingServerStatus,
  UpdateMlflowTrackingServerRequest,
  UpdateMlflowTrackingServerResponse,
} from '@aws-sdk/client-sagemaker'
import { hexId } from '../account/ids.ts'
import type { ServerState } from '../account/sagemaker-state.ts'
import { flag, oneOf, required, whole } from '../wire/rules.ts'
import { operation } from '../wire/service.ts'
import { accountId, maintenanceWindow, mlflowVersion, roleArn, s3Uri, serverName, tags } from './members.ts'
import { checkServiceRole } from './passed-role.ts'
import { conflict, invalid } from './refusals.ts'
import { withTags } from './tags.ts'
import { isActive, serverNamed } from './tracking-servers.ts'

const size = oneOf('Small', 'Medium', 'Large')

export const trackingServerChanges = {
  CreateMlflowTrackingServer: operation<
    CreateMlflowTrackingServerRequest,
    CreateMlflowTrackingServerResponse
  >(
    {
      TrackingServerName: required(serverName),
      ArtifactStoreUri: required(s3Uri),
      TrackingServerSize: size,
      MlflowVersion: mlflowVersion,
      RoleArn: required(roleArn),
      AutomaticModelRegistration: flag(),
      WeeklyMaintenanceWindowStart: maintenanceWindow,
      Tags: tags,
      S3BucketOwnerAccountId: accountId,
      S3BucketOwnerVerification: flag(),
    },
    ({ account, region, now }, input) => {
      const name = input.TrackingServerName
      if (account.state.servers.some((each) => each.region === region && each.name === name)) {
        throw invalid(`Tracking Server with name ${name} already exists.`)
      }
      checkServiceRole(account, input.RoleArn)
      const server: ServerState = {
        name,
        arn: account.regionalArn(region, `mlflow-tracking-server/${name}`),
        region,
        artifacts: input.ArtifactStoreUri,
        role: input.RoleArn,
        size: input.TrackingServerSize ?? 'Small',
        mlflowVersion: input.MlflowVersion ?? '3.0.0',
        status: 'Created',
        transition: { status: 'Creating', requests: 2 },
        automaticModelRegistration: input.AutomaticModelRegistration ?? false,
        maintenanceWindow: input.WeeklyMaintenanceWindowStart ?? 'Sun:02:00',
        bucketOwner: input.S3BucketOwnerAccountId ?? account.state.account,
        bucketOwnerVerification: input.S3BucketOwnerVerification ?? true,
        createdAt: now.toISOString(),
        updatedAt: now.toISOString(),
        tags: withTags([], input.Tags ?? []),
      }
      account.state.servers.push(server)
      return { TrackingServerArn: server.arn }
    },
  ),

  UpdateMlflowTrackingServer: operation<
    UpdateMlflowTrackingServerRequest,
    UpdateMlflowTrackingServerResponse
  >(
    {
      TrackingServerName: required(serverName),
      ArtifactStoreUri: s3Uri,
      TrackingServerSize: size,
      AutomaticModelRegistration: flag(),
      WeeklyMaintenanceWindowStart: maintenanceWindow,
      S3BucketOwnerAccountId: accountId,
      S3BucketOwnerVerification: flag(),
    },
    (call, input) => {
      const server = serverNamed(call, input.TrackingServerName)
      checkSettled(server)
      server.artifacts = input.ArtifactStoreUri ?? server.artifacts
      server.size = input.TrackingServerSize ?? server.size
      server.automaticModelRegistration =
        input.AutomaticModelRegistration ?? server.automaticModelRegistration
      server.maintenanceWindow = input.WeeklyMaintenanceWindowStart ?? server.maintenanceWindow
      server.bucketOwner = input.S3BucketOwnerAccountId ?? server.bucketOwner ?? call.account.state.account
      server.bucketOwnerVerification = input.S3BucketOwnerVerification ?? server.bucketOwnerVerification
      return move(server, 'Updating', isActive(server) ? 'Updated' : 'Stopped', call.now)
    },
  ),

  DeleteMlflowTrackingServer: operation<
    DeleteMlflowTrackingServerRequest,
    DeleteMlflowTrackingServerResponse
  >({ TrackingServerName: required(serverName) }, (call, input) => {
    const server = serverNamed(call, input.TrackingServerName)
    checkSettled(server)
    return move(server, 'Deleting', 'Deleting', call.now)
  }),

  StartMlflowTrackingServer: operation<StartMlflowTrackingServerRequest, StartMlflowTrackingServerResponse>(
    { TrackingServerName: required(serverName) },
    (call, input) => {
      const server = serverNamed(call, input.TrackingServerName)
      checkSettled(server)
      if (isActive(server)) throw conflict(`Tracking Server ${server.name} is running already.`)
      return move(server, 'Starting', 'Started', call.now)
    },
  ),

  StopMlflowTrackingServer: operation<StopMlflowTrackingServerRequest, StopMlflowTrackingServerResponse>(
    { TrackingServerName: required(serverName) },
    (call, input) => {
      const server = serverNamed(call, input.TrackingServerName)
      checkSettled(server)
      if (!isActive(server)) throw conflict(`Tracking Server ${server.name} is stopped already.`)
      return move(server, 'Stopping', 'Stopped', call.now)
    },
  ),

  CreatePresignedMlflowTrackingServerUrl: operation<
    CreatePresignedMlflowTrackingServerUrlRequest,
    CreatePresignedMlflowTrackingServerUrlResponse
  >(
    {
      TrackingServerName: required(serverName),
      ExpiresInSeconds: whole(5, 300),
      SessionExpirationDurationInSeconds: whole(1800, 43_200),
    },
    (call, input) => {
      const server = serverNamed(call, input.TrackingServerName)
      const token = hexId(48, call.account.nextSeed())
      return {
        AuthorizedUrl: `https://t-${server.name}.${server.region}.experiments.sagemaker.aws/auth?authToken=${token}`,
      }
    },
  ),
}

function checkSettled(server: ServerState): void {
  if (server.transition !== undefined) {
    throw conflict(
      `Tracking Server ${server.name} is in status ${server.transition.status}; try again later.`,
    )
  }
}

function move(server: ServerState, during: TrackingServerStatus, after: TrackingServerStatus, now: Date) {
  server.status = after
  server.transition = { status: during, requests: 2 }
  server.updatedAt = now.toISOString()
  return { TrackingServerArn: server.arn }
}
