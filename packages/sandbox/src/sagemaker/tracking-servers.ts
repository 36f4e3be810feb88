import type {
  DescribeMlflowTrackingServerRequest,
  DescribeMlflowTrackingServerResponse,
  ListMlflowTrackingServersRequest,
  ListMlflowTrackingServersResponse,
  TrackingServerStatus,
  TrackingServerSummary,
} from '@aws-sdk/client-sagemaker'
import type { ServerState } from '../account/sagemaker-state.ts'
import { oneOf, required } from '../wire/rules.ts'
import { type Call, operation } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'
import { serverName } from './members.ts'
import { listingMembers, listMlflow, statusOf } from './mlflow-listing.ts'
import { notFound } from './refusals.ts'

const statuses = [
  'Creating',
  'Created',
  'CreateFailed',
  'Updating',
  'Updated',
  'UpdateFailed',
  'Deleting',
  'DeleteFailed',
  'Stopping',
  'Stopped',
  'StopFailed',
  'Starting',
  'Started',
  'StartFailed',
  'MaintenanceInProgress',
  'MaintenanceComplete',
  'MaintenanceFailed',
] as const satisfies readonly TrackingServerStatus[]

export const trackingServerOperations = {
  ListMlflowTrackingServers: operation<ListMlflowTrackingServersRequest, ListMlflowTrackingServersResponse>(
    { TrackingServerStatus: oneOf(...statuses), ...listingMembers },
    ({ account, region }, input) => {
      const wanted = input.TrackingServerStatus
      const found = listMlflow(account.state.servers, region, input, (server) => server.name).filter(
        (server) => wanted === undefined || statusOf(server) === wanted,
      )
      const page = tokenPage(found, input, 'ListMlflowTrackingServers', (server) => server.name, 100)
      return { TrackingServerSummaries: page.rows.map(summarize), ...page.end }
    },
  ),

  DescribeMlflowTrackingServer: operation<
    DescribeMlflowTrackingServerRequest,
    DescribeMlflowTrackingServerResponse
  >({ TrackingServerName: required(serverName) }, (call, input) => {
    const server = serverNamed(call, input.TrackingServerName)
    return {
      TrackingServerArn: server.arn,
      TrackingServerName: server.name,
      ArtifactStoreUri: server.artifacts,
      TrackingServerSize: server.size,
      MlflowVersion: server.mlflowVersion,
      RoleArn: server.role,
      TrackingServerStatus: statusOf(server),
      IsActive: isActive(server) ? 'Active' : 'Inactive',
      TrackingServerUrl: `https://t-${server.name}.${server.region}.experiments.sagemaker.aws`,
      WeeklyMaintenanceWindowStart: server.maintenanceWindow,
      AutomaticModelRegistration: server.automaticModelRegistration,
      CreationTime: new Date(server.createdAt),
      LastModifiedTime: new Date(server.updatedAt),
      ...(server.bucketOwner === undefined ? {} : { S3BucketOwnerAccountId: server.bucketOwner }),
      S3BucketOwnerVerification: server.bucketOwnerVerification,
    }
  }),
}

/** The server of that name in the call's region. */
export function serverNamed({ account, region }: Call, name: string): ServerState {
  const server = account.state.servers.find((each) => each.region === region && each.name === name)
  if (server === undefined) {
    throw notFound(`Tracking Server with name ${name} does not exist in account ${account.state.account}.`)
  }
  return server
}

export function isActive(server: ServerState): boolean {
  const status = statusOf(server)
  return !['Creating', 'CreateFailed', 'Stopped', 'Stopping', 'Deleting'].includes(status)
}

function summarize(server: ServerState): TrackingServerSummary {
  return {
    TrackingServerArn: server.arn,
    TrackingServerName: server.name,
    CreationTime: new Date(server.createdAt),
    LastModifiedTime: new Date(server.updatedAt),
    TrackingServerStatus: statusOf(server),
    IsActive: isActive(server) ? 'Active' : 'Inactive',
    MlflowVersion: server.mlflowVersion,
  }
}
