import type { SandboxState } from './state.ts'

type Kind = 'text' | 'number' | 'list' | 'object'

const entity = { name: 'text', path: 'text', id: 'text', arn: 'text', createdAt: 'text' } as const
const principal = { ...entity, inline: 'list', attached: 'list' } as const
const regional = { arn: 'text', region: 'text', createdAt: 'text', updatedAt: 'text', tags: 'list' } as const

/** Members that each row must have for the account to open. */
const rows: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  users: { ...principal, groups: 'list', tags: 'list' },
  groups: principal,
  roles: { ...principal, trust: 'text', tags: 'list', maxSessionDuration: 'number' },
  policies: { ...entity, versions: 'list', tags: 'list', defaultVersion: 'text', nextVersion: 'number' },
  servers: { ...regional, name: 'text', status: 'text', artifacts: 'text', role: 'text' },
  apps: { ...regional, id: 'text', name: 'text', status: 'text', artifacts: 'text', role: 'text' },
  domains: { ...regional, id: 'text', name: 'text', defaultRole: 'text' },
  profiles: { ...regional, domain: 'text', name: 'text' },
  spaces: { ...regional, domain: 'text', name: 'text' },
}

const top: Readonly<Record<string, Kind>> = {
  account: 'text',
  partition: 'text',
  counter: 'number',
  caller: 'object',
  quotas: 'object',
  denied: 'list',
  signIn: 'text',
}

const center: Readonly<Record<string, Kind>> = {
  instanceArn: 'text',
  permissionSets: 'list',
  assignments: 'list',
  provisionings: 'list',
  users: 'list',
  groups: 'list',
}

/** Whether a value read from a file is the state of a sandbox, as far as opening it needs. */
export function isState(value: unknown): value is SandboxState {
  if (!hasShape(value, top) || value.version !== 1) return false
  if (value.center !== undefined && !hasShape(value.center, center)) return false
  return Object.entries(rows).every(([name, shape]) => {
    const held = value[name]
    return Array.isArray(held) && held.every((row) => hasShape(row, shape))
  })
}

function hasShape(value: unknown, shape: Readonly<Record<string, Kind>>): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(shape).every(([name, kind]) =>
    isOfKind((value as Record<string, unknown>)[name], kind),
  )
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'list':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null
  }
}
