import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WireRequest, WireResponse } from './wire/message.ts'
import { largestBody } from './wire/read-call.ts'
import { ConnectionDropped } from './wire/refusal.ts'

export interface ServedSandbox {
  /** What to hand to `--endpoint-url`: `http://127.0.0.1:43210`. */
  readonly url: string
  readonly port: number
  /** Stops listening and cuts the connections that are left. */
  close(): Promise<void>
}

export interface ServeOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
}

/** Puts a sandbox on a loopback port, for the AWS CLI and for programs in other languages. */
export async function serveSandbox(
  sandbox: { handle(request: WireRequest): Promise<WireResponse> },
  options: ServeOptions = {},
): Promise<ServedSandbox> {
  const server = createServer((request, response) => {
    answer(sandbox, request, response).catch(() => response.destroy())
  })
  // A client that is slow to send gets this long, and no longer.
  server.headersTimeout = 10_000
  server.requestTimeout = 30_000
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  sandbox: { handle(request: WireRequest): Promise<WireResponse> },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming)
  if (body === undefined) {
    outgoing.writeHead(413, { connection: 'close' }).end('Request size must be smaller than 1 MiB.')
    return
  }
  try {
    const {
      status,
      headers,
      body: text,
    } = await sandbox.handle({
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: incoming.headers,
      body,
    })
    outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text)
  } catch (error) {
    if (error instanceof ConnectionDropped) {
      incoming.socket.destroy()
      return
    }
    const said =
      '<ErrorResponse><Error><Type>Receiver</Type><Code>InternalFailure</Code></Error></ErrorResponse>'
    outgoing.writeHead(500, { 'content-type': 'text/xml' }).end(said)
  }
}

/** The body, or undefined where it is larger than the account reads; the rest is then thrown away. */
async function readBody(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size <= largestBody) chunks.push(chunk)
    else if (size > 16 * largestBody) {
      incoming.socket.destroy()
      break
    }
  }
  return size > largestBody ? undefined : Buffer.concat(chunks)
}
