import type { PolicyDocument } from '../../src/policy/document.ts'
import type {
  IamGroup,
  IamRole,
  IamUser,
  ManagedPolicy,
  MlflowApp,
  Snapshot,
  Tag,
  TrackingServer,
} from '../../src/snapshot/snapshot.ts'

const account = '123456789012'
type Text = string | PolicyDocument | object

/** A principal in short: documents by policy name, ARNs of what is attached, tags as members. */
interface SmallPrincipal {
  readonly inline?: Readonly<Record<string, Text>>
  readonly attached?: readonly string[]
  readonly groups?: readonly string[]
  readonly boundary?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly trust?: Text
  readonly path?: string
}

export interface SmallAccount {
  readonly users?: Readonly<Record<string, SmallPrincipal>>
  readonly groups?: Readonly<Record<string, SmallPrincipal>>
  readonly roles?: Readonly<Record<string, SmallPrincipal>>
  /** By path and name: `/mlflow-iam/team/viewer` or `legacy`. */
  readonly policies?: Readonly<Record<string, Text>>
  /** Tags by server name. */
  readonly servers?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly apps?: readonly string[]
  readonly rest?: Partial<Snapshot>
}

const home = { partition: 'aws', account } as const
export const now = new Date('2026-11-24T12:00:00Z')

export function userArn(name: string): string {
  return `arn:aws:iam::${account}:user/${name}`
}

export function roleArn(name: string): string {
  return `arn:aws:iam::${account}:role/${name}`
}

export function groupArn(name: string): string {
  return `arn:aws:iam::${account}:group/${name}`
}

/** `legacy` or `/mlflow-iam/team/viewer`. */
export function policyArn(name: string): string {
  return `arn:aws:iam::${account}:policy${name.startsWith('/') ? '' : '/'}${name}`
}

export function serverArn(name: string): string {
  return `arn:aws:sagemaker:eu-west-1:${account}:mlflow-tracking-server/${name}`
}

export function appArn(id: string): string {
  return `arn:aws:sagemaker:eu-west-1:${account}:mlflow-app/${id}`
}

/** A snapshot for tests, from as few words as a case needs. */
export function smallAccount(parts: SmallAccount): Snapshot {
  return {
    version: 1,
    takenAt: now.toISOString(),
    ...home,
    region: 'eu-west-1',
    alias: 'team',
    users: entries(parts.users).map(
      ([name, one]): IamUser => ({ ...principal('user', name, one), groups: one.groups ?? [] }),
    ),
    groups: entries(parts.groups).map(([name, one]): IamGroup => principal('group', name, one)),
    roles: entries(parts.roles).map(
      ([name, one]): IamRole => ({
        ...principal('role', name, one),
        trust: text(one.trust ?? sageMakerTrust),
      }),
    ),
    policies: entries(parts.policies).map(([name, document]) => managed(name, document)),
    servers: entries(parts.servers ?? { 'ml-dev': {}, 'ml-prod': {} }).map(([name, tags]) =>
      server(name, tags),
    ),
    apps: (parts.apps ?? []).map(app),
    domains: [],
    profiles: [],
    permissionSets: [],
    unknown: [],
    ...parts.rest,
  }
}

const sageMakerTrust = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
}

function principal(kind: 'user' | 'group' | 'role', name: string, one: SmallPrincipal) {
  const path = one.path ?? '/'
  return {
    arn: `arn:aws:iam::${account}:${kind}${path}${name}`,
    name,
    path,
    id: `${kind.toUpperCase()}ID${name}`,
    inline: entries(one.inline).map(([policy, document]) => ({ name: policy, document: text(document) })),
    attached: one.attached ?? [],
    tags: tagList(one.tags),
    ...(one.boundary === undefined ? {} : { boundary: one.boundary }),
  }
}

function managed(name: string, document: Text): ManagedPolicy {
  const arn = policyArn(name)
  const resource = arn.slice(arn.indexOf(':policy') + 7)
  const path = resource.slice(0, resource.lastIndexOf('/') + 1)
  const versions = [{ id: 'v1', document: text(document) }]
  return { arn, name: resource.slice(path.length), path, id: `ANPA${name}`, defaultVersion: 'v1', versions }
}

function server(name: string, tags: Readonly<Record<string, string>>): TrackingServer {
  return { arn: serverArn(name), name, region: 'eu-west-1', status: 'Created', tags: tagList(tags) }
}

function app(id: string): MlflowApp {
  return { arn: appArn(id), name: id, region: 'eu-west-1', tags: [] }
}

function text(document: Text): string {
  return typeof document === 'string' ? document : JSON.stringify(document)
}

function tagList(tags: Readonly<Record<string, string>> = {}): readonly Tag[] {
  return entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

function entries<T>(record: Readonly<Record<string, T>> = {}): readonly (readonly [string, T])[] {
  return Object.entries(record)
}
