import { s3NeedsOfActions } from '../catalog/closure.ts'
import type { Grant, GrantConditions, GrantsFile } from '../grants/grants-file.ts'
import type { Persona, S3Needs } from '../personas/persona.ts'
import type { ConditionBlock } from '../policy/document.ts'
import { canonicalJson, hexHash } from '../policy/hash.ts'
import { sortedUnique } from '../policy/statement-draft.ts'
import type { TargetServer } from './target.ts'

/** What one policy gives: (personas ∪ add) − remove on some servers under some conditions. Principals share it. */
export interface AccessUnit {
  /** Equal keys, equal access: the policy's identity. */
  readonly key: string
  /** 8 hex digits for the policy's name. */
  readonly hash: string
  /** The persona, `multi` for several, `custom` for hand-picked actions. */
  readonly word: string
  readonly personas: readonly string[]
  /** Bare MLflow actions, sorted. */
  readonly actions: readonly string[]
  /** Bare actions that the grant puts beside its personas. */
  readonly added: readonly string[]
  /** Bare actions that the grant takes out. */
  readonly removed: readonly string[]
  /** Say `sagemaker-mlflow:*` instead of the actions. */
  readonly wildcard: boolean
  readonly ui: boolean
  readonly s3: S3Needs
  readonly alsoNeeds: readonly string[]
  readonly servers: readonly TargetServer[]
  readonly conditions?: ConditionBlock
  readonly until?: string
  readonly policyName?: string
  /** For people: `data-scientist +1 -2 on ml-dev, ml-prod`. */
  readonly purpose: string
}

/** Reads one grant as an access unit. */
export function accessUnit(
  file: GrantsFile,
  grant: Grant,
  personas: ReadonlyMap<string, Persona>,
  servers: readonly TargetServer[],
): AccessUnit {
  const held = sortedUnique(grant.personas).flatMap((name) => personas.get(name) ?? [])
  const removed = new Set(grant.remove)
  const actions = sortedUnique([...held.flatMap((persona) => persona.actions), ...grant.add]).filter(
    (name) => !removed.has(name),
  )
  const picked = s3NeedsOfActions(grant.add.filter((name) => !removed.has(name)))
  const conditions = conditionsOf(grant.until, grant.when)
  const sortedServers = sortServers(servers)
  const identity = {
    file: file.name,
    personas: sortedUnique(grant.personas),
    add: sortedUnique(grant.add),
    remove: sortedUnique(grant.remove),
    servers: sortedUnique(sortedServers.map(serverIdentity)),
    conditions: conditions ?? null,
  }
  const key = canonicalJson([identity, grant.policyName ?? null])
  return {
    key,
    hash: hexHash(canonicalJson(identity), 8),
    word: identity.personas.length > 1 ? 'multi' : (identity.personas[0] ?? 'custom'),
    personas: identity.personas,
    actions,
    added: identity.add,
    removed: identity.remove,
    wildcard: held.some((persona) => persona.wildcard) && removed.size === 0,
    ui: actions.includes('AccessUI'),
    s3: {
      read:
        picked.read ||
        (actions.length > 0 && held.some((persona) => persona.s3.read)) ||
        dataless(held, 'read'),
      write:
        picked.write ||
        (actions.length > 0 && held.some((persona) => persona.s3.write)) ||
        dataless(held, 'write'),
      list:
        picked.list ||
        (actions.length > 0 && held.some((persona) => persona.s3.list)) ||
        dataless(held, 'list'),
    },
    alsoNeeds: sortedUnique(held.flatMap((persona) => persona.alsoNeeds)),
    servers: sortedServers,
    ...(conditions ? { conditions } : {}),
    ...(grant.until ? { until: grant.until } : {}),
    ...(grant.policyName ? { policyName: grant.policyName } : {}),
    purpose: purposeOf(grant, sortedServers),
  }
}

/** A persona without MLflow actions of its own (an ML activity) keeps its S3 needs whatever is removed. */
function dataless(held: readonly Persona[], need: keyof S3Needs): boolean {
  return held.some((persona) => persona.actions.length === 0 && persona.s3[need])
}

/** One order, whatever the file's: documents keep it. */
export function sortServers(servers: readonly TargetServer[]): readonly TargetServer[] {
  return [...servers].sort((a, b) => compare(serverIdentity(a), serverIdentity(b)))
}

function serverIdentity(server: TargetServer): string {
  if (server.compatible) return `${server.resource} compatible`
  return server.condition ? `${server.resource} ${canonicalJson(server.condition)}` : server.resource
}

/** `until` and `when` as IAM conditions; every one must hold. */
export function conditionsOf(
  until: string | undefined,
  when: GrantConditions | undefined,
): ConditionBlock | undefined {
  const block: Record<string, Record<string, string | readonly string[]>> = {}
  if (when?.mfa) block.Bool = { 'aws:MultiFactorAuthPresent': 'true' }
  if (until) block.DateLessThan = { 'aws:CurrentTime': until }
  if (when && when.ip.length > 0) block.IpAddress = { 'aws:SourceIp': sortedUnique(when.ip) }
  const equals: Record<string, string | readonly string[]> = {}
  for (const [key, value] of Object.entries(when?.sessionTags ?? {}))
    equals[`aws:PrincipalTag/${key}`] = value
  if (when && when.vpc.length > 0) equals['aws:SourceVpc'] = sortedUnique(when.vpc)
  if (when && when.vpce.length > 0) equals['aws:SourceVpce'] = sortedUnique(when.vpce)
  if (Object.keys(equals).length > 0) {
    block.StringEquals = Object.fromEntries(Object.entries(equals).sort(([a], [b]) => compare(a, b)))
  }
  return Object.keys(block).length === 0 ? undefined : block
}

function purposeOf(grant: Grant, servers: readonly TargetServer[]): string {
  const what = grant.personas.length > 0 ? sortedUnique(grant.personas).join(' and ') : 'chosen actions'
  const exceptions = [
    grant.add.length > 0 && grant.personas.length > 0 ? ` +${grant.add.length}` : '',
    grant.remove.length > 0 ? ` -${grant.remove.length}` : '',
  ].join('')
  return `${what}${exceptions} on ${
    servers
      .map((server) => server.key)
      .sort()
      .join(', ') || 'no server'
  }`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
