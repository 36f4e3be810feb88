import type { Persona, S3Needs } from './persona.ts'

/** What opening the UI of a server takes beside AccessUI, and finding the server before. */
export const uiReads: readonly string[] = [
  'sagemaker:CreatePresignedMlflowTrackingServerUrl',
  'sagemaker:DescribeMlflowTrackingServer',
]
export const serverList = 'sagemaker:ListMlflowTrackingServers'
export const bucketList = 's3:ListBucket'

/** What reading and writing artifacts takes on the objects of a bucket. */
export function objectActions({ read, write }: Pick<S3Needs, 'read' | 'write'>): readonly string[] {
  return [...(read ? ['s3:GetObject'] : []), ...(write ? ['s3:AbortMultipartUpload', 's3:PutObject'] : [])]
}

/**
 * Full names of all that a policy of this persona holds on a tracking server beside `sagemaker-mlflow`, sorted.
 * KMS comes on top where the bucket has a key of its own.
 */
export function alsoNeedsOf({ alsoNeeds, ui, s3 }: Persona): readonly string[] {
  const all = [
    ...alsoNeeds,
    ...(ui ? [...uiReads, serverList] : []),
    ...objectActions(s3),
    ...(s3.list ? [bucketList] : []),
  ]
  return [...new Set(all)].sort()
}
