import { finding } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import { readDocument } from '../plan/read-document.ts'
import type { AccessUnit } from './access-unit.ts'
import type { AppliedGrant } from './compile-target.ts'
import type { TargetPrincipal, TargetServer } from './target.ts'

/** Conditions of grants that can never be met, or that another grant makes pointless. `trustOf` reads a role's trust policy. */
export function conditionFindings(
  applied: readonly AppliedGrant[],
  trustOf: (role: string) => string | undefined,
): readonly Finding[] {
  const byPrincipal = new Map<string, { principal: TargetPrincipal; units: AccessUnit[] }>()
  for (const { unit, principals } of applied) {
    for (const principal of principals) {
      const known = byPrincipal.get(principal.arn) ?? { principal, units: [] }
      byPrincipal.set(principal.arn, known)
      known.units.push(unit)
    }
  }
  return [...byPrincipal.values()].flatMap(({ principal, units }) => {
    const bound = units.filter(({ conditions }) => conditions !== undefined)
    const free = units.filter(({ conditions }) => conditions === undefined)
    return [
      ...bound
        .filter(({ conditions }) => conditions?.Bool)
        .flatMap((unit) => withoutMfa(principal, unit, trustOf)),
      ...bound.filter((unit) => isGivenBy(free, unit)).map((unit) => pointless(principal, unit)),
    ]
  })
}

/** AWS knows of MFA only where an IAM user gave the code: on signing in, or to STS when assuming a role. */
function withoutMfa(
  { arn, kind, name }: TargetPrincipal,
  { purpose }: AccessUnit,
  trustOf: (role: string) => string | undefined,
): readonly Finding[] {
  if (kind === 'user' || kind === 'group') return []
  const trust = trustOf(arn)
  if (kind === 'role' && (trust === undefined || mayBeAssumedWithMfa(trust))) return []
  const why =
    kind === 'permission-set'
      ? 'Identity Center asks for it itself and tells AWS nothing of it'
      : 'services and federation that assume it have none to show'
  return [
    finding(
      'mfa-never-there',
      `${kind === 'role' ? 'role' : 'permission set'} ${name} never has ${purpose}: it asks for MFA, and ${why}. Leave mfa out, or grant to whoever signs in with it.`,
      { principal: arn },
    ),
  ]
}

function mayBeAssumedWithMfa(trust: string): boolean {
  const statements = [readDocument(trust)?.Statement ?? []].flat()
  return statements.some(
    ({ Effect, Principal }) =>
      Effect === 'Allow' &&
      (Principal === '*' || (typeof Principal === 'object' && Principal !== null && 'AWS' in Principal)),
  )
}

function pointless({ arn, kind, name }: TargetPrincipal, { purpose }: AccessUnit): Finding {
  return finding(
    'condition-without-effect',
    `${kind} ${name}: the conditions of ${purpose} change nothing, as other grants give all of it without any.`,
    { principal: arn },
  )
}

/** Whether grants without conditions give on each of the servers all that this one gives. */
function isGivenBy(free: readonly AccessUnit[], unit: AccessUnit): boolean {
  if (free.length === 0 || unit.actions.length === 0 || unit.alsoNeeds.length > 0) return false
  return (
    unit.servers.every((server) => {
      const given = new Set(
        free
          .filter(({ servers }) => servers.some((other) => holds(other, server)))
          .flatMap(({ actions }) => actions),
      )
      return unit.actions.every((action) => given.has(action))
    }) && needs.every((need) => !unit.s3[need] || free.some(({ s3 }) => s3[need]))
  )
}

const needs = ['read', 'write', 'list'] as const

/** Whether one entry of the file's servers means all that another does, now and later. */
function holds(other: TargetServer, server: TargetServer): boolean {
  if (other.kind !== server.kind || other.region !== server.region) return false
  if (other.resource === server.resource && same(other.condition, server.condition)) return true
  return other.resource.endsWith('/*') && other.condition === undefined && server.via === undefined
}

function same(a: TargetServer['condition'], b: TargetServer['condition']): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
