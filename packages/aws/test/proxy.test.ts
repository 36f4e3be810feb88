import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect as connectSocket, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect } from '../src/connection.ts'
import { observeIdentity } from '../src/observe/observe-account.ts'
import { agentsFor } from '../src/proxy.ts'
import { makeCertificate } from './make-certificate.ts'
import { freshFolder } from './scenario.ts'

const folder = freshFolder()
const answer =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ana</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'

/** What the proxy was asked for, in order. */
let asked: string[] = []
let password: string | undefined
let plainPort = 0
let securePort = 0
let proxyPort = 0
const servers: Server[] = []

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    servers.push(server)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

/** A proxy as companies run one: it knows every name of example.test, and leads it to this machine. */
function createProxy(): Server {
  const mayPass = (given: string | undefined) =>
    password === undefined || given === `Basic ${Buffer.from(password).toString('base64')}`
  const proxy = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    if (!mayPass(incoming.headers['proxy-authorization'])) {
      outgoing.writeHead(407).end()
      return
    }
    const url = new URL(incoming.url ?? '')
    const { method, headers } = incoming
    const onward = request(
      { host: '127.0.0.1', port: url.port, path: url.pathname, method, headers },
      (reply) => {
        outgoing.writeHead(reply.statusCode ?? 500, reply.headers)
        reply.pipe(outgoing)
      },
    )
    incoming.pipe(onward)
  })
  proxy.on('connect', (incoming, socket, head) => {
    asked.push(`CONNECT ${incoming.url}`)
    if (!mayPass(incoming.headers['proxy-authorization'])) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const onward = connectSocket(Number(incoming.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  return proxy
}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  const answering = (_: unknown, response: { writeHead: CallableFunction; end: CallableFunction }) => {
    response.writeHead(200, { 'content-type': 'text/xml' })
    response.end(answer)
  }
  plainPort = await listen(createServer(answering))
  proxyPort = await listen(createProxy())
  const { key, certificate } = makeCertificate(['sts.example.test'])
  writeFileSync(join(folder, 'ca.pem'), certificate)
  securePort = await listen(createSecureServer({ key, cert: certificate }, answering))
})
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  asked = []
  password = undefined
})

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' }

/** Who is signed in, asked of this endpoint with these variables. */
async function ask(endpointUrl: string, env: Readonly<Record<string, string>>): Promise<string> {
  const connection = connect({
    endpointUrl,
    region: 'eu-west-1',
    credentials,
    env,
    timeouts: { connect: 20_000 },
  })
  try {
    return (await observeIdentity(connection)).account
  } finally {
    connection.close()
  }
}

const bundle = () => ({ AWS_CA_BUNDLE: join(folder, 'ca.pem') })
const proxied = () => ({ HTTPS_PROXY: `http://127.0.0.1:${proxyPort}` })

test('https goes through the tunnel of HTTPS_PROXY, and AWS_CA_BUNDLE says whom to trust', async () => {
  const url = `https://sts.example.test:${securePort}`
  expect(await ask(url, { ...proxied(), ...bundle() })).toBe('123456789012')
  expect(asked).toEqual([`CONNECT sts.example.test:${securePort}`])
  // Without the bundle the certificate is nobody's.
  await expect(ask(url, proxied())).rejects.toMatchObject({
    code: 'ENDPOINT_UNREACHABLE',
    exit: 3,
    why: expect.stringContaining('secure connection could not be made'),
  })
})

test('AWS_CA_BUNDLE counts without a proxy too', async () => {
  expect(await ask(`https://127.0.0.1:${securePort}`, bundle())).toBe('123456789012')
  await expect(ask(`https://127.0.0.1:${securePort}`, {})).rejects.toMatchObject({ exit: 3 })
  expect(asked).toEqual([])
})

