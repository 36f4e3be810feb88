import fc from 'fast-check'
import { expect, test } from 'vitest'
import { account, grant, grantsFile, role, server, user } from '../../test/grants-fixture.ts'
import type { GrantsFile } from '../grants/grants-file.ts'
import type { PolicyDocument, Statement } from '../policy/document.ts'
import { policySize } from '../policy/measure.ts'
import { foldStatements, type StatementDraft, writeDocument } from '../policy/statement-draft.ts'
import { assumeAccount } from '../snapshot/assume-account.ts'
import type { Snapshot, TrackingServer } from '../snapshot/snapshot.ts'
import { compileTarget } from './compile-target.ts'
import { splitStatements } from './fit-policies.ts'
import { documentedSageMakerPolicy, documentedTrackingServerPolicy } from './guide-policies.ts'
import type { Target } from './target.ts'
import { expandAccess } from './target-access.ts'

const now = new Date('2026-11-24T12:00:00Z')

function compile(
  file: GrantsFile,
  snapshot: Snapshot = assumeAccount(file, now),
): { target: Target; codes: readonly string[] } {
  const { target, findings } = compileTarget(file, snapshot, now)
  return { target, codes: findings.map((item) => item.code) }
}

function statement(target: Target, sid: string): Statement | undefined {
  return target.policies
    .flatMap((policy) => [policy.document.Statement].flat())
    .find((item) => item.Sid === sid)
}

function dev(more: Partial<GrantsFile>): GrantsFile {
  return grantsFile({ servers: [server('ml-dev', 's3://ml-dev-mlflow/experiments')], ...more })
}

test('a data scientist reaches the artifacts of the server below their prefix, and lists nothing else', () => {
  const { target } = compile(dev({ grants: [grant(0, [user('ana')], ['data-scientist'], ['ml-dev'])] }))
  expect(statement(target, 'ArtifactObjects')).toMatchObject({
    Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    Resource: ['arn:aws:s3:::ml-dev-mlflow/experiments/*'],
  })
  expect(statement(target, 'ListArtifacts')).toMatchObject({
    Action: ['s3:ListBucket'],
    Resource: ['arn:aws:s3:::ml-dev-mlflow'],
    Condition: { StringLike: { 's3:prefix': ['experiments', 'experiments/*'] } },
  })
})

test('a trace writer puts traces and nothing else', () => {
  const { target } = compile(dev({ grants: [grant(0, [user('ana')], ['trace-writer'], ['ml-dev'])] }))
  expect(statement(target, 'ArtifactObjects')).toMatchObject({
    Action: ['s3:AbortMultipartUpload', 's3:PutObject'],
    Resource: ['arn:aws:s3:::ml-dev-mlflow/experiments/*/traces/*'],
  })
  expect(statement(target, 'ListArtifacts')).toBeUndefined()
})

test('a hand-picked LogModel writes anywhere below the prefix', () => {
  const { target } = compile(
    dev({ grants: [grant(0, [user('ana')], [], ['ml-dev'], { add: ['GetRun', 'LogModel'] })] }),
  )
  expect(statement(target, 'ArtifactObjects')?.Resource).toEqual(['arn:aws:s3:::ml-dev-mlflow/experiments/*'])
})

test('where artifacts lie unknown, S3 is left out and a finding says so', () => {
  const file = grantsFile({
    servers: [{ kind: 'name', key: 'ml-dev', kms: [], planned: true }],
    grants: [grant(0, [user('ana')], ['data-scientist'], ['ml-dev'])],
  })
  const { target, codes } = compile(file)
  expect(codes).toContain('artifacts-unknown')
  expect(JSON.stringify(target.policies)).not.toContain('s3:')
})

test('an operator may pass the tracking server role to SageMaker, and tag only what it creates', () => {
  const { target } = compile(
    dev({
      roles: {
        'tracking-server': {
          name: 'mlflow-server',
          policy: 'narrow',
          buckets: [],
          kms: [],
          registry: false,
          existing: false,
          trust: { sourceAccount: false },
        },
      },
      grants: [grant(0, [user('ana')], ['server-operator'], ['ml-dev'])],
    }),
  )
  expect(statement(target, 'PassRole')).toMatchObject({
    Action: ['iam:PassRole'],
    Resource: [`arn:aws:iam::${account}:role/mlflow-server`],
    Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  })
  expect(statement(target, 'TagNewServers')?.Condition).toEqual({
    StringEquals: { 'sagemaker:TaggingAction': 'CreateMlflowTrackingServer' },
  })
})

test('PassRole never stands on "*": without a known role it is left out with a finding', () => {
  const { target, codes } = compile(dev({ grants: [grant(0, [user('ana')], ['mlops-admin'], ['ml-dev'])] }))
  expect(codes).toEqual(expect.arrayContaining(['pass-role-unknown', 'admin-persona']))
  expect(statement(target, 'PassRole')).toBeUndefined()
})

