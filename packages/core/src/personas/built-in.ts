import { mlflowActions } from '../catalog/actions.ts'
import type { Persona, S3Needs } from './persona.ts'

const nothing: S3Needs = { read: false, write: false, list: false }
const download: S3Needs = { read: true, write: false, list: true }
const upload: S3Needs = { read: false, write: true, list: false }
const everything: S3Needs = { read: true, write: true, list: true }

/** Metadata of everything, and the UI. */
const look = [
  'AccessUI',
  'GetExperiment',
  'GetExperimentByName',
  'GetLatestModelVersions',
  'GetLoggedModel',
  'GetMetricHistory',
  'GetModelVersion',
  'GetModelVersionByAlias',
  'GetRegisteredModel',
  'GetRun',
  'GetTraceInfo',
  'ListArtifacts',
  'ListLoggedModelArtifacts',
  'SearchExperiments',
  'SearchLoggedModels',
  'SearchModelVersions',
  'SearchRegisteredModels',
  'SearchRuns',
  'SearchTraces',
]
const view = [...look, 'GetDownloadURIForModelVersionArtifacts']

/** What a run writes, its models and their registration included. */
const record = [
  'CreateExperiment',
  'CreateModelVersion',
  'CreateRegisteredModel',
  'CreateRun',
  'FinalizeLoggedModel',
  'LogBatch',
  'LogInputs',
  'LogLoggedModelParams',
  'LogMetric',
  'LogModel',
  'LogOutputs',
  'LogParam',
  'SetLoggedModelTags',
  'SetTag',
  'UpdateRun',
]

/** Own experiments and labels, and traces. */
const author = [
  'DeleteLoggedModelTag',
  'DeleteTag',
  'DeleteTraceTag',
  'EndTrace',
  'SetExperimentTag',
  'SetTraceTag',
  'StartTrace',
  'UpdateExperiment',
]
const scientist = [...view, ...record, ...author, 'UpdateModelVersion']

/** Finding a model and where its files are. */
const findModels = [
  'GetDownloadURIForModelVersionArtifacts',
  'GetLatestModelVersions',
  'GetLoggedModel',
  'GetModelVersion',
  'GetModelVersionByAlias',
  'GetRegisteredModel',
  'GetRun',
  'SearchLoggedModels',
  'SearchModelVersions',
  'SearchRegisteredModels',
]

/** What records a run and nothing broader reads. */
const job = [
  ...record,
  'GetExperiment',
  'GetExperimentByName',
  'GetLoggedModel',
  'GetMetricHistory',
  'GetRun',
  'SearchLoggedModels',
]

const all = mlflowActions.map((action) => action.bare)

const operateServers = [
  'sagemaker:CreateMlflowTrackingServer',
  'sagemaker:DeleteMlflowTrackingServer',
  'sagemaker:DescribeMlflowTrackingServer',
  'sagemaker:ListMlflowTrackingServers',
  'sagemaker:StartMlflowTrackingServer',
  'sagemaker:StopMlflowTrackingServer',
  'sagemaker:UpdateMlflowTrackingServer',
]
const openServers = 'sagemaker:CreatePresignedMlflowTrackingServerUrl'

