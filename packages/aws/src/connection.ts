import type { STSClientConfig } from '@aws-sdk/client-sts'
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  HttpHandlerOptions,
  HttpRequest,
  HttpResponse,
} from '@smithy/types'
import { chooseCredentials } from './credentials.ts'
import { given } from './given.ts'
import { profileEndpoint, type ServiceId } from './profile-endpoint.ts'
import { agentsFor } from './proxy.ts'

/** Where to call, and as whom. What is absent comes from where the AWS CLI takes it. */
export interface AwsSettings {
  readonly profile?: string
  readonly region?: string
  /** One endpoint for every service (`--endpoint-url`). */
  readonly endpointUrl?: string
  /** Answers requests in this process (the sandbox); nothing then touches the network. */
  readonly requestHandler?: RequestHandler
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider
  /** Milliseconds until an endpoint that does not answer is given up. */
  readonly timeouts?: { readonly connect?: number; readonly request?: number }
  /** Defaults to the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** The shape of Smithy's HTTP handlers, as far as it matters here. */
export interface RequestHandler {
  handle(request: HttpRequest, options?: HttpHandlerOptions): Promise<{ response: HttpResponse }>
}

type Iam = typeof import('./services/iam.ts')
type Sts = typeof import('./services/sts.ts')
type SageMaker = typeof import('./services/sagemaker.ts')
type SsoAdmin = typeof import('./services/sso-admin.ts')

/** Clients for one account, made when first used. A service that is never used is never loaded. */
export interface AwsConnection {
  readonly settings: AwsSettings
  /** The default region, or undefined where none is set anywhere. */
  region(): Promise<string | undefined>
  iam(): Promise<{ readonly client: InstanceType<Iam['IAMClient']>; readonly api: Iam }>
  sts(): Promise<{ readonly client: InstanceType<Sts['STSClient']>; readonly api: Sts }>
  sageMaker(
    region: string,
  ): Promise<{ readonly client: InstanceType<SageMaker['SageMakerClient']>; readonly api: SageMaker }>
  ssoAdmin(
    region?: string,
  ): Promise<{ readonly client: InstanceType<SsoAdmin['SSOAdminClient']>; readonly api: SsoAdmin }>
  /** Where calls go, for locks and messages: an endpoint's URL, `in-process`, or `aws`. */
  readonly place: string
  close(): void
}

// The sandbox accepts any; these are no secret.
const sandboxCredentials: AwsCredentialIdentity = { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' }

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

/** Opens an account. Nothing is sent, and no SDK client loaded, before the first use. */
export function connect(settings: AwsSettings = {}): AwsConnection {
  const env = settings.env ?? process.env
  // The SDK prints seven lines to standard error on Node 20 otherwise; it reads this when a client is made.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const inProcess = settings.requestHandler !== undefined
  const endpoint = settings.endpointUrl
  const agents = inProcess ? undefined : agentsFor(env)
  const credentials =
    settings.credentials ??
    (inProcess ? sandboxCredentials : chooseCredentials(settings.profile, env, quiet, agents))

  const endpointOf = (service: ServiceId) =>
    endpoint ?? (inProcess ? undefined : profileEndpoint(settings.profile, service, env))
  const config = (service: ServiceId, region: string | undefined) => ({
    logger: quiet,
    maxAttempts: 1, // our own retries know which of IAM's errors are worth one
    credentials,
    requestHandler: settings.requestHandler
      ? asHandler(settings.requestHandler)
      : { ...handlerOptions(settings), ...agents },
    ...given('profile', settings.profile),
    ...given('region', region),
    ...given('endpoint', endpointOf(service)),
  })

  const chosen = settings.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION
  const region = once(async () => {
    if (chosen || inProcess) return chosen || 'us-east-1'
    const { STSClient } = await import('./services/sts.ts')
    const probe = new STSClient(config('sts', undefined))
    return probe.config.region().catch(() => undefined)
  })
  // IAM and STS answer without a region; the SDK wants one to sign with.
  const anyRegion = async () => (await region()) ?? 'us-east-1'

  const open: { destroy(): void }[] = []
  const keep = <T extends { destroy(): void }>(client: T): T => {
    open.push(client)
    return client
  }

  const sageMakers = new Map<string, ReturnType<AwsConnection['sageMaker']>>()
  const ssoAdmins = new Map<string, ReturnType<AwsConnection['ssoAdmin']>>()
  return {
    settings,
    region,
    place: inProcess ? (endpoint ?? 'in-process') : placeOf(endpointOf('iam'), env),
    iam: once(async () => {
      const api = await import('./services/iam.ts')
      return { api, client: keep(new api.IAMClient(config('iam', await anyRegion()))) }
    }),
    sts: once(async () => {
      const api = await import('./services/sts.ts')
      return { api, client: keep(new api.STSClient(config('sts', await anyRegion()))) }
    }),
    sageMaker: (name) =>
      remember(sageMakers, name, async () => {
        const api = await import('./services/sagemaker.ts')
        return { api, client: keep(new api.SageMakerClient(config('sagemaker', name))) }
      }),
    ssoAdmin: async (name) =>
      remember(ssoAdmins, name ?? (await anyRegion()), async () => {
        const api = await import('./services/sso-admin.ts')
        return { api, client: keep(new api.SSOAdminClient(config('sso_admin', name ?? (await anyRegion())))) }
      }),
    close() {
      for (const client of open.splice(0)) client.destroy()
    },
  }
}

function placeOf(endpoint: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  return endpoint ?? (env.AWS_ENDPOINT_URL_IAM || env.AWS_ENDPOINT_URL || 'aws')
}

function handlerOptions(settings: AwsSettings) {
  return {
    connectionTimeout: settings.timeouts?.connect ?? 5_000,
    requestTimeout: settings.timeouts?.request ?? 20_000,
    throwOnRequestTimeout: true,
    logger: quiet,
  }
}

/** Fills in the members that the SDK expects of a handler and a plain object may lack. */
function asHandler(handler: RequestHandler): NonNullable<STSClientConfig['requestHandler']> {
  return {
    handle: (request: HttpRequest, options?: HttpHandlerOptions) => handler.handle(request, options),
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

function remember<T>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key)
  if (known !== undefined) return known
  const fresh = make()
  made.set(key, fresh)
  return fresh
}
