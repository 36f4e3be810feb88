import { evaluateAccess } from '../src/evaluate/evaluate-access.ts'
import type { IamRole, ManagedPolicy, Snapshot } from '../src/snapshot/snapshot.ts'

export interface BenchSize {
  readonly principals: number
  readonly servers: number
}

export interface BenchResult extends BenchSize {
  readonly rows: number
  /** Allowed pairs of principal and action, so that nothing can be left out unnoticed. */
  readonly allowed: number
}

/**
 * Evaluates an account of this size from scratch. Hard on purpose: no two roles have the same policies, every
 * tenth has an inline document of its own, some policies ask about the role's tags, some deny.
 */
export function benchEvaluate(snapshot: Snapshot): BenchResult {
  const rows = evaluateAccess(snapshot, { now: new Date('2026-11-24T12:00:00Z') })
  const allowed = rows.reduce((sum, row) => sum + row.allowed.length, 0)
  return { principals: snapshot.roles.length, servers: snapshot.servers.length, rows: rows.length, allowed }
}

const account = '123456789012'
const managedPolicies = 200

export function benchAccount({ principals, servers }: BenchSize): Snapshot {
  return {
    version: 1,
    takenAt: '2026-11-24T12:00:00Z',
    account,
    partition: 'aws',
    region: 'eu-west-1',
    users: [],
    groups: [],
    roles: Array.from({ length: principals }, (_, index) => benchRole(index)),
    policies: Array.from({ length: managedPolicies }, (_, index) => benchPolicy(index, servers)),
    servers: Array.from({ length: servers }, (_, index) => ({
      arn: serverArn(index),
      name: `ml-${index}`,
      region: 'eu-west-1',
      tags: [{ Key: 'env', Value: index % 2 ? 'prod' : 'dev' }],
    })),
    apps: [],
    domains: [],
    profiles: [],
    permissionSets: [],
    unknown: [],
  }
}

function benchRole(index: number): IamRole {
  const name = `role-${index}`
  // Seven policies in an order and mixture that no other role has.
  const attached = [0, 1, 2, 3, 4, 5, 6].map((step) =>
    policyArn((index * 7 + step * (1 + (index % 31))) % managedPolicies),
  )
  const inline =
    index % 10
      ? []
      : [{ name: 'own', document: JSON.stringify(document([allow(['LogParam', `Get*${index % 7}`], '*')])) }]
  return {
    arn: `arn:aws:iam::${account}:role/${name}`,
    name,
    path: '/',
    id: `AROA${index}`,
    inline,
    attached: [...new Set(attached)],
    tags: [{ Key: 'team', Value: `team-${index % 40}` }],
    trust: '{"Version":"2012-10-17","Statement":[]}',
  }
}

function benchPolicy(index: number, servers: number): ManagedPolicy {
  const on = [
    serverArn(index % servers),
    `arn:aws:sagemaker:*:${account}:mlflow-tracking-server/ml-${index % 10}*`,
  ]
  const statements = [
    allow(
      ['Get*', 'Search*', 'List*', 'LogMetric', 'LogBatch', 'CreateRun', 'UpdateRun'].slice(index % 5),
      on,
    ),
    allow(['AccessUI'], '*'),
    {
      Effect: 'Deny',
      Action: 'sagemaker-mlflow:Delete*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/env': 'prod' } },
    },
  ]
  if (index % 8 === 0)
    statements.push({
      ...allow(['SetTag'], '*'),
      Condition: { StringEquals: { 'aws:PrincipalTag/team': `team-${index % 40}` } },
    })
  const arn = policyArn(index)
  const versions = [{ id: 'v1', document: JSON.stringify(document(statements)) }]
  return { arn, name: `policy-${index}`, path: '/', id: `ANPA${index}`, defaultVersion: 'v1', versions }
}

interface BenchStatement {
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: object
}

function allow(actions: readonly string[], Resource: string | readonly string[]): BenchStatement {
  return { Effect: 'Allow', Action: actions.map((name) => `sagemaker-mlflow:${name}`), Resource }
}

function document(statements: readonly BenchStatement[]): object {
  return { Version: '2012-10-17', Statement: statements }
}

function policyArn(index: number): string {
  return `arn:aws:iam::${account}:policy/policy-${index}`
}

function serverArn(index: number): string {
  return `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/ml-${index}`
}
