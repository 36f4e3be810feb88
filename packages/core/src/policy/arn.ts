import type { Partition } from '../snapshot/snapshot.ts'

export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  /** Everything behind the fifth colon: `user/teams/ana`, `mlflow-tracking-server/ml-prod`. */
  readonly resource: string
}

/** Reads an ARN; undefined for text that is none. */
export function parseArn(text: string): Arn | undefined {
  const parts = text.split(':')
  const [prefix, partition, service, region, account] = parts
  if (prefix !== 'arn' || !partition || !service || region === undefined || account === undefined)
    return undefined
  const resource = parts.slice(5).join(':')
  return resource === '' ? undefined : { partition, service, region, account, resource }
}

/** Where an account's objects live: every ARN of this project starts from it. */
export interface Home {
  readonly partition: Partition
  readonly account: string
}

/** An IAM object's ARN; `path` begins and ends with `/`. */
export function iamArn(
  home: Home,
  kind: 'user' | 'group' | 'role' | 'policy',
  path: string,
  name: string,
): string {
  return `arn:${home.partition}:iam::${home.account}:${kind}${path}${name}`
}

export function trackingServerArn(home: Home, region: string, name: string): string {
  return `arn:${home.partition}:sagemaker:${region}:${home.account}:mlflow-tracking-server/${name}`
}

/** Any other SageMaker resource: `sageMakerArn(home, region, 'model-package/*')`. */
export function sageMakerArn(home: Home, region: string, resource: string): string {
  return `arn:${home.partition}:sagemaker:${region}:${home.account}:${resource}`
}

export function bucketArn(home: Home, bucket: string): string {
  return `arn:${home.partition}:s3:::${bucket}`
}

/** Objects below a prefix; an empty prefix is every object of the bucket. */
export function objectsArn(home: Home, bucket: string, prefix: string): string {
  return prefix === '' ? `${bucketArn(home, bucket)}/*` : `${bucketArn(home, bucket)}/${prefix}/*`
}

/** The last part of an IAM ARN: `ana` of `arn:aws:iam::1:user/teams/ana`. */
export function arnName(arn: string): string {
  return arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1)
}
