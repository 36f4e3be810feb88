import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Described, describeTarget } from '../../../test/plans/described.ts'
import { planArbitrary } from '../../../test/plans/generate-plan.ts'
import {
  planForEmptyAccount,
  policyDocument,
  principal,
  targetPolicy,
  targetRole,
} from '../../../test/plans/make-plan.ts'
import { testWith } from '../../../test/tools/require-tool.ts'
import type { Plan } from '../../plan/plan.ts'
import { cloudformationExporter, stacksetExporter } from './cloudformation-exporter.ts'

const options = { json: false, readme: true, toolVersion: '0.0.0' }
const folder = mkdtempSync(join(tmpdir(), 'mlflow-iam-cfn-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Json = Record<string, unknown>

/** What CloudFormation makes of a template with the defaults of its parameters, in one region. */
function resolve(template: Json, region: string, account = '123456789012'): Described {
  const parameters = Object.fromEntries(
    Object.entries((template.Parameters ?? {}) as Record<string, Json>).map(([name, { Default }]) => [
      name,
      Default,
    ]),
  )
  const known: Json = {
    ...parameters,
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
  }
  const conditions = (template.Conditions ?? {}) as Json
  const resources = template.Resources as Record<string, Json>
  const evaluate = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(evaluate)
    if (typeof value !== 'object' || value === null) return value
    const [[name, input] = ['', undefined], ...more] = Object.entries(value)
    if (more.length === 0) {
      if (name === 'Ref') return known[input] ?? evaluate((resources[input]?.Properties as Json)?.RoleName)
      if (name === 'Fn::Sub') {
        return String(input).replace(/\$\{(!?)([^}]*)\}/g, (_, literal, key) =>
          literal ? `\${${key}}` : String(known[key]),
        )
      }
      if (name === 'Fn::If') return evaluate(evaluate(conditions[input[0]]) ? input[1] : input[2])
      if (name === 'Fn::Not') return !evaluate(input[0])
      if (name === 'Fn::Equals') return evaluate(input[0]) === evaluate(input[1])
      if (name === 'Fn::Split') return String(evaluate(input[1])).split(input[0])
    }
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, evaluate(member)]))
  }
  const made = Object.values(resources)
    .filter(({ Condition }) => Condition === undefined || evaluate(conditions[String(Condition)]))
    .map(({ Type, Properties }) => ({ Type, properties: evaluate(Properties ?? {}) as Json }))
  const policies = made.filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy').map((one) => one.properties)
  const roles = made.filter(({ Type }) => Type === 'AWS::IAM::Role').map((one) => one.properties)
  const arn = (kind: string, path: unknown, name: unknown) => `arn:aws:iam::${account}:${kind}${path}${name}`
  const arnOf = (policy: Json) => arn('policy', policy.Path, policy.ManagedPolicyName)
  return {
    policies: Object.fromEntries(policies.map((one) => [arnOf(one), { document: one.PolicyDocument }])),
    roles: Object.fromEntries(
      roles.map((one) => {
        const tags = Object.fromEntries((one.Tags as Json[]).map(({ Key, Value }) => [Key, Value]))
        return [arn('role', one.Path, one.RoleName), { trust: one.AssumeRolePolicyDocument, tags }]
      }),
    ),
    attachments: policies
      .flatMap((one) =>
        (['user', 'group', 'role'] as const).flatMap((kind) => {
          const names = (one[`${kind.charAt(0).toUpperCase()}${kind.slice(1)}s`] ?? []) as string[]
          return names.map((name) => `${arn(kind, '/', name)} ${arnOf(one)}`)
        }),
      )
      .sort(),
  }
}

/** YAML as CloudFormation reads it: version 1.1, with its own tags. */
function readYaml(text: string): Json {
  const tag = (name: string, long: string) => [
    { tag: `!${name}`, resolve: (value: string) => ({ [long]: value }) },
    {
      tag: `!${name}`,
      collection: 'seq' as const,
      resolve: (seq: { toJSON(): unknown }) => ({ [long]: seq.toJSON() }),
    },
  ]
  const customTags = [
    ...tag('Ref', 'Ref'),
    ...['Sub', 'If', 'Not', 'Equals', 'Split', 'GetAtt'].flatMap((name) => tag(name, `Fn::${name}`)),
  ]
  return parse(text, { version: '1.1', customTags: customTags as never })
}

