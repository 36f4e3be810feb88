import { Problem } from '@mlflow-iam/core/problem'
import { expect, test } from 'vitest'
import { failureKind, isNotOffered, retryAfter } from './failure.ts'
import { redact } from './redact.ts'
import { type Doing, toProblem } from './refusals.ts'

function sdkError(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), {
    name,
    $metadata: { httpStatusCode: 400, requestId: '3f2a' },
    ...more,
  })
}

const cases: readonly {
  readonly title: string
  readonly error: Error
  readonly doing?: Doing
  readonly expected: object
}[] = [
  {
    title: 'an expired SSO session',
    error: sdkError(
      'CredentialsProviderError',
      'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.',
    ),
    doing: { profile: 'ml-prod-admin' },
    expected: {
      code: 'SIGN_IN_EXPIRED',
      exit: 5,
      what: 'Your AWS sign-in for profile ml-prod-admin has expired.',
      fix: ['aws sso login --profile ml-prod-admin'],
    },
  },
  {
    title: 'no credentials at all',
    error: sdkError('CredentialsProviderError', 'Could not load credentials from any providers'),
    expected: { code: 'NOT_SIGNED_IN', exit: 5, what: 'You are not signed in to AWS.' },
  },
  {
    title: 'an expired token',
    error: sdkError('ExpiredToken', 'The security token included in the request is expired'),
    expected: { code: 'SIGN_IN_EXPIRED', exit: 5 },
  },
  {
    title: 'a wrong key',
    error: sdkError('InvalidClientTokenId', 'The security token included in the request is invalid.'),
    expected: { code: 'NOT_SIGNED_IN', exit: 5 },
  },
  {
    title: 'a missing permission',
    error: sdkError(
      'AccessDenied',
      'User: arn:aws:sts::123456789012:assumed-role/Admin/ana is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ because no identity-based policy allows the iam:ListUsers action',
    ),
    doing: { words: 'list IAM users' },
    expected: {
      code: 'ACCESS_DENIED',
      exit: 6,
      what: 'assumed-role/Admin/ana may not list IAM users.',
      why: expect.stringContaining(
        'No policy of arn:aws:sts::123456789012:assumed-role/Admin/ana allows iam:ListUsers.',
      ),
    },
  },
  {
    title: 'an organisation that forbids it',
    error: sdkError(
      'AccessDeniedException',
      'User: arn:aws:iam::123456789012:user/ana is not authorized to perform: iam:AttachRolePolicy on resource: role ds-shared with an explicit deny in a service control policy',
    ),
    expected: {
      code: 'ACCESS_DENIED',
      exit: 6,
      why: expect.stringContaining(
        'A service control policy of the organisation denies iam:AttachRolePolicy.',
      ),
      fix: [expect.stringContaining('organisation administrator')],
    },
  },
  {
    title: 'a permissions boundary',
    error: sdkError(
      'AccessDenied',
      'User: arn:aws:iam::123456789012:user/ana is not authorized to perform: iam:CreatePolicy on resource: x because no permissions boundary allows the iam:CreatePolicy action',
    ),
    expected: { exit: 6, why: expect.stringContaining('permissions boundary') },
  },
  {
    title: 'a denial without text (SageMaker)',
    error: sdkError('AccessDeniedException', 'Access denied'),
    doing: { action: 'sagemaker:ListMlflowTrackingServers' },
    expected: { exit: 6, why: expect.stringContaining('sagemaker:ListMlflowTrackingServers') },
  },
  {
    title: 'a full quota, which is no throttle',
    error: sdkError('LimitExceededException', 'Cannot exceed quota for PoliciesPerUser: 10', {
      $retryable: { throttling: true },
    }),
    expected: { code: 'QUOTA_EXCEEDED' },
  },
  { title: 'a throttle', error: sdkError('Throttling', 'Rate exceeded'), expected: { code: 'THROTTLED' } },
  {
    title: 'a bad document',
    error: sdkError('MalformedPolicyDocumentException', 'Syntax errors in policy.'),
    expected: { code: 'MALFORMED_POLICY' },
  },
  {
    title: 'a taken name',
    error: sdkError('EntityAlreadyExistsException', 'x exists'),
    expected: { code: 'NAME_TAKEN' },
  },
  {
    title: 'a concurrent change',
    error: sdkError('ConcurrentModificationException', 'x'),
    expected: { code: 'CONCURRENT_CHANGE' },
  },
  {
    title: 'an endpoint where nothing listens',
    error: sdkError('Error', 'connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED', $metadata: {} }),
    doing: { endpoint: 'http://127.0.0.1:1' },
    expected: {
      code: 'ENDPOINT_UNREACHABLE',
      exit: 3,
      what: 'Could not reach the endpoint http://127.0.0.1:1.',
    },
  },
  {
    title: 'a name that does not resolve',
    error: sdkError('Error', 'getaddrinfo ENOTFOUND nosuch.invalid', { code: 'ENOTFOUND', $metadata: {} }),
    expected: { code: 'ENDPOINT_UNREACHABLE', why: expect.stringContaining('could not be looked up') },
  },
  {
    title: 'TLS that fails',
    error: sdkError('Error', 'self-signed certificate', {
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      $metadata: {},
    }),
    expected: { code: 'ENDPOINT_UNREACHABLE', why: expect.stringContaining('secure connection') },
  },
  {
    title: 'an endpoint that is silent',
    error: sdkError(
      'TimeoutError',
      '@smithy/node-http-handler - [ERROR] a request has exceeded the configured 20000 ms requestTimeout.',
      { code: 'ETIMEDOUT', $metadata: {} },
    ),
    expected: { code: 'NO_ANSWER' },
  },
  {
    title: 'a page of HTML',
    error: sdkError(
      'SyntaxError',
      'Unexpected token \'<\', "<html>" is not valid JSON\n  Deserialization error: to see the raw response, inspect …',
      { $metadata: { httpStatusCode: 200 } },
    ),
    expected: { code: 'UNREADABLE_ANSWER' },
  },
  { title: 'no region', error: new Error('Region is missing'), expected: { code: 'NO_REGION', exit: 3 } },
]