test('the documented roles hold the guide’s JSON, statement for statement', () => {
  const trust = { sourceAccount: false }
  const { target } = compile(
    grantsFile({
      roles: {
        'tracking-server': {
          name: 'server',
          policy: 'documented',
          buckets: [],
          kms: [],
          registry: false,
          existing: false,
          trust,
        },
        sagemaker: { name: 'client', policy: 'documented', passes: [], existing: false, trust },
      },
    }),
  )
  expect(target.policies.map((policy) => policy.document)).toEqual(
    expect.arrayContaining([documentedTrackingServerPolicy, documentedSageMakerPolicy]),
  )
  expect(target.roles.map((item) => [item.trust.Statement].flat()[0])).toEqual(
    Array(2).fill({
      Effect: 'Allow',
      Principal: { Service: ['sagemaker.amazonaws.com'] },
      Action: 'sts:AssumeRole',
    }),
  )
})

test('a role that is there keeps its other policies, and they are listed', () => {
  const file = dev({
    roles: {
      'tracking-server': {
        ...{ name: 'server', buckets: ['ml-artifacts'], kms: [], registry: false, existing: true },
        ...{ policy: 'narrow', trust: { sourceAccount: false } },
      },
    },
  })
  const arn = `arn:aws:iam::${account}:role/server`
  const own = `arn:aws:iam::${account}:policy/mlflow-iam/ml-platform/mlflow-iam-tracking-server-12345678`
  const there = {
    ...{ arn, name: 'server', path: '/', id: 'A', tags: [] },
    trust: '{"Statement":[{"Principal":{"Service":"sagemaker.amazonaws.com"}}]}',
    attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess', own],
    inline: [{ name: 'buckets', document: '{}' }],
  }
  const { findings } = compileTarget(file, { ...assumeAccount(file, now), roles: [there] }, now)
  expect(findings).toEqual([
    {
      ...{ level: 'low', code: 'role-keeps-policies', principal: arn },
      message: 'Role server keeps its other policies: ReadOnlyAccess, inline:buckets.',
    },
  ])
})

test('the narrow client role names all 61 actions on the file’s servers and reaches no other', () => {
  const { target } = compile(
    dev({
      roles: {
        sagemaker: {
          name: 'client',
          policy: 'narrow',
          passes: ['server'],
          existing: false,
          trust: { sourceAccount: true },
        },
      },
    }),
  )
  const text = JSON.stringify(target.policies)
  expect(text).not.toContain('sagemaker-mlflow:*')
  expect(statement(target, 'MlflowActions')?.Action).toHaveLength(60)
  expect(statement(target, 'MlflowActions')?.Resource).toEqual([
    `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/ml-dev`,
  ])
  expect(JSON.stringify(target.roles[0]?.trust)).toContain(`"aws:SourceAccount":"${account}"`)
})

test('a server named by tag is every server of the region under the tag’s condition', () => {
  const tagged: TrackingServer = {
    arn: `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/stage-1`,
    name: 'stage-1',
    region: 'eu-west-1',
    tags: [{ Key: 'env', Value: 'staging' }],
    artifacts: 's3://stage-bucket/one',
  }
  const file = grantsFile({
    servers: [{ kind: 'tag', key: 'staging', tags: { env: 'staging' }, kms: [] }],
    grants: [grant(0, [user('ana')], ['server-operator'], ['staging'])],
  })
  const snapshot = { ...assumeAccount(file, now), servers: [tagged] }
  const { target, codes } = compile(file, snapshot)
  expect(statement(target, 'OperateServers')).toMatchObject({
    Resource: [`arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/*`],
    Condition: { StringEquals: { 'aws:ResourceTag/env': 'staging' } },
  })
  expect(statement(target, 'OperateServers')?.Action).not.toContain('sagemaker:CreateMlflowTrackingServer')
  expect(statement(target, 'CreateServers')?.Condition).toEqual({
    StringEquals: { 'aws:RequestTag/env': 'staging' },
  })
  expect(target.servers[0]?.arns).toEqual([tagged.arn])
  expect(codes).toContain('tag-is-permission')
})

test('an App gets its one action, and the finding that this is everything', () => {
  const app = `arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/app-ABC123`
  const { target, codes } = compile(
    grantsFile({
      servers: [{ kind: 'app', key: 'genai', app, access: 'full', compatible: false, kms: [] }],
      grants: [grant(0, [user('ana')], ['viewer'], ['genai'])],
    }),
  )
  expect(statement(target, 'CallApps')).toMatchObject({
    Action: [
      'sagemaker:CallMlflowAppApi',
      'sagemaker:CreatePresignedMlflowAppUrl',
      'sagemaker:DescribeMlflowApp',
    ],
    Resource: [app],
  })
  expect(JSON.stringify(target.policies)).not.toContain('sagemaker-mlflow')
  expect(codes).toContain('app-is-all-or-nothing')
})

