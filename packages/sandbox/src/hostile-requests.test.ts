import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSandbox } from './sandbox.ts'
import { services } from './services.ts'
import type { WireRequest } from './wire/message.ts'

const operations = services.flatMap((service) =>
  Object.entries(service.operations).map(([action, { rules }]) => ({
    service,
    action,
    members: Object.keys(rules),
  })),
)
const names = [
  'ana',
  'Admin',
  'ml-reviewers',
  'ml-prod',
  'd-abc123',
  'v1',
  '__proto__',
  'constructor',
  '',
  '\u0000',
  'x'.repeat(300),
]
const arns = [
  'arn:aws:iam::123456789012:policy/LegacyMLAccess',
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  'arn:aws:iam::123456789012:role/Admin',
  'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-ABC123',
  'arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6',
]
const documents = [
  '{}',
  '{"Version":"2012-10-17","Statement":[]}',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
]
const scalar = fc.oneof(
  fc.constantFrom(...names, ...arns, ...documents),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.integer().map(String),
)

function signedFor(service: string): Record<string, string> {
  return { authorization: `AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/${service}/aws4_request` }
}

/** Any operation, its own members, any values: text where text belongs and everything else where it does not. */
const request: fc.Arbitrary<WireRequest> = fc
  .constantFrom(...operations)
  .chain(({ service, action, members }) => {
    const member = fc.constantFrom(...(members.length > 0 ? members : ['Any']), '__proto__', 'toString')
    const headers = signedFor(service.signingNames[0] ?? '')
    if (service.protocol === 'json') {
      const value = fc.oneof(scalar, fc.jsonValue({ maxDepth: 3 }))
      return fc.dictionary(member, value, { maxKeys: 6 }).map((body) => ({
        method: 'POST',
        path: '/',
        headers: { ...headers, 'x-amz-target': `${service.version}.${action}` },
        body: JSON.stringify(body),
      }))
    }
    const tail = fc.constantFrom('', '.member.1', '.member.1.Key', '.member.0', '.member.x', '.entry.1.key')
    return fc.array(fc.tuple(member, tail, scalar), { maxLength: 6 }).map((fields) => ({
      method: 'POST',
      path: '/',
      headers,
      body: String(
        new URLSearchParams([
          ['Action', action],
          ['Version', service.version],
          ...fields.map(([name, end, value]): [string, string] => [name + end, value]),
        ]),
      ),
    }))
  })

test('no request whatever makes the account stumble', async () => {
  const sandbox = createSandbox()
  await fc.assert(
    fc.asyncProperty(request, async (each) => {
      const { status, body } = await sandbox.handle(each)
      expect([200, 400, 403, 404, 409]).toContain(status)
      if (status !== 200) expect(body).toMatch(/<Code>\w+<\/Code>|"__type":"\w+"/)
    }),
    { numRuns: 1500 },
  )
})

test('bytes that are no request at all are refused in words', async () => {
  const sandbox = createSandbox()
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(
        {},
        { 'x-amz-target': 'SageMaker.ListDomains' },
        { 'X-Amz-Target': '.' },
        { authorization: 'x' },
      ),
      async (body, headers) => {
        const { status } = await sandbox.handle({ method: 'POST', path: '/?%', headers, body })
        expect([400, 403]).toContain(status)
      },
    ),
    { numRuns: 300 },
  )
})
