import type { AccessRow } from '@mlflow-iam/core/evaluate/access'
import { expect, test } from 'vitest'
import { renderAccessMatrix } from '../src/output/access-matrix.ts'
import { renderTable } from '../src/output/table.ts'

const server = (name: string) => `arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/${name}`
function row(
  principal: string,
  name: string,
  allowed: readonly string[],
  more: Partial<AccessRow> = {},
): AccessRow {
  return {
    principal: `arn:aws:iam::123456789012:${principal}`,
    server: server(name),
    allowed,
    denied: [],
    depends: [],
    elsewhere: [],
    ...more,
  }
}

const rows = [
  row('user/ana', 'ml-dev', ['GetRun', 'LogMetric']),
  row('user/ana', 'ml-prod', ['GetRun'], {
    elsewhere: [{ policy: 'arn:aws:iam::123456789012:policy/Old', actions: ['GetRun'] }],
  }),
  row('role/ci', 'ml-dev', [], { depends: [{ action: 'GetRun', keys: ['aws:SourceVpc'] }] }),
]

test('principals stand against servers, in the words of personas', () => {
  expect(renderAccessMatrix(rows, { width: 80 })).toMatchInlineSnapshot(`
    "WHO       ml-dev     ml-prod
    user/ana  2 actions  1 action *
    role/ci   none ?     ·

    * all or part of it through policies that are not ours
    ? more under a condition that is not known here"
  `)
})

test('one server shows its principals against groups of actions', () => {
  expect(
    renderAccessMatrix(
      rows.filter((one) => one.server === server('ml-dev')),
      { width: 120 },
    ),
  ).toMatchInlineSnapshot(`
    "WHO       ACCESS     UI  Experiments  Runs  Logging  Logged models  Registry  Versions  Traces
    user/ana  2 actions  ·   ·            1/8   1/8      ·              ·         ·         ·
    role/ci   none       ·   ·            ?     ·        ·              ·         ·         ·

    ? more under a condition that is not known here"
  `)
})

test('one principal shows each action on each server', () => {
  const text = renderAccessMatrix(rows.slice(0, 2), { width: 80 })
  expect(text).toMatch(/LogMetric +yes +·/u)
  expect(text).toMatch(/GetRun +yes +elsewhere/u)
  expect(text.split('\n').length).toBeGreaterThan(61)
})

test('what is too wide becomes a list', () => {
  expect(renderAccessMatrix(rows, { width: 30 })).toContain('SERVER')
})

test('a name that is too long stands once, whole, above its rows; a role of Identity Center as its permission set', () => {
  const long = 'role/service-role/AmazonSageMaker-ExecutionRole-20250114T101522'
  const reserved = 'role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_MLAuditor_0123456789abcdef'
  const text = renderAccessMatrix(
    [row(long, 'ml-prod', ['GetRun']), row(long, 'ml-dev', ['GetRun']), row(reserved, 'ml-prod', ['GetRun'])],
    { width: 64 },
  )
  expect(text).toMatchInlineSnapshot(`
    "WHO                                           ml-dev    ml-prod
    role/service-role/AmazonSageMaker-ExecutionRole-20250114T101522
                                                  1 action  1 action
    permission-set/MLAuditor                      ·         1 action"
  `)
  const list = renderAccessMatrix(
    [row(long, 'ml-prod', ['GetRun']), row(long, 'ml-dev', ['GetRun']), row(reserved, 'ml-prod', ['GetRun'])],
    { width: 40 },
  )
  expect(list.split(`\n${long}\n`)).toHaveLength(2)
  expect(list.indexOf('ml-dev')).toBeLessThan(list.indexOf('ml-prod'))
})

test('servers of one name are told apart by what differs', () => {
  const twins = [
    row('user/ana', 'ml-prod', ['GetRun']),
    row('user/ana', 'ml-dev', ['GetRun']),
    row('user/ben', 'ml-prod', ['GetRun'], {
      server: server('ml-prod').replace('123456789012', '210987654321'),
    }),
    row('user/ben', 'ml-dev', ['GetRun'], { server: server('ml-dev').replace('eu-west-1', 'us-east-1') }),
  ]
  const head = renderAccessMatrix(twins, { width: 160 }).split('\n')[0]
  expect(head?.split(/ {2,}/)).toEqual([
    'WHO',
    'ml-dev (eu-west-1)',
    'ml-prod (123456789012)',
    'ml-prod (210987654321)',
    'ml-dev (us-east-1)',
  ])
})

test('a list keeps a column of sentences readable beside long names', () => {
  const lines = renderTable(
    [{ title: 'ACTION', shrinks: true }, { title: 'GROUP' }, { title: 'LETS SOMEONE', wraps: true }],
    [
      [
        'sagemaker:CreatePresignedMlflowTrackingServerUrl',
        'Tracking servers',
        'make a link that opens the UI',
      ],
      ['GetRun', 'Runs', 'read one run with its metrics'],
    ],
    64,
  )
  expect(lines.filter((line) => line.length > 64)).toEqual([])
  expect(lines[1]).toBe('sagemaker:CreatePresignedMlflowTrackingServerUrl')
  expect(lines.join('\n')).toContain('make a link that opens')
})