test('conditions of a grant stand on every statement of its policy', () => {
  const { target } = compile(
    dev({
      grants: [
        grant(0, [user('ana')], ['mlops-admin'], ['ml-dev'], {
          until: '2027-04-01T00:00:00Z',
          when: { mfa: true, ip: ['203.0.113.0/24'], vpce: [], vpc: [], sessionTags: { team: 'ml' } },
        }),
      ],
    }),
  )
  for (const item of [target.policies[0]?.document.Statement].flat()) {
    expect(item?.Condition).toMatchObject({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      DateLessThan: { 'aws:CurrentTime': '2027-04-01T00:00:00Z' },
      IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] },
      StringEquals: { 'aws:PrincipalTag/team': 'ml' },
    })
  }
})

test('a grant past its end is a removal and a finding', () => {
  const { target, codes } = compile(
    dev({ grants: [grant(0, [user('ana')], ['viewer'], ['ml-dev'], { until: '2026-01-01T00:00:00Z' })] }),
  )
  expect(target.policies).toEqual([])
  expect(target.principals.map((principal) => principal.name)).toEqual(['ana'])
  expect(codes).toEqual(['grant-ended'])
})

test('in GovCloud every ARN has its partition', () => {
  const file = dev({
    partition: 'aws-us-gov',
    region: 'us-gov-west-1',
    grants: [grant(0, [user('ana')], ['mlops-admin'], ['ml-dev'])],
  })
  const text = JSON.stringify(compile(file).target)
  expect(text).not.toContain('arn:aws:')
  expect(text).toContain('arn:aws-us-gov:s3:::ml-dev-mlflow')
})

test('grants of one principal add up, and AccessUI shows wherever that principal may go', () => {
  const file = grantsFile({
    servers: [server('ml-dev'), server('ml-prod')],
    grants: [
      grant(0, [user('ana')], ['viewer'], ['ml-dev']),
      grant(1, [user('ana')], [], ['ml-dev', 'ml-prod'], { add: ['LogMetric', 'GetRun'] }),
    ],
  })
  const cells = expandAccess(compile(file).target.access)
  expect(
    cells.map((cell) => [cell.server.slice(cell.server.lastIndexOf('/') + 1), cell.actions.length]),
  ).toEqual([
    ['ml-dev', 21],
    ['ml-prod', 3],
  ])
  expect(cells[1]?.actions).toEqual(['AccessUI', 'GetRun', 'LogMetric'])
})

test('a principal with more grants than IAM attaches gets merged policies that allow exactly the same', () => {
  const keys = Array.from({ length: 13 }, (_, index) => `ml-${index + 1}`)
  const file = grantsFile({
    servers: keys.map((key) => server(key)),
    grants: keys.map((key, index) =>
      grant(index, [role('ci')], [index % 2 ? 'viewer' : 'ci-cd'], [key], {
        add: index % 3 ? [] : ['DeleteRun'],
      }),
    ),
  })
  const { target, codes } = compile(file)
  expect(codes).toContain('policies-merged')
  expect(target.attachments.length).toBeLessThanOrEqual(10)
  expect(target.policies[0]?.name).toMatch(/^mlflow-iam-merged-1-[0-9a-f]{8}$/u)
  const oneByOne = keys.flatMap(
    (_, index) =>
      compile({ ...file, grants: [file.grants[index]].flatMap((item) => item ?? []) }).target.policies,
  )
  expect(triples(target.policies.map((policy) => policy.document))).toEqual(
    triples(oneByOne.map((policy) => policy.document)),
  )
})

const anyDraft: fc.Arbitrary<StatementDraft> = fc.record({
  sid: fc.constantFrom('MlflowActions', 'OpenUi'),
  actions: fc.uniqueArray(
    fc.integer({ min: 1, max: 300 }).map((n) => `sagemaker-mlflow:Action${n}`),
    { minLength: 1, maxLength: 200 },
  ),
  resources: fc.uniqueArray(
    fc
      .integer({ min: 1, max: 60 })
      .map((n) => `arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/server-${n}`),
    { minLength: 1, maxLength: 60 },
  ),
})

test('folding and splitting never change what is allowed, and every part fits', () => {
  fc.assert(
    fc.property(fc.array(anyDraft, { minLength: 1, maxLength: 5 }), (drafts) => {
      const parts = splitStatements(foldStatements(drafts)).map(writeDocument)
      for (const part of parts) expect(policySize(part)).toBeLessThanOrEqual(6144)
      expect(triples(parts)).toEqual(triples([writeDocument(drafts)]))
    }),
    { numRuns: 30 },
  )
})

/** Everything that documents allow, one action, resource and condition at a time. */
function triples(documents: readonly PolicyDocument[]): ReadonlySet<string> {
  const all = documents.flatMap((document) =>
    [document.Statement]
      .flat()
      .flatMap((item) =>
        [item.Action ?? []]
          .flat()
          .flatMap((action) =>
            [item.Resource ?? []]
              .flat()
              .map((resource) => `${action} ${resource} ${JSON.stringify(item.Condition ?? null)}`),
          ),
      ),
  )
  return new Set(all)
}