for (const { title, error, doing, expected } of cases) {
  test(`says what, why and fix for ${title}`, () => {
    const problem = toProblem(error, doing)
    expect(problem).toMatchObject(expected)
    expect(problem.fix.length).toBeGreaterThan(0)
    expect(problem.what).toMatch(/[.]$/)
  })
}

test('a Problem passes through as it is', () => {
  const problem = new Problem('X', 'x', { why: 'y', fix: ['z'], exit: 3 })
  expect(toProblem(problem)).toBe(problem)
})

test('a quota is never taken for a throttle, and HTML from an emulator is an operation that it does not offer', () => {
  expect(failureKind(sdkError('LimitExceededException', 'x', { $retryable: { throttling: true } }))).toBe(
    'refused',
  )
  expect(failureKind(sdkError('Whatever', 'x', { $metadata: { httpStatusCode: 429 } }))).toBe('throttled')
  const html = sdkError('Error', '@aws-sdk XML parse error: x', { $metadata: { httpStatusCode: 500 } })
  expect(failureKind(html)).toBe('unclear')
  expect(isNotOffered(html)).toBe(true)
  expect(isNotOffered(sdkError('ServiceFailure', 'x', { $metadata: { httpStatusCode: 500 } }))).toBe(false)
})

test('a wait that AWS asks for is read in both of its forms', () => {
  const hinted = (headers: object) => sdkError('Throttling', 'x', { $response: { headers } })
  expect(retryAfter(hinted({ 'Retry-After': '3' }), 0)).toBe(3000)
  expect(retryAfter(hinted({ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }), 4000)).toBe(6000)
  expect(retryAfter(hinted({ 'x-amz-retry-after': '250' }), 0)).toBe(250)
  expect(retryAfter(hinted({ 'retry-after': 'soon' }), 0)).toBeUndefined()
  expect(retryAfter(sdkError('Throttling', 'x'), 0)).toBeUndefined()
})

const secrets = [
  'AKIAIOSFODNN7EXAMPLE',
  'ASIAIOSFODNN7EXAMPLE',
  'https://ana:hunter2@proxy.example/x',
  'https://x/?X-Amz-Signature=abcdef0123456789&X-Amz-Security-Token=IQoJb3JpZ2luX2VjEHMaCXVzLWVhc3QtMSJ',
  'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=fe5f80f77d5fa3beca038a248ff027',
  '{"SecretAccessKey": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "SessionToken": "FwoGZXIvYXdzEXAMPLEEXAMPLEEXAMPLE"}',
  'aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY',
]
const giveaways =
  /IOSFODNN7|hunter2|abcdef0123456789|IQoJb3JpZ2luX2VjEHM|fe5f80f77d5f|wJalrXUtn|FwoGZXIvYXdzEXAMPLE/

for (const secret of secrets) {
  test(`takes secrets out of ${secret.slice(0, 24)}…`, () => {
    expect(redact(secret)).not.toMatch(giveaways)
    const problem = toProblem(sdkError('SignatureDoesNotMatch', `It does not match: ${secret}`), {
      endpoint: secret,
    })
    const whole = [
      problem.what,
      problem.why,
      ...problem.fix,
      String(problem.cause),
      (problem.cause as Error).stack,
    ].join()
    expect(whole).not.toMatch(giveaways)
    expect(problem.cause).not.toHaveProperty('$response')
  })
}
