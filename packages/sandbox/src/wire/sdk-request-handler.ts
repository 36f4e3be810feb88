import { Readable } from 'node:stream'
import type { WireRequest, WireResponse } from './message.ts'

/** What a client of the AWS SDK hands to its request handler. */
export interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query?: WireRequest['query']
  readonly headers: Record<string, string>
  readonly body?: unknown
}

/** The shape that the AWS SDK wants for `requestHandler`: no socket, the same bytes. */
export interface SdkRequestHandler {
  readonly metadata: { readonly handlerProtocol: string }
  handle(request: SdkRequest, options?: { readonly abortSignal?: unknown }): Promise<SdkResponse>
  destroy(): void
  updateHttpClientConfig(): void
  httpHandlerConfigs(): object
}

export interface SdkResponse {
  readonly response: { statusCode: number; headers: Record<string, string>; body: Readable }
}

/** Makes an HTTP function a request handler of the AWS SDK. */
export function sdkRequestHandler(
  answer: (request: WireRequest) => Promise<WireResponse>,
): SdkRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle({ method, path, query, headers, body }, options = {}) {
      throwIfAborted(options.abortSignal)
      const { status, ...response } = await answer({
        method,
        path,
        headers,
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body: await bodyOf(body) }),
      })
      throwIfAborted(options.abortSignal)
      return {
        response: {
          statusCode: status,
          headers: { ...response.headers },
          body: Readable.from([Buffer.from(response.body)]),
        },
      }
    },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
}

async function bodyOf(body: unknown): Promise<string | Uint8Array> {
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  const chunks: Uint8Array[] = []
  for await (const chunk of body as AsyncIterable<Uint8Array | string>)
    chunks.push(Buffer.from(chunk as string))
  return Buffer.concat(chunks)
}

function throwIfAborted(signal: unknown): void {
  if (typeof signal === 'object' && signal !== null && (signal as { aborted?: boolean }).aborted === true) {
    throw Object.assign(new Error('Request aborted'), { name: 'AbortError' })
  }
}
