import type {
  DescribeMlflowTrackingServerRequest,
  DescribeMlflowTrackingServerResponse,
  ListMlflowTrackingServersRequest,
  ListMlflowTrackingServersResponse,
  TrackingServerStatus,
  TrackingServerSummary,
} from '@aws-sdk/client-sagemaker'
import type { ServerState } from '../account/sagemaker-state.ts'
import { moment, oneOf, required } from '../wire/rules.ts'
import { type Call, operation } from '../wire/service.ts'
import { tokenPage } from '../wire/token-paging.ts'
import { mlflowVersion, paging, serverName } from './members.ts'
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
    {
      CreatedAfter: moment(),
      CreatedBefore: moment(),
      TrackingServerStatus: oneOf(...statuses),
      MlflowVersion: mlflowVersion,
      SortBy: oneOf('Name', 'CreationTime', 'Status'),
      SortOrder: oneOf('Ascending', 'Descending'),
      ...paging,
    },
    ({ account, region }, input) => {
      const sortBy = input.SortBy ?? 'CreationTime'
      const sortKey = (server: ServerState) =>
        ({ Name: server.name, CreationTime: server.createdAt, Status: statusOf(server) })[sortBy]
      const found = account.state.servers
        .filter((server) => server.region === region)
        .filter(
          (server) =>
            input.TrackingServerStatus === undefined || statusOf(server) === input.TrackingServerStatus,
        )
        .filter((server) => input.MlflowVersion === undefined || server.mlflowVersion === input.MlflowVersion)
        .filter(
          (server) => input.CreatedAfter === undefined || new Date(server.createdAt) > input.CreatedAfter,
        )
        .filter(
          (server) => input.CreatedBefore === undefined || new Date(server.createdAt) < input.CreatedBefore,
        )
        .sort((a, b) => sortKey(a).localeCompare(sortKey(b)) || a.name.localeCompare(b.name))
      if (input.SortOrder !== 'Ascending') found.reverse()
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

/** The status that people see: while something happens, the name of that. */
export function statusOf(server: ServerState): TrackingServerStatus {
  return server.transition?.status ?? server.status
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
