import { describe, expect, test } from 'vitest'
import { issueLines } from '../../test/issue-lines.ts'
import { Problem } from '../problem.ts'
import accepted from './cases/accepted.json' with { type: 'json' }
import refused from './cases/refused.json' with { type: 'json' }
import { parseGrants } from './parse-grants.ts'

/** The lines for standard error, or none for a file that is fine. */
function errorsOf(text: string): readonly string[] {
  try {
    parseGrants(text, 'g.yaml')
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    expect(error.code).toBe('INVALID_GRANTS_FILE')
    expect(error.exit).toBe(3)
    return issueLines(error.errors ?? [])
      .trimEnd()
      .split('\n')
  }
}

describe('refuses, with line and column, what, why and fix:', () => {
  test.each(refused)('$name', ({ text, errors }) => {
    expect(errorsOf(`${text.join('\n')}\n`)).toEqual(errors)
  })
})

describe('accepts:', () => {
  test.each(accepted)('$name', ({ text }) => {
    expect(errorsOf(`${text.join('\n')}\n`)).toEqual([])
  })
})

const example = `version: 1
name: ml-platform
account: "123456789012"
region: eu-west-1
servers:
  ml-prod: {}
  ml-dev: { region: us-east-1, artifacts: s3://ml-dev-mlflow/experiments, kms: [] }
  staging: { tag: { env: staging } }
roles:
  sagemaker: { name: mlflow-sagemaker, passes: [mlflow-tracking-server] }
personas:
  labeller: { extends: viewer, add: [sagemaker-mlflow:SetTag], title: Labels runs }
grants:
  - to: [role/teams/ml/trainer, "arn:aws:iam::123456789012:user/x/ana"]
    persona: labeller
    add: [DeleteRun]
    until: 2027-03-31
  - to: profile/d-abc123/ben
    persona: [viewer, model-consumer]
    on: ml-prod
    when: { mfa: true, ip: [203.0.113.0/24, 198.51.100.7, "2001:db8::1"], vpce: [], vpc: [], session-tags: {} }
    policy-name: MLflowPolicy
`

test('writes out every shorthand of the file', () => {
  const { locate: _, ...file } = parseGrants(example, 'grants.yaml')
  const trust = { sourceAccount: false }
  expect(file).toEqual({
    version: 1,
    name: 'ml-platform',
    account: '123456789012',
    partition: 'aws',
    region: 'eu-west-1',
    servers: [
      { key: 'ml-prod', kind: 'name', kms: [], planned: false },
      {
        key: 'ml-dev',
        kind: 'name',
        region: 'us-east-1',
        artifacts: 's3://ml-dev-mlflow/experiments',
        kms: [],
        planned: false,
      },
      { key: 'staging', kind: 'tag', tags: { env: 'staging' }, kms: [] },
    ],
    roles: {
      sagemaker: {
        name: 'mlflow-sagemaker',
        policy: 'narrow',
        existing: false,
        trust,
        passes: ['mlflow-tracking-server'],
      },
    },
    personas: [{ name: 'labeller', extends: ['viewer'], add: ['SetTag'], remove: [], title: 'Labels runs' }],
    grants: [
      {
        index: 0,
        to: [
          { kind: 'role', name: 'trainer', path: '/teams/ml/', text: 'role/teams/ml/trainer' },
          {
            kind: 'user',
            name: 'ana',
            path: '/x/',
            arn: 'arn:aws:iam::123456789012:user/x/ana',
            text: 'arn:aws:iam::123456789012:user/x/ana',
          },
        ],
        personas: ['labeller'],
        on: ['ml-prod', 'ml-dev', 'staging'],
        everyServer: true,
        add: ['DeleteRun'],
        remove: [],
        until: '2027-04-01T00:00:00Z',
      },
      {
        index: 1,
        to: [{ kind: 'profile', domain: 'd-abc123', name: 'ben', text: 'profile/d-abc123/ben' }],
        personas: ['viewer', 'model-consumer'],
        on: ['ml-prod'],
        add: [],
        remove: [],
        when: {
          mfa: true,
          ip: ['203.0.113.0/24', '198.51.100.7/32', '2001:db8::1/128'],
          vpce: [],
          vpc: [],
          sessionTags: {},
        },
        policyName: 'MLflowPolicy',
      },
    ],
    split: [],
    adopt: [],
    permissionSets: [],
    accounts: [],
  })
})

test('locates a path, or its nearest ancestor that is there', () => {
  const { locate } = parseGrants(example, 'grants.yaml')
  expect(locate('grants.0.to.1')).toEqual({ file: 'grants.yaml', line: 14, column: 33 })
  expect(locate('grants.0.add.0')).toEqual({ file: 'grants.yaml', line: 16, column: 11 })
  expect(locate('grants.0.on.1')).toEqual({ file: 'grants.yaml', line: 14, column: 5 })
  expect(locate('grants.7')).toEqual({ file: 'grants.yaml', line: 14, column: 3 })
  expect(locate('')).toEqual({ file: 'grants.yaml', line: 1, column: 1 })
  expect(locate('servers.ml-dev.region')).toEqual({ file: 'grants.yaml', line: 7, column: 21 })
})

test('locates keys that hold dots', () => {
  const { locate } = parseGrants('version: 1\nname: a\nservers:\n  a: { tag: { a.b: x, a: y } }\n', 'g.yaml')
  expect(locate('servers.a.tag.a.b').column).toBe(20)
  expect(locate('servers.a.tag.a').column).toBe(26)
})

test('byte order mark and CR LF change no line and no column', () => {
  const text = example.replace('persona: labeller', 'persona: labeler')
  const plain = errorsOf(text)
  expect(plain).toHaveLength(1)
  expect(errorsOf(`\uFEFF${text.replace(/\n/g, '\r\n')}`)).toEqual(plain)
  expect(parseGrants(`\uFEFF${example.replace(/\n/g, '\r\n')}`, 'g.yaml').grants).toHaveLength(2)
})

test('says how many errors there are, and gives each as data', () => {
  const text = 'version: 1\nname: a\nregoin: x\nserver: {}\n'
  expect(() => parseGrants(text, 'team.yaml')).toThrow('team.yaml has 2 errors.')
  try {
    parseGrants(text, 'team.yaml')
  } catch (error) {
    expect((error as Problem).errors?.[0]).toEqual({
      file: 'team.yaml',
      line: 3,
      column: 1,
      path: 'regoin',
      what: 'regoin: Unknown key "regoin".',
      why: 'The keys here are version, name, account, partition, region, servers, roles, personas, grants, split, adopt, permission-sets, accounts.',
      fix: 'Did you mean region?',
    })
  }
})
