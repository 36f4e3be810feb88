import type { AccountState } from '../account/state.ts'
import { addGroup, addRole, addUser, allow, policyOf, trusting } from './add.ts'
import {
  account,
  awsPolicy,
  defaultRoleName,
  ownRoleOf,
  ownRoles,
  serverArn,
  sharedRoles,
} from './team-facts.ts'
import { addForeignPolicies } from './team-policies.ts'

const sageMaker = trusting('sagemaker.amazonaws.com')

/** Roles that have nothing to do with MLflow, as in every real account. */
const bystanders = `billing-export orders-api orders-host search-api search-host image-resizer mail-sender
  report-builder log-shipper cache-host queue-worker webhook-relay feature-flags audit-sink cost-alerts`.split(
  /\s+/,
)

/** Users, groups and roles, with the old policies that give some of them access. */
export function addTeamIam(state: AccountState): void {
  const foreign = addForeignPolicies(state)
  addGroups(state, foreign.studioBase)
  addUsers(state)
  addExecutionRoles(state, foreign)
  addOtherRoles(state, foreign)
}

type Foreign = ReturnType<typeof addForeignPolicies>

function addGroups(state: AccountState, studioBase: string): void {
  addGroup(state, 'ml-reviewers')
  addGroup(state, 'ml-engineers', { attached: [studioBase] })
  addGroup(state, 'analysts', { attached: [awsPolicy('AmazonS3ReadOnlyAccess')] })
  addGroup(state, 'auditors', { attached: [awsPolicy('ViewOnlyAccess', '/job-function/')] })
  addGroup(state, 'data-platform', {
    inline: { 'glue-catalog': policyOf(allow(['glue:GetTable', 'glue:GetDatabase'], '*')) },
  })
  addGroup(state, 'platform-admins', { path: '/admins/', attached: [awsPolicy('AdministratorAccess')] })
}

function addUsers(state: AccountState): void {
  addUser(state, 'ana', { tags: [{ Key: 'team', Value: 'research' }] })
  addUser(state, 'ben')
  addUser(state, 'chen', { groups: ['ml-engineers'] })
  addUser(state, 'dara', { groups: ['ml-reviewers'] })
  addUser(state, 'elif', { groups: ['ml-reviewers', 'analysts'] })
  addUser(state, 'farid', { groups: ['ml-reviewers'] })
  addUser(state, 'greta', { groups: ['ml-reviewers', 'ml-engineers'] })
  addUser(state, 'hana', { groups: ['ml-reviewers'] })
  addUser(state, 'ivan', { groups: ['ml-reviewers', 'auditors'] })
  addUser(state, 'rosa', { groups: ['data-platform'] })
  addUser(state, 'ben.legacy', {
    createdAt: '2022-03-14T15:02:00.000Z',
    inline: {
      'old-notebook': policyOf(
        allow(
          ['sagemaker-mlflow:Get*', 'sagemaker-mlflow:Search*', 'sagemaker-mlflow:AccessUI'],
          serverArn('ml-prod'),
        ),
      ),
    },
  })
  addUser(state, 'root-admin', { path: '/admins/', groups: ['platform-admins'] })
}

function addExecutionRoles(state: AccountState, foreign: Foreign): void {
  addRole(state, defaultRoleName, sageMaker, {
    path: '/service-role/',
    description: 'SageMaker execution role created from the SageMaker AI Console.',
    attached: [awsPolicy('AmazonSageMakerFullAccess')],
    lastUsed: '2026-11-20T16:40:00.000Z',
  })
  for (const name of Object.keys(sharedRoles)) {
    addRole(state, name, sageMaker, {
      description: `Shared by the notebooks of ${name.split('-')[0]}.`,
      attached: name === 'ds-shared' ? [foreign.studioBase, foreign.teamRead] : [foreign.studioBase],
      lastUsed: '2026-11-21T11:05:00.000Z',
    })
  }
  for (const profile of ownRoles) {
    const name = ownRoleOf(profile)
    addRole(state, name, sageMaker, {
      attached: name === 'chen-exec' ? [foreign.studioBase, foreign.legacyAccess] : [foreign.studioBase],
      tags: [{ Key: 'owner', Value: profile }],
      ...(name === 'hana-exec'
        ? { boundary: awsPolicy('SageMakerStudioProjectUserRolePermissionsBoundary') }
        : {}),
    })
  }
}

function addOtherRoles(state: AccountState, foreign: Foreign): void {
  addRole(state, 'MlflowTracking', sageMaker, {
    description: 'What the tracking servers use.',
    inline: {
      'mlflow-artifacts': policyOf(
        allow(
          [
            's3:Get*',
            's3:Put*',
            's3:List*',
            'sagemaker:AddTags',
            'sagemaker:CreateModelPackageGroup',
            'sagemaker:CreateModelPackage',
            'sagemaker:UpdateModelPackage',
            'sagemaker:DescribeModelPackageGroup',
          ],
          '*',
        ),
      ),
    },
  })
  const oidc = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
          StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/models:*' },
        },
      },
    ],
  }
  addRole(state, 'ci-trainer', oidc, { description: 'Training runs of the pipeline.' })
  addRole(state, 'old-ci-role', trusting('codebuild.amazonaws.com'), {
    createdAt: '2022-01-18T10:00:00.000Z',
    attached: [foreign.oldPipeline],
    lastUsed: '2026-11-18T03:12:00.000Z',
  })
  addRole(state, 'gpu-jobs', sageMaker, {
    inline: { 'job-data': policyOf(allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::ml-data/*')) },
  })
  addRole(state, 'lab-notebooks', sageMaker, {
    description: 'Crowded: nine of ten policies.',
    attached: [
      foreign.studioBase,
      ...foreign.labs,
      awsPolicy('AmazonS3ReadOnlyAccess'),
      awsPolicy('AmazonSageMakerReadOnly'),
      awsPolicy('ViewOnlyAccess', '/job-function/'),
    ],
  })
  addRole(state, 'trainer', sageMaker, { path: '/teams/ml/' })
  for (const name of bystanders) {
    addRole(state, name, trusting(name.endsWith('-host') ? 'ec2.amazonaws.com' : 'lambda.amazonaws.com'), {
      path: '/apps/',
      attached: [awsPolicy('AWSLambdaBasicExecutionRole', '/service-role/')],
    })
  }
  addRole(
    state,
    'Admin',
    {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' },
      ],
    },
    { attached: [awsPolicy('AdministratorAccess')], maxSessionDuration: 43_200 },
  )
  addRole(state, 'AWSServiceRoleForSupport', trusting('support.amazonaws.com'), {
    path: '/aws-service-role/support.amazonaws.com/',
    attached: [awsPolicy('AWSSupportServiceRolePolicy', '/aws-service-role/')],
  })
}
