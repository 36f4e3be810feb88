import { IAMClient } from '@aws-sdk/client-iam'
import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SageMakerClient } from '@aws-sdk/client-sagemaker'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { STSClient } from '@aws-sdk/client-sts'
import type { Sandbox } from '../src/index.ts'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not-a-secret' }

/** Unmodified SDK clients for a sandbox, in process. */
export function clientsOf(sandbox: Sandbox, region = 'eu-west-1', maxAttempts = 1) {
  const settings = { region, credentials, maxAttempts, requestHandler: sandbox.requestHandler }
  return {
    iam: new IAMClient(settings),
    sts: new STSClient(settings),
    sagemaker: new SageMakerClient(settings),
    sso: new SSOAdminClient(settings),
    directory: new IdentitystoreClient(settings),
    organizations: new OrganizationsClient(settings),
  }
}

/** What a refused request said: `EntityAlreadyExistsException 409 …`; `accepted` where it was not refused. */
export async function refusalOf(request: Promise<unknown>): Promise<string> {
  try {
    await request
    return 'accepted'
  } catch (error) {
    const { name, $metadata, message } = error as Error & { $metadata?: { httpStatusCode?: number } }
    return `${name} ${$metadata?.httpStatusCode} ${message}`
  }
}

export const sageMakerTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
})

export const readPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sagemaker-mlflow:GetRun', Resource: '*' }],
})
