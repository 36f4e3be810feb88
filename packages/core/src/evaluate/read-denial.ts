import { parseArn } from '../policy/arn.ts'

/** Why AWS said no, where its message tells. */
export type DenialReason =
  | 'no-identity-policy'
  | 'explicit-deny'
  | 'organization-policy'
  | 'permissions-boundary'
  | 'session-policy'
  | 'resource-policy'
  | 'endpoint-policy'
  | 'not-said'

/** An AccessDenied message, read. */
export interface Denial {
  /** Full name, `sagemaker-mlflow:LogMetric`. */
  readonly action: string
  /** ARN of the user or role that policies are attached to; a role, where a session of it was refused. */
  readonly principal?: string
  readonly resource?: string
  readonly reason: DenialReason
  /** Whether a statement says no, or no statement says yes. */
  readonly explicit: boolean
}

/** More than any client prints; what lies beyond is not read. */
const longest = 20_000

/**
 * Reads an AccessDenied message of AWS, bare or wrapped by boto3, the AWS CLI or an MLflow client, cut off or
 * not (forms: IAM User Guide, "Troubleshoot access denied error messages"). Undefined for any other text.
 */
export function readDenial(text: string): Denial | undefined {
  const message = plainText(text.slice(0, longest))
  const action =
    /not authorized to perform:?\s{0,4}"?([\w-]{2,40}:\w{2,60})/.exec(message)?.[1] ??
    actionOfOperation(message)
  if (action === undefined) return undefined
  const principal = principalOf(/User:\s{0,4}(arn:[^\s"',]{8,400})/.exec(message)?.[1])
  const resource = /on resource:?\s{0,4}"?(arn:[^\s"',]{8,400}|\*)/.exec(message)?.[1]?.replace(/[.;)]+$/, '')
  return {
    action,
    ...(principal === undefined ? {} : { principal }),
    ...(resource === undefined ? {} : { resource }),
    ...reasonOf(message),
  }
}

/** Messages inside JSON bodies and Python reprs carry escaped quotes and line breaks. */
function plainText(text: string): string {
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\[nrt]/g, ' ')
    .replace(/\\(["'/\\])/g, '$1')
    .replace(/\s+/g, ' ')
}

/** S3 answers say only which operation was called; MLflow's client calls these, and two need other actions. */
const operationActions: Readonly<Record<string, string>> = {
  PutObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  CreatePresignedMlflowTrackingServerUrl: 'sagemaker:CreatePresignedMlflowTrackingServerUrl',
  CreatePresignedMlflowAppUrl: 'sagemaker:CreatePresignedMlflowAppUrl',
  DescribeMlflowTrackingServer: 'sagemaker:DescribeMlflowTrackingServer',
  CreateMlflowTrackingServer: 'sagemaker:CreateMlflowTrackingServer',
  ListMlflowTrackingServers: 'sagemaker:ListMlflowTrackingServers',
}

function actionOfOperation(message: string): string | undefined {
  const operation =
    /\((?:AccessDenied|AccessDeniedException|403)\) when calling the (\w{2,60}) operation/.exec(message)?.[1]
  return operation !== undefined && Object.hasOwn(operationActions, operation)
    ? operationActions[operation]
    : undefined
}

/** Policies are attached to the role, not to its session; its path is not in the session's ARN. */
function principalOf(arn: string | undefined): string | undefined {
  const parsed = arn === undefined ? undefined : parseArn(arn)
  if (!parsed) return undefined
  const [kind, name] = parsed.resource.split('/')
  if (parsed.service === 'sts' && kind === 'assumed-role' && name) {
    return `arn:${parsed.partition}:iam::${parsed.account}:role/${name}`
  }
  return parsed.service === 'iam' ? arn : undefined
}

const policyKinds: readonly (readonly [RegExp, DenialReason])[] = [
  [/service control polic|resource control polic/i, 'organization-policy'],
  [/permissions boundar/i, 'permissions-boundary'],
  [/session polic/i, 'session-policy'],
  [/VPC endpoint polic/i, 'endpoint-policy'],
  [/resource-based polic/i, 'resource-policy'],
]

function reasonOf(message: string): Pick<Denial, 'reason' | 'explicit'> {
  const explicit = /with an explicit deny/i.test(message)
  const kind = policyKinds.find(([pattern]) => pattern.test(message))?.[1]
  if (kind) return { reason: kind, explicit }
  if (explicit) return { reason: 'explicit-deny', explicit }
  return { reason: /no identity-based policy/i.test(message) ? 'no-identity-policy' : 'not-said', explicit }
}
