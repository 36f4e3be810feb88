import { entityId } from '../account/ids.ts'
import type { PolicyState } from '../account/state.ts'

interface Definition {
  readonly name: string
  readonly path?: string
  readonly description: string
  readonly version: string
  readonly statements: readonly object[]
}

/**
 * Some of the policies that AWS offers in every account. The names are AWS's; the documents are our own, short,
 * and true to them in what matters to MLflow: who reaches Apps, tracking servers, their lists and their buckets.
 */
export function awsManagedPolicies(partition: string): PolicyState[] {
  return definitions(partition).map(({ name, path = '/', description, version, statements }) => ({
    name,
    path,
    id: entityId('ANPA', `aws/${name}`),
    arn: `arn:${partition}:iam::aws:policy${path}${name}`,
    description,
    createdAt: '2017-11-29T13:07:59.000Z',
    updatedAt: '2025-06-12T17:22:04.000Z',
    defaultVersion: version,
    nextVersion: Number(version.slice(1)) + 1,
    versions: [
      {
        id: version,
        document: JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 4),
        createdAt: '2025-06-12T17:22:04.000Z',
      },
    ],
    tags: [],
  }))
}

function definitions(partition: string): readonly Definition[] {
  const sageMaker = (kind: string) => `arn:${partition}:sagemaker:*:*:${kind}/*`
  return [
    {
      name: 'AdministratorAccess',
      description: 'Provides full access to AWS services and resources.',
      version: 'v1',
      statements: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    },
    {
      name: 'AmazonSageMakerFullAccess',
      description: 'Provides full access to Amazon SageMaker AI and select access to related services.',
      version: 'v29',
      statements: [
        {
          Sid: 'AllowAllNonAdminSageMakerActions',
          Effect: 'Allow',
          Action: ['sagemaker:*', 'sagemaker-geospatial:*'],
          NotResource: ['domain', 'user-profile', 'app', 'space', 'partner-app', 'flow-definition'].map(
            sageMaker,
          ),
        },
        {
          Sid: 'AllowObjectsNamedAfterSageMaker',
          Effect: 'Allow',
          Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
          Resource: ['*SageMaker*', '*Sagemaker*', '*sagemaker*', '*aws-glue*'].map(
            (pattern) => `arn:${partition}:s3:::${pattern}`,
          ),
        },
        {
          Sid: 'AllowBuckets',
          Effect: 'Allow',
          Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListAllMyBuckets'],
          Resource: '*',
        },
        {
          Sid: 'AllowPassRoleToSageMaker',
          Effect: 'Allow',
          Action: 'iam:PassRole',
          Resource: `arn:${partition}:iam::*:role/*AmazonSageMaker*`,
          Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
        },
      ],
    },
    {
      name: 'AmazonSageMakerReadOnly',
      description: 'Provides read only access to Amazon SageMaker AI.',
      version: 'v12',
      statements: [
        {
          Effect: 'Allow',
          Action: ['sagemaker:Describe*', 'sagemaker:List*', 'sagemaker:Get*'],
          Resource: '*',
        },
      ],
    },
    {
      name: 'AmazonS3ReadOnlyAccess',
      description: 'Provides read only access to all buckets.',
      version: 'v3',
      statements: [{ Effect: 'Allow', Action: ['s3:Get*', 's3:List*', 's3:Describe*'], Resource: '*' }],
    },
    {
      name: 'AmazonS3FullAccess',
      description: 'Provides full access to all buckets.',
      version: 'v2',
      statements: [{ Effect: 'Allow', Action: ['s3:*', 's3-object-lambda:*'], Resource: '*' }],
    },
    {
      name: 'ReadOnlyAccess',
      description: 'Provides read-only access to AWS services and resources.',
      version: 'v152',
      statements: [
        {
          Sid: 'ReadOnlyActions',
          Effect: 'Allow',
          Action: [
            'iam:Get*',
            'iam:List*',
            's3:Get*',
            's3:List*',
            'sagemaker:Describe*',
            'sagemaker:List*',
            'sts:GetCallerIdentity',
          ],
          Resource: '*',
        },
      ],
    },
    {
      name: 'ViewOnlyAccess',
      path: '/job-function/',
      description: 'Grants permissions to view resources and basic metadata across all AWS services.',
      version: 'v25',
      statements: [
        { Effect: 'Allow', Action: ['iam:List*', 's3:ListAllMyBuckets', 'sagemaker:List*'], Resource: '*' },
      ],
    },
    {
      name: 'PowerUserAccess',
      description: 'Provides full access to AWS services and resources, but not to users and groups.',
      version: 'v6',
      statements: [
        { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
        { Effect: 'Allow', Action: ['iam:ListRoles', 'organizations:DescribeOrganization'], Resource: '*' },
      ],
    },
    {
      name: 'AWSLambdaBasicExecutionRole',
      path: '/service-role/',
      description: 'Provides write permissions to CloudWatch Logs.',
      version: 'v1',
      statements: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: '*',
        },
      ],
    },
    {
      name: 'AWSSupportServiceRolePolicy',
      path: '/aws-service-role/',
      description: 'Allows AWS Support to access AWS resources.',
      version: 'v40',
      statements: [{ Effect: 'Allow', Action: ['iam:ListRoles', 'sagemaker:ListEndpoints'], Resource: '*' }],
    },
    {
      name: 'SageMakerStudioProjectUserRolePermissionsBoundary',
      description: 'Limits what roles of Studio projects may do.',
      version: 'v19',
      statements: [
        {
          Sid: 'StudioBoundary',
          Effect: 'Allow',
          Action: ['sagemaker:*', 's3:*', 'logs:*', 'kms:*', ...olderMlflowActions],
          Resource: '*',
        },
      ],
    },
  ]
}

/** The 44 actions that the AWS guide lists: what a Studio boundary of before MLflow 3 lets through. */
const olderMlflowActions = `AccessUI CreateExperiment SearchExperiments GetExperiment GetExperimentByName
  DeleteExperiment RestoreExperiment UpdateExperiment CreateRun DeleteRun RestoreRun GetRun LogMetric LogBatch
  LogModel LogInputs SetExperimentTag SetTag DeleteTag LogParam GetMetricHistory SearchRuns ListArtifacts
  UpdateRun CreateRegisteredModel GetRegisteredModel RenameRegisteredModel UpdateRegisteredModel
  DeleteRegisteredModel GetLatestModelVersions CreateModelVersion GetModelVersion UpdateModelVersion
  DeleteModelVersion SearchModelVersions GetDownloadURIForModelVersionArtifacts TransitionModelVersionStage
  SearchRegisteredModels SetRegisteredModelTag DeleteRegisteredModelTag DeleteModelVersionTag
  DeleteRegisteredModelAlias SetRegisteredModelAlias GetModelVersionByAlias`
  .split(/\s+/)
  .map((name) => `sagemaker-mlflow:${name}`)
