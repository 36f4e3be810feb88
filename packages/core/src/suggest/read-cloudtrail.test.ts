import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTrailReader, type TrailUsage } from './read-cloudtrail.ts'

const server = 'arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml-prod'
const role = 'arn:aws:iam::123456789012:role/teams/ml/trainer'
const session = {
  type: 'AssumedRole',
  arn: 'arn:aws:sts::123456789012:assumed-role/trainer/ana',
  sessionContext: { sessionIssuer: { type: 'Role', arn: role, userName: 'trainer' } },
}

interface Parts {
  readonly name?: string
  readonly time?: string
  readonly error?: string
  readonly who?: object
  readonly source?: string
}

function record({
  name = 'MlflowCreateRun',
  time = '2026-09-01T10:00:00Z',
  error,
  who = session,
  source,
}: Parts = {}) {
  return {
    eventVersion: '1.11',
    userIdentity: who,
    eventTime: time,
    eventSource: source ?? 'sagemaker.amazonaws.com',
    eventName: name,
    awsRegion: 'eu-west-1',
    requestParameters: { note: 'braces } ] and "quotes" \\ in text {[' },
    ...(error && { errorCode: error, errorMessage: 'no' }),
    resources: [{ accountId: '123456789012', type: 'AWS::SageMaker::MlflowTrackingServer', ARN: server }],
    managementEvent: false,
    eventCategory: 'Data',
  }
}

function read(...files: readonly string[]): TrailUsage {
  const reader = createTrailReader()
  for (const file of files) {
    reader.push(file)
    reader.endFile()
  }
  return reader.usage()
}

const records = [
  record(),
  record({ time: '2026-09-03T10:00:00Z' }),
  record({ name: 'MlflowLogMetric', time: '2026-09-02T10:00:00Z', source: 'sagemaker-mlflow.amazonaws.com' }),
  record({ name: 'MlflowDeleteRun', error: 'AccessDeniedException' }),
  record({ name: 'MlflowGetRun', error: 'ResourceNotFoundException' }),
  record({ name: 'CreateMlflowTrackingServer' }),
  record({ name: 'MlflowCreateRun', source: 'example.amazonaws.com' }),
  { eventName: 'ListBuckets', eventSource: 's3.amazonaws.com' },
]

const expected = [
  {
    principal: role,
    server,
    used: [
      { action: 'CreateRun', count: 2, last: '2026-09-03T10:00:00Z' },
      { action: 'GetRun', count: 1, last: '2026-09-01T10:00:00Z' },
      { action: 'LogMetric', count: 1, last: '2026-09-02T10:00:00Z' },
    ],
    denied: [{ action: 'DeleteRun', count: 1, last: '2026-09-01T10:00:00Z' }],
  },
]

const text = (value: unknown) => JSON.stringify(value)
const layouts: readonly (readonly [string, string])[] = [
  ['a file of a trail', text({ Records: records })],
  ['a file of a trail, indented', JSON.stringify({ Records: records }, null, 2)],
  ['one record a line', records.map(text).join('\n')],
  ['one record a line, with Windows line ends', records.map(text).join('\r\n')],
  ['a plain list', text(records)],
  ['a plain list, indented', JSON.stringify(records, null, 1)],
  ['several files one after the other', records.map((entry) => text({ Records: [entry] })).join('\n')],
  ['a lake export', records.map((entry) => text({ eventData: text(entry) })).join('\n')],
  [
    'lake query results',
    text({
      QueryStatus: 'FINISHED',
      QueryStatistics: { a: [1] },
      QueryResultRows: records.map((entry) => [{ eventJson: text(entry) }]),
      NextToken: 'a{"',
    }),
  ],
  [
    'lookup-events',
    text({ Events: records.map((entry) => ({ EventId: '1', CloudTrailEvent: text(entry) })) }),
  ],
  [
    'CloudWatch log events',
    text({ logEvents: records.map((entry) => ({ timestamp: 1, message: text(entry) })) }),
  ],
  ['EventBridge events', records.map((entry) => text({ version: '0', detail: entry })).join('\n')],
]

test.each(layouts)('%s gives what each principal used, was denied, and when last', (_, file) => {
  const usage = read(file)
  expect(usage.rows).toEqual(expected)
  expect(usage).toMatchObject({
    events: 5,
    broken: 0,
    from: '2026-09-01T10:00:00Z',
    until: '2026-09-03T10:00:00Z',
  })
})

test('text cut into any chunks gives the same', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...layouts),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      ([, file], sizes) => {
        const reader = createTrailReader()
        for (let at = 0, turn = 0; at < file.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          reader.push(file.slice(at, at + size))
          at += size
        }
        reader.endFile()
        expect(reader.usage().rows).toEqual(expected)
      },
    ),
    { numRuns: 60 },
  )
})

test('text that comes one character at a time gives the same', () => {
  const reader = createTrailReader()
  for (const sign of text({ Records: records })) reader.push(sign)
  reader.endFile()
  expect(reader.usage().rows).toEqual(expected)
})

test('users, sessions without an issuer and strangers are told apart', () => {
  const usage = read(
    text({
      Records: [
        record({ who: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/ana' } }),
        record({ who: { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/ci/i-1' } }),
        record({ who: { type: 'AWSService', invokedBy: 'x' } }),
      ],
    }),
  )
  expect(usage.rows.map((row) => row.principal)).toEqual([
    'arn:aws:iam::123456789012:role/ci',
    'arn:aws:iam::123456789012:user/ana',
    'unknown',
  ])
})

test('a server is found in the request where resources do not name it', () => {
  const { resources, ...rest } = record()
  const usage = read(
    text({ ...rest, requestParameters: { headers: { 'x-mlflow-sm-tracking-server-arn': server } } }),
  )
  expect(usage.rows[0]?.server).toBe(server)
  expect(read(text(rest)).rows[0]?.server).toBe('unknown')
  expect(resources).toHaveLength(1)
})

test('an event of an action that the catalogue does not know is named, not dropped', () => {
  const usage = read(text(record({ name: 'MlflowInventedTomorrow' })))
  expect(usage.unknownActions).toEqual(['InventedTomorrow'])
  expect(usage.rows).toEqual([])
})

test('broken records are counted and cost only themselves', () => {
  const lines = records.map(text)
  const cut = text(record()).slice(0, 200)
  const usage = read([lines[0], cut, ...lines.slice(1), 'no JSON at all', '{"Mlflow": nonsense}'].join('\n'))
  expect(usage.rows).toEqual(expected)
  expect(usage.broken).toBe(2)
})

test.each([
  '',
  '{',
  '}}}}',
  ']]][[[',
  '"',
  '\\"',
  '{"Records":',
  '[{}]',
  'null',
  '{"a":'.repeat(50_000),
  `{"x":"${'y'.repeat(5_000_000)}"}`,
])('hostile text is read calmly (%#)', (file) => {
  const usage = read(file, text({ Records: records }))
  expect(usage.rows).toEqual(expected)
})

test('ten thousand records of one principal and server make one row', () => {
  const reader = createTrailReader()
  const chunk = `${text({ Records: Array.from({ length: 200 }, () => record({ name: 'MlflowLogBatch' })) })}\n`
  for (let turn = 0; turn < 50; turn++) reader.push(chunk)
  reader.endFile()
  const usage = reader.usage()
  expect(usage.records).toBe(10_000)
  expect(usage.rows).toHaveLength(1)
  expect(usage.rows[0]?.used).toEqual([{ action: 'LogBatch', count: 10_000, last: '2026-09-01T10:00:00Z' }])
})