function textOf(exporter: typeof cloudformationExporter, plan: Plan, json: boolean): string {
  return exporter.render(plan, { ...options, json })[0]?.text ?? ''
}

test('with its defaults the template says what the plan says, in JSON and in YAML', () => {
  fc.assert(
    fc.property(planArbitrary, (plan) => {
      const json = JSON.parse(textOf(cloudformationExporter, plan, true))
      expect(resolve(json, 'us-east-1')).toEqual(describeTarget(plan, { tags: false }))
    }),
    { numRuns: 150 },
  )
})

test('a stack set makes everything in its home region and nothing elsewhere', () => {
  fc.assert(
    fc.property(planArbitrary, (plan) => {
      const json = JSON.parse(textOf(stacksetExporter, plan, true))
      expect(resolve(json, plan.region)).toEqual(describeTarget(plan, { tags: false }))
      expect(resolve(json, 'us-west-2')).toEqual({ policies: {}, roles: {}, attachments: [] })
    }),
    { numRuns: 60 },
  )
})

const policies = [
  targetPolicy('mlflow-iam-viewer-1a2b3c4d', policyDocument(['GetRun', 'SearchRuns'])),
  targetPolicy('mlflow-iam-custom-5e6f7a8b', {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: 'arn:aws:s3:::ml-dev-mlflow/${aws:username}/*',
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: 'arn:aws:iam::123456789012:role/mlflow-tracking-server',
        Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      },
    ],
  }),
] as const
const plan = planForEmptyAccount(
  policies,
  [targetRole('mlflow-tracking-server')],
  [
    { principal: principal('user', 'ana'), policy: policies[0] },
    { principal: principal('group', 'ml-reviewers'), policy: policies[0] },
    { principal: principal('role', 'mlflow-tracking-server'), policy: policies[1] },
    { principal: principal('user', 'ana'), policy: policies[1] },
  ],
)

test('in another account the template names that account, and keeps policy variables', () => {
  const json = JSON.parse(textOf(cloudformationExporter, plan, true))
  const text = JSON.stringify(resolve(json, 'eu-west-1', '210987654321'))
  expect(text).not.toContain('123456789012')
  expect(text).toContain('ml-dev-mlflow/${aws:username}/*')
})

test('YAML and JSON are the same template', () => {
  for (const exporter of [cloudformationExporter, stacksetExporter]) {
    const json = JSON.parse(textOf(exporter, plan, true))
    const yaml = readYaml(textOf(exporter, plan, false))
    expect(resolve(yaml, 'eu-west-1')).toEqual(resolve(json, 'eu-west-1'))
    expect(yaml.Parameters).toEqual(json.Parameters)
  }
})

test('every parameter has a default, and a pattern that lets no wildcard into a document', () => {
  const { Parameters } = JSON.parse(textOf(stacksetExporter, plan, true)) as {
    Parameters: Record<string, Json>
  }
  for (const parameter of Object.values(Parameters)) {
    expect(parameter.Default).toBeDefined()
    const pattern = new RegExp(`^(?:${parameter.AllowedPattern})$`)
    expect(pattern.test(String(parameter.Default))).toBe(true)
    expect(pattern.test('*')).toBe(false)
  }
})

test('more than CloudFormation takes is refused in words', () => {
  const many = Array.from({ length: 501 }, (_, index) =>
    targetPolicy(`p${index}`, policyDocument(['GetRun'])),
  )
  expect(() => textOf(cloudformationExporter, planForEmptyAccount(many, [], []), false)).toThrow(
    /one template/i,
  )
})

testWith('cfn-lint')(
  'cfn-lint has nothing to say',
  () => {
    const files = Object.entries({ cloudformationExporter, stacksetExporter }).flatMap(([name, exporter]) =>
      [true, false].map((json) => {
        const path = join(folder, `${name}.${json ? 'json' : 'yaml'}`)
        writeFileSync(path, textOf(exporter, plan, json))
        return path
      }),
    )
    const { stdout, status } = spawnSync('cfn-lint', ['--include-checks', 'I', '--', ...files], {
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  },
  120_000,
)
