import type { PolicyDocument } from '../policy/document.ts'

/**
 * The policies of the AWS guide "Set up IAM permissions for MLflow" (Amazon SageMaker AI Developer Guide),
 * statement for statement and in its order.
 */
export const documentedTrackingServerPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        's3:Get*',
        's3:Put*',
        's3:List*',
        'sagemaker:AddTags',
        'sagemaker:CreateModelPackageGroup',
        'sagemaker:CreateModelPackage',
        'sagemaker:UpdateModelPackage',
        'sagemaker:DescribeModelPackageGroup',
      ],
      Resource: '*',
    },
  ],
}

export const documentedSageMakerPolicy: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: [
        'sagemaker-mlflow:*',
        'sagemaker:CreateMlflowTrackingServer',
        'sagemaker:ListMlflowTrackingServers',
        'sagemaker:UpdateMlflowTrackingServer',
        'sagemaker:DeleteMlflowTrackingServer',
        'sagemaker:StartMlflowTrackingServer',
        'sagemaker:StopMlflowTrackingServer',
        'sagemaker:CreatePresignedMlflowTrackingServerUrl',
      ],
      Resource: '*',
    },
  ],
}

/** The guide's trust policy; with an account, SageMaker may assume the role for that account only. */
export function sageMakerTrust(sourceAccount?: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: ['sagemaker.amazonaws.com'] },
        Action: 'sts:AssumeRole',
        ...(sourceAccount ? { Condition: { StringEquals: { 'aws:SourceAccount': sourceAccount } } } : {}),
      },
    ],
  }
}