/** The personas that come with the tool, and the three SageMaker ML activities of the AWS guide. */
export const builtInPersonas: readonly Persona[] = [
  persona('viewer', 'Viewer', 'Browses, compares and downloads; changes nothing.', view, download),
  persona(
    'auditor',
    'Auditor (metadata only)',
    'Sees what exists and who did what; cannot fetch model files or artifacts.',
    look,
    nothing,
  ),
  persona(
    'data-scientist',
    'Data scientist',
    'Runs experiments, logs models and traces, and registers models; does not promote or delete.',
    scientist,
    everything,
  ),
  persona(
    'ml-engineer',
    'ML engineer',
    'A data scientist who also keeps the registry described and tagged, and deletes and restores runs.',
    [
      ...scientist,
      'DeleteModelVersionTag',
      'DeleteRegisteredModelTag',
      'DeleteRun',
      'RestoreRun',
      'SetModelVersionTag',
      'SetRegisteredModelTag',
      'UpdateRegisteredModel',
    ],
    everything,
  ),
  persona(
    'model-approver',
    'Model approver',
    'Reviews registered models and promotes them by alias or stage; logs nothing of its own.',
    [
      ...view,
      'DeleteModelVersionTag',
      'DeleteRegisteredModelAlias',
      'SetModelVersionTag',
      'SetRegisteredModelAlias',
      'SetRegisteredModelTag',
      'TransitionModelVersionStage',
      'UpdateModelVersion',
    ],
    download,
  ),
  persona(
    'genai-developer',
    'GenAI developer',
    'Builds agents and prompts: traces, evaluates, logs and registers them.',
    [...view, ...record, ...author],
    everything,
  ),
  persona(
    'training-job',
    'Training job',
    'The execution role of training, processing and pipeline steps: records runs and models; no UI.',
    job,
    everything,
  ),
  persona(
    'ci-cd',
    'CI/CD automation',
    'Trains, registers, tags and promotes without a person; no UI, no deletions.',
    [
      ...job,
      ...findModels,
      'DeleteModelVersionTag',
      'DeleteTag',
      'SearchExperiments',
      'SearchRuns',
      'SetExperimentTag',
      'SetModelVersionTag',
      'SetRegisteredModelAlias',
      'SetRegisteredModelTag',
      'TransitionModelVersionStage',
      'UpdateModelVersion',
      'UpdateRegisteredModel',
    ],
    everything,
  ),
  persona(
    'model-consumer',
    'Model consumer / inference',
    'Endpoints and batch scoring: finds models and loads them.',
    findModels,
    download,
  ),
  persona(
    'trace-writer',
    'Trace writer (app runtime)',
    'A deployed GenAI app that writes its traces and nothing else.',
    ['EndTrace', 'GetExperiment', 'GetExperimentByName', 'GetTraceInfo', 'SetTraceTag', 'StartTrace'],
    upload,
  ),
  persona(
    'mlops-admin',
    'MLOps / platform admin',
    'Everything in MLflow, deletions included, and the tracking servers themselves.',
    all,
    everything,
    { alsoNeeds: [...operateServers, openServers, 'sagemaker:AddTags', 'iam:PassRole'] },
  ),
  persona(
    'server-operator',
    'Server operator',
    'Creates, sizes, starts, stops and deletes tracking servers; sees no experiments.',
    [],
    nothing,
    { alsoNeeds: [...operateServers, 'sagemaker:AddTags', 'iam:PassRole'] },
  ),
  persona(
    'use-mlflow',
    'ML activity: Use MLflow',
    'Calls every MLflow REST API, those that AWS adds later included; brings no access to artifacts in S3.',
    all,
    nothing,
    { wildcard: true },
  ),
  persona(
    'manage-mlflow-tracking-servers',
    'ML activity: Manage MLflow Tracking Servers',
    'Creates, updates, starts, stops and deletes tracking servers.',
    [],
    nothing,
    { alsoNeeds: [...operateServers, openServers, 'iam:PassRole'] },
  ),
  persona(
    'access-aws-services-for-mlflow',
    'ML activity: Access required to AWS Services for MLflow',
    'Lets a domain service role be the role of a tracking server: S3 and the SageMaker model registry.',
    [],
    everything,
    {
      alsoNeeds: [
        'sagemaker:AddTags',
        'sagemaker:CreateModelPackage',
        'sagemaker:CreateModelPackageGroup',
        'sagemaker:DescribeModelPackageGroup',
        'sagemaker:UpdateModelPackage',
      ],
    },
  ),
]

function persona(
  name: string,
  title: string,
  purpose: string,
  actions: readonly string[],
  s3: S3Needs,
  more: { readonly alsoNeeds?: readonly string[]; readonly wildcard?: boolean } = {},
): Persona {
  return {
    name,
    title,
    purpose,
    actions: [...new Set(actions)].sort(),
    ui: actions.includes('AccessUI'),
    s3,
    alsoNeeds: [...(more.alsoNeeds ?? [])].sort(),
    wildcard: more.wildcard ?? false,
    builtIn: true,
  }
}
