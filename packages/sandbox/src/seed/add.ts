import { entityId } from '../account/ids.ts'
import type {
  AccountState,
  GroupState,
  PolicyState,
  RoleState,
  TagState,
  UserState,
} from '../account/state.ts'

export type Document = Readonly<Record<string, unknown>>

/** Text of a document as most consoles write it. */
export function written(document: Document | string): string {
  return typeof document === 'string' ? document : JSON.stringify(document, null, 2)
}

export function allow(
  action: string | readonly string[],
  resource: string | readonly string[],
  more: Document = {},
): Document {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more }
}

export function policyOf(...statements: readonly Document[]): Document {
  return { Version: '2012-10-17', Statement: statements }
}

/** A trust policy for one AWS service. */
export function trusting(service: string): Document {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  }
}

interface Holder {
  readonly path?: string
  readonly attached?: readonly string[]
  readonly inline?: Readonly<Record<string, Document>>
  readonly tags?: readonly TagState[]
  readonly createdAt?: string
}

export function addPolicy(
  state: AccountState,
  name: string,
  documents: readonly (Document | string)[],
  options: { readonly path?: string; readonly description?: string; readonly createdAt?: string } = {},
): string {
  const { path = '/', createdAt = '2023-05-09T08:14:00.000Z' } = options
  const versions = documents.map((document, index) => ({
    id: `v${index + 1}`,
    document: written(document),
    createdAt: new Date(Date.parse(createdAt) + index * 86_400_000).toISOString(),
  }))
  const policy: PolicyState = {
    name,
    path,
    id: idOf(state, 'ANPA'),
    arn: `arn:${state.partition}:iam::${state.account}:policy${path}${name}`,
    ...(options.description === undefined ? {} : { description: options.description }),
    createdAt,
    updatedAt: versions.at(-1)?.createdAt ?? createdAt,
    defaultVersion: `v${versions.length}`,
    nextVersion: versions.length + 1,
    versions: versions.toReversed(),
    tags: [],
  }
  state.policies.push(policy)
  return policy.arn
}

export function addUser(
  state: AccountState,
  name: string,
  options: Holder & { readonly groups?: readonly string[]; readonly boundary?: string } = {},
): UserState {
  const user: UserState = {
    ...principal(state, 'user', name, options),
    groups: [...(options.groups ?? [])],
    ...(options.boundary === undefined ? {} : { boundary: options.boundary }),
    tags: [...(options.tags ?? [])],
  }
  state.users.push(user)
  return user
}

export function addGroup(state: AccountState, name: string, options: Holder = {}): GroupState {
  const group = principal(state, 'group', name, options)
  state.groups.push(group)
  return group
}

export function addRole(
  state: AccountState,
  name: string,
  trust: Document,
  options: Holder & {
    readonly description?: string
    readonly boundary?: string
    readonly lastUsed?: string
    readonly maxSessionDuration?: number
  } = {},
): RoleState {
  const role: RoleState = {
    ...principal(state, 'role', name, options),
    trust: written(trust),
    ...(options.description === undefined ? {} : { description: options.description }),
    maxSessionDuration: options.maxSessionDuration ?? 3600,
    ...(options.boundary === undefined ? {} : { boundary: options.boundary }),
    tags: [...(options.tags ?? [])],
    ...(options.lastUsed === undefined ? {} : { lastUsed: { at: options.lastUsed, region: 'eu-west-1' } }),
  }
  state.roles.push(role)
  return role
}

const prefixes = { user: 'AIDA', group: 'AGPA', role: 'AROA' } as const

function principal(
  state: AccountState,
  kind: keyof typeof prefixes,
  name: string,
  options: Holder,
): GroupState {
  const path = options.path ?? '/'
  return {
    name,
    path,
    id: idOf(state, prefixes[kind]),
    arn: `arn:${state.partition}:iam::${state.account}:${kind}${path}${name}`,
    createdAt: options.createdAt ?? '2024-02-06T09:30:00.000Z',
    inline: Object.entries(options.inline ?? {}).map(([policyName, document]) => ({
      name: policyName,
      document: written(document),
    })),
    attached: [...(options.attached ?? [])],
  }
}

function idOf(state: AccountState, prefix: Parameters<typeof entityId>[0]): string {
  state.counter += 1
  return entityId(prefix, `${state.account}/${state.counter}`)
}
