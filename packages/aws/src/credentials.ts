import type { AwsCredentialIdentityProvider, Logger } from '@smithy/types'

/**
 * Finds credentials where the AWS CLI finds them: profiles, SSO, process, web identity, environment, metadata.
 * Unlike the SDK, and like the CLI, keys in the environment win over AWS_PROFILE, and a `--profile` over both.
 */
export function chooseCredentials(
  profile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): AwsCredentialIdentityProvider {
  let provider: AwsCredentialIdentityProvider | undefined
  return async (properties) => {
    provider ??= await load(profile, env, logger)
    return provider(properties)
  }
}

async function load(
  profile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  logger: Logger,
): Promise<AwsCredentialIdentityProvider> {
  const { fromEnv, fromNodeProviderChain } = await import('./services/credential-providers.ts')
  if (profile === undefined && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) return fromEnv({ logger })
  return fromNodeProviderChain({ logger, ...(profile === undefined ? {} : { profile }) })
}