test('a name and password go to the proxy, and into no message', async () => {
  password = 'ana:se/cret'
  const url = `https://sts.example.test:${securePort}`
  const withPassword = { ...bundle(), https_proxy: `http://ana:se%2Fcret@127.0.0.1:${proxyPort}` }
  expect(await ask(url, withPassword)).toBe('123456789012')
  const wrong = { ...bundle(), https_proxy: `http://ana:wrong@127.0.0.1:${proxyPort}` }
  const error = await ask(url, wrong).catch((problem) => problem)
  expect(error).toMatchObject({ code: 'ENDPOINT_UNREACHABLE', exit: 3 })
  expect(error.why).toContain('asks for a name and password (407)')
  expect(JSON.stringify([error, error.message, error.why, error.fix])).not.toMatch(/wrong|se%2Fcret/)
})

test('http goes to HTTP_PROXY with its whole address', async () => {
  const url = `http://sts.example.test:${plainPort}`
  expect(await ask(url, { HTTP_PROXY: `127.0.0.1:${proxyPort}` })).toBe('123456789012')
  expect(asked).toEqual([`POST http://sts.example.test:${plainPort}/`])
})

test('a proxy that is not there is said, and nothing is sent past it', async () => {
  const free = await listen(createServer())
  servers.pop()?.close()
  await expect(
    ask(`https://sts.example.test`, { HTTPS_PROXY: `http://127.0.0.1:${free}` }),
  ).rejects.toMatchObject({ code: 'ENDPOINT_UNREACHABLE', exit: 3 })
})

test('NO_PROXY and loopback addresses are reached without it', async () => {
  const env = { HTTP_PROXY: `http://127.0.0.1:${proxyPort}` }
  expect(await ask(`http://127.0.0.1:${plainPort}`, env)).toBe('123456789012')
  expect(await ask(`http://localhost:${plainPort}`, env)).toBe('123456789012')
  for (const NO_PROXY of ['example.test', '.example.test', '*.example.test', 'a, sts.example.test', '*']) {
    // The name leads nowhere without the proxy.
    await expect(ask(`http://sts.example.test:${plainPort}`, { ...env, NO_PROXY })).rejects.toMatchObject({
      code: 'ENDPOINT_UNREACHABLE',
    })
  }
  expect(asked).toEqual([])
  for (const NO_PROXY of ['test.example', 'ample.test', 'sts.example.test:1', ',']) {
    expect(await ask(`http://sts.example.test:${plainPort}`, { ...env, NO_PROXY })).toBe('123456789012')
  }
  expect(asked).toHaveLength(4)
})

test('nothing set is nothing changed; what is wrong is said before anything is sent', () => {
  expect(agentsFor({})).toBeUndefined()
  expect(agentsFor({ NO_PROXY: '*', HTTPS_PROXY: '' })).toBeUndefined()
  for (const HTTPS_PROXY of ['socks5://ana:secret@proxy', 'http://', 'http://a b']) {
    expect(() => agentsFor({ HTTPS_PROXY })).toThrow('HTTPS_PROXY is no address of a proxy.')
  }
  expect(() => agentsFor({ AWS_CA_BUNDLE: join(folder, 'none.pem') })).toThrow('cannot be read')
})

test('signing in by a role goes the same way', async () => {
  const config = join(folder, 'config')
  writeFileSync(
    config,
    `[profile far]
role_arn = arn:aws:iam::123456789012:role/far
source_profile = near
[profile near]
aws_access_key_id = NEAR
aws_secret_access_key = x
`,
  )
  const before = { ...process.env }
  const env = {
    HTTP_PROXY: `http://127.0.0.1:${proxyPort}`,
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: config,
    AWS_ENDPOINT_URL: `http://sts.example.test:${plainPort}`,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  Object.assign(process.env, env)
  try {
    // This endpoint answers AssumeRole with no credentials: what matters is by which way it was asked.
    await expect(observeIdentity(connect({ profile: 'far', region: 'eu-west-1' }))).rejects.toBeDefined()
    expect(asked[0]).toBe(`POST http://sts.example.test:${plainPort}/`)
  } finally {
    for (const name of Object.keys(env)) delete process.env[name]
    Object.assign(process.env, before)
  }
})
