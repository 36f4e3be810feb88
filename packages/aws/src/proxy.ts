import { readFileSync } from 'node:fs'
import {
  type ClientRequest,
  type ClientRequestArgs,
  Agent as HttpAgent,
  request as httpRequest,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { exitCodes, Problem } from '@mlflow-iam/core/problem'

type Env = Readonly<Record<string, string | undefined>>
type Created = (error: Error | null, stream: Duplex) => void

/** How requests leave this machine; absent members are Node's own. */
export interface Agents {
  readonly httpAgent?: HttpAgent
  readonly httpsAgent?: HttpsAgent
}

// Longer than the SDK waits for a connection: this only ends what it has given up.
const patience = 30_000
const silent = { code: 'ECONNREFUSED' }
// As the SDK's own agents are.
const lasting = { keepAlive: true, maxSockets: 50 }

/**
 * Agents that honour what the AWS CLI honours: HTTPS_PROXY, HTTP_PROXY, NO_PROXY and AWS_CA_BUNDLE (lower-case names
 * win). Undefined where none is set. Loopback addresses are never asked of a proxy. Throws exit 3 for a proxy that is
 * no URL, or a bundle that cannot be read.
 */
export function agentsFor(env: Env): Agents | undefined {
  const bundle = env.AWS_CA_BUNDLE
  const ca = bundle ? { ca: readBundle(bundle) } : {}
  const bypasses = bypassOf(env.no_proxy || env.NO_PROXY || '')
  const secure = proxyOf('HTTPS_PROXY', env)
  const plain = proxyOf('HTTP_PROXY', env)
  if (!bundle && !secure && !plain) return undefined
  return {
    ...(secure
      ? { httpsAgent: new TunnelAgent({ ...lasting, ...ca }, secure, bypasses) }
      : bundle
        ? { httpsAgent: new HttpsAgent({ ...lasting, ...ca }) }
        : {}),
    ...(plain ? { httpAgent: new ForwardAgent(lasting, plain, bypasses) } : {}),
  }
}

/** Reaches https hosts through a proxy's CONNECT. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL
  readonly #bypasses: Bypass

  constructor(options: ConstructorParameters<typeof HttpsAgent>[0], proxy: URL, bypasses: Bypass) {
    super(options)
    this.#proxy = proxy
    this.#bypasses = bypasses
  }

  override createConnection(options: ClientRequestArgs, created?: Created): Duplex | null | undefined {
    const [host, port] = [String(options.host ?? options.hostname), String(options.port ?? 443)]
    if (this.#bypasses(host, port)) return super.createConnection(options, created)
    const failed = (error: Error) => created?.(error, undefined as never)
    const proxy = this.#proxy
    const open = proxy.protocol === 'https:' ? httpsRequest : httpRequest
    const tunnel = open({
      ...addressOf(proxy),
      method: 'CONNECT',
      path: `${host}:${port}`,
      headers: { host: `${host}:${port}`, ...authorizationOf(proxy) },
      agent: false,
      timeout: patience,
      ...(this.options.ca ? { ca: this.options.ca } : {}),
    })
    tunnel.once('timeout', () => tunnel.destroy(Object.assign(new Error('the proxy is silent'), silent)))
    tunnel.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) {
        created?.(
          null,
          connectTls({
            ...(options as ConnectionOptions),
            host,
            port: Number(port),
            servername: host,
            socket,
          }),
        )
        return
      }
      socket.destroy()
      failed(refusedBy(proxy, statusCode))
    })
    // A proxy that answers CONNECT as any other request has refused it.
    tunnel.once('response', ({ statusCode }) => {
      tunnel.destroy()
      failed(refusedBy(proxy, statusCode))
    })
    tunnel.once('error', failed)
    tunnel.end()
    return undefined
  }
}

/** Reaches http hosts by asking a proxy for the whole URL. */
class ForwardAgent extends HttpAgent {
  readonly #proxy: URL
  readonly #bypasses: Bypass

  constructor(options: ConstructorParameters<typeof HttpAgent>[0], proxy: URL, bypasses: Bypass) {
    super(options)
    this.#proxy = proxy
    this.#bypasses = bypasses
  }

  override createConnection(options: ClientRequestArgs, created?: Created): Duplex | null | undefined {
    const [host, port] = [String(options.host ?? options.hostname), String(options.port ?? 80)]
    const direct = this.#bypasses(host, port)
    return super.createConnection(direct ? options : { ...options, ...addressOf(this.#proxy) }, created)
  }

  /** Node calls this with each request, before its head is written; its types leave it out. */
  addRequest(request: ClientRequest, options: ClientRequestArgs): void {
    const [host, port] = [String(options.host ?? options.hostname), String(options.port ?? 80)]
    if (!this.#bypasses(host, port)) {
      request.path = `http://${host}:${port}${request.path}`
      for (const [name, value] of Object.entries(authorizationOf(this.#proxy))) request.setHeader(name, value)
    }
    addRequest.call(this, request, options)
  }
}

const { addRequest } = HttpAgent.prototype as unknown as {
  addRequest(this: HttpAgent, request: ClientRequest, options: ClientRequestArgs): void
}

function addressOf({ hostname, port, protocol }: URL) {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'https:' ? 443 : 80)) }
}

function authorizationOf({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

function refusedBy({ host, protocol }: URL, status = 0): Error {
  const words = status === 407 ? 'asks for a name and password' : 'does not let it through'
  // ECONNREFUSED: nothing of the request has left, which is what counts.
  return Object.assign(new Error(`the proxy ${protocol}//${host} ${words} (${status})`), {
    code: 'ECONNREFUSED',
  })
}

function proxyOf(name: 'HTTPS_PROXY' | 'HTTP_PROXY', env: Env): URL | undefined {
  const text = env[name.toLowerCase()] || env[name]
  if (!text) return undefined
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  const proxy = URL.canParse(url) ? new URL(url) : undefined
  if (proxy && /^https?:$/.test(proxy.protocol) && proxy.hostname !== '') return proxy
  // Its value may hold a password, so it is not shown.
  throw new Problem('BAD_PROXY', `${name} is no address of a proxy.`, {
    why: 'It must be a URL that begins with http:// or https://, or a host and port.',
    fix: [`For example: ${name}=http://proxy.example.com:3128`],
    exit: exitCodes.badInput,
  })
}

type Bypass = (host: string, port: string) => boolean

/** What NO_PROXY leaves out: names with all below them, with a port where one is given; `*` is everything. */
function bypassOf(text: string): Bypass {
  const entries = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [])
  const all = text.split(/[\s,]+/).includes('*')
  return (host, port) => {
    const name = host.toLowerCase().replace(/^\[|\]$/g, '')
    if (all || /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(name)) return true
    return entries.some(
      ([, suffix = '', only]) =>
        suffix !== '' && (name === suffix || name.endsWith(`.${suffix}`)) && (!only || only === port),
    )
  }
}

function readBundle(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Problem('BAD_CA_BUNDLE', `AWS_CA_BUNDLE, ${JSON.stringify(path)}, cannot be read.`, {
      why: error instanceof Error ? error.message : String(error),
      fix: ['Correct the path, or unset AWS_CA_BUNDLE.'],
      exit: exitCodes.badInput,
      cause: error,
    })
  }
}
