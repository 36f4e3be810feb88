import type { AwsCredentialIdentityProvider, Logger } from '@smithy/types'
import type { Agents } from './proxy.ts'

/**
 * Finds credentials where the AWS CLI finds them: profiles, SSO, process, web identity, environment, metadata.
 * Unlike the SDK, and like the CLI, keys in the environment win over AWS_PROFILE, and a `--profile` over both.
 * `agents` is how their own calls leave this machine.
 */
export function chooseCredentials(
  profile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  logger: Logger,
  agents: Agents | undefined,
): AwsCredentialIdentityProvider {
  let provider: AwsCredentialIdentityProvider | undefined
  return async (properties) => {
    provider ??= await load(profile, env, logger, agents)
    return provider(properties)
  }
}

async function load(
  profile: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  logger: Logger,
  agents: Agents | undefined,
): Promise<AwsCredentialIdentityProvider> {
  const { fromEnv, fromNodeProviderChain } = await import('./services/credential-providers.ts')
  if (profile === undefined && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) return fromEnv({ logger })
  // Signing in by SSO or a role is a call too: it leaves this machine by the same way as the others.
  const clientConfig = agents ? { clientConfig: { requestHandler: agents } } : {}
  return fromNodeProviderChain({ logger, ...clientConfig, ...(profile === undefined ? {} : { profile }) })
}
