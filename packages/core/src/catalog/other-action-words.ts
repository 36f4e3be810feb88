/** Actions beside `sagemaker-mlflow`: their group and what they let someone do. */
export const otherActionWords: Readonly<Record<OtherGroup, Readonly<Record<string, string>>>> = {
  'Tracking servers': {
    'sagemaker:ListMlflowTrackingServers': 'list the tracking servers of the account and region',
    'sagemaker:DescribeMlflowTrackingServer': 'read the settings and status of a tracking server',
    'sagemaker:CreatePresignedMlflowTrackingServerUrl': 'get a link that opens the MLflow UI of a server',
    'sagemaker:CreateMlflowTrackingServer': 'create a tracking server',
    'sagemaker:UpdateMlflowTrackingServer': 'change the size or settings of a tracking server',
    'sagemaker:StartMlflowTrackingServer': 'start a stopped tracking server',
    'sagemaker:StopMlflowTrackingServer': 'stop a tracking server',
    'sagemaker:DeleteMlflowTrackingServer': 'delete a tracking server',
  },
  Apps: {
    'sagemaker:ListMlflowApps': 'list the MLflow Apps of the account and region',
    'sagemaker:DescribeMlflowApp': 'read the settings and status of an MLflow App',
    'sagemaker:CallMlflowAppApi': 'do everything in an MLflow App: read, log, promote and delete',
    'sagemaker:CreatePresignedMlflowAppUrl': 'get a link that opens the MLflow UI of an App',
    'sagemaker:CreateMlflowApp': 'create an MLflow App',
    'sagemaker:UpdateMlflowApp': 'change the settings of an MLflow App',
    'sagemaker:DeleteMlflowApp': 'delete an MLflow App',
  },
  Artifacts: {
    's3:GetObject': 'download artifacts from the bucket',
    's3:ListBucket': 'list artifacts in the bucket',
    's3:PutObject': 'upload artifacts to the bucket',
    's3:AbortMultipartUpload': 'clean up a large upload that failed',
  },
  Encryption: {
    'kms:Decrypt': 'read artifacts that a KMS key encrypts',
    'kms:GenerateDataKey': 'write artifacts that a KMS key encrypts',
  },
  'Model registry sync': {
    'sagemaker:DescribeModelPackageGroup': 'look up the SageMaker group that mirrors a registered model',
    'sagemaker:CreateModelPackageGroup': 'mirror a registered model as a SageMaker model package group',
    'sagemaker:CreateModelPackage': 'mirror a model version as a SageMaker model package',
    'sagemaker:UpdateModelPackage': 'carry changes of a version over to its SageMaker model package',
    'sagemaker:CreateAction': 'record the lineage of a mirrored model',
    'sagemaker:AddAssociation': 'link the lineage of a mirrored model',
  },
  Roles: {
    'sagemaker:AddTags': 'tag SageMaker objects, also while creating them',
    'iam:PassRole': 'hand a role to SageMaker, for a server to use',
  },
}

export type OtherGroup =
  | 'Tracking servers'
  | 'Apps'
  | 'Artifacts'
  | 'Encryption'
  | 'Model registry sync'
  | 'Roles'
