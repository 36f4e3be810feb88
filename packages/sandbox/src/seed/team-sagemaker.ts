import type { ServerState } from '../account/sagemaker-state.ts'
import type { AccountState, TagState } from '../account/state.ts'
import {
  account,
  defaultRoleArn,
  domainId,
  inheriting,
  ownRoleOf,
  ownRoles,
  region,
  roleArn,
  serverArn,
  sharedRoles,
} from './team-facts.ts'

const times = { region, createdAt: '2025-01-20T10:00:00.000Z', updatedAt: '2025-03-02T12:30:00.000Z' }
const arnOf = (resource: string) => `arn:aws:sagemaker:${region}:${account}:${resource}`

/** Three tracking servers, one App, and a Studio domain with 131 profiles over 40 execution roles. */
export function addTeamSageMaker(state: AccountState): void {
  state.servers.push(
    server('ml-dev', 'Small', 'Created', 's3://ml-dev-mlflow/experiments'),
    server('ml-staging', 'Small', 'Created', 's3://ml-staging-mlflow'),
    server('ml-prod', 'Medium', 'Stopped', 's3://ml-prod-mlflow'),
  )
  state.apps.push({
    ...times,
    id: 'app-ABC123',
    arn: arnOf('mlflow-app/app-ABC123'),
    name: 'genai',
    artifacts: 's3://genai-mlflow',
    role: roleArn('MlflowTracking'),
    mlflowVersion: '3.10.0',
    status: 'Created',
    modelRegistration: 'AutoModelRegistrationDisabled',
    accountDefault: 'DISABLED',
    defaultDomains: [],
    maintenanceWindow: 'Sun:03:00',
    tags: [],
  })
  state.domains.push({
    ...times,
    id: domainId,
    arn: arnOf(`domain/${domainId}`),
    name: 'ml-studio',
    defaultRole: defaultRoleArn,
    tags: [],
  })
  for (const [role, profiles] of Object.entries(sharedRoles)) {
    for (const name of profiles) addProfile(state, name, roleArn(role))
  }
  for (const name of ownRoles) addProfile(state, name, roleArn(ownRoleOf(name)))
  for (const name of inheriting) addProfile(state, name, undefined)
  addSpace(state, 'ana-silva-lab', 'Private', 'ana-silva')
  addSpace(state, 'churn-model', 'Shared', undefined)
}

function server(
  name: string,
  size: ServerState['size'],
  status: ServerState['status'],
  artifacts: string,
): ServerState {
  const tags: TagState[] = [
    { Key: 'env', Value: name.slice(3) },
    { Key: 'team', Value: 'ml-platform' },
  ]
  return {
    ...times,
    name,
    arn: serverArn(name),
    artifacts,
    role: roleArn('MlflowTracking'),
    size,
    mlflowVersion: '3.0.0',
    status,
    automaticModelRegistration: name === 'ml-prod',
    maintenanceWindow: 'Sun:02:00',
    bucketOwner: account,
    bucketOwnerVerification: true,
    tags,
  }
}

function addProfile(state: AccountState, name: string, role: string | undefined): void {
  state.profiles.push({
    ...times,
    domain: domainId,
    name,
    arn: arnOf(`user-profile/${domainId}/${name}`),
    ...(role === undefined ? {} : { role }),
    tags: [],
  })
}

function addSpace(
  state: AccountState,
  name: string,
  sharing: 'Private' | 'Shared',
  owner: string | undefined,
): void {
  state.spaces.push({
    ...times,
    domain: domainId,
    name,
    arn: arnOf(`space/${domainId}/${name}`),
    sharing,
    ...(owner === undefined ? {} : { owner }),
    appType: 'JupyterLab',
    tags: [],
  })
}
