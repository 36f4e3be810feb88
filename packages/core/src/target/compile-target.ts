import type { Grant, GrantsFile } from '../grants/grants-file.ts'
import { expandPersonas } from '../personas/expand.ts'
import { finding, sortFindings } from '../plan/findings.ts'
import type { Finding } from '../plan/plan.ts'
import type { Home } from '../policy/arn.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { type AccessUnit, accessUnit } from './access-unit.ts'
import { indexAccount } from './account-index.ts'
import { checkPolicyNames } from './check-policy-names.ts'
import { conditionFindings } from './condition-findings.ts'
import { grantExplainer } from './grant-findings.ts'
import { InputIssues } from './input-issues.ts'
import { keptPolicies } from './kept-policies.ts'
import { otherAccountFindings } from './other-account-findings.ts'
import { otherAccounts } from './other-accounts.ts'
import { ownedPath, ownedPrefix } from './owned.ts'
import { passableRoles } from './passable-roles.ts'
import { permissionSetFindings } from './permission-set-findings.ts'
import { placePolicies } from './place-policies.ts'
import { resolveAdoptions } from './resolve-adoptions.ts'
import { grantPath, principalResolver } from './resolve-principals.ts'
import { resolveServers } from './resolve-servers.ts'
import { serviceRoles, trustsSageMaker } from './service-roles.ts'
import { resolveSplits } from './split-roles.ts'
import type { Target, TargetPrincipal, TargetServer } from './target.ts'
import { targetAccess } from './target-access.ts'
import { viaGrants } from './via-grants.ts'

/** One grant as it applies: its unit of access and whoever gets it. */
export interface AppliedGrant {
  readonly index: number
  readonly unit: AccessUnit
  readonly principals: readonly TargetPrincipal[]
}

/**
 * What should exist for this file in this account at this moment, and what a reviewer should see about it.
 * Throws a Problem that holds every server, principal and role of the file that does not fit the account.
 */
export function compileTarget(
  file: GrantsFile,
  snapshot: Snapshot,
  now: Date,
): { target: Target; findings: readonly Finding[] } {
  const home: Home = { partition: snapshot.partition, account: snapshot.account }
  const account = indexAccount(snapshot)
  const issues = new InputIssues(file)
  const personas = expandPersonas(file.personas)
  const { servers, findings: serverFindings } = resolveServers(file, snapshot, issues)
  const allServers = [...servers.values()]
  const { roles, findings: roleFindings } = serviceRoles(file, home, account, allServers, issues)
  const serviceTargets = roles.map((role) => role.role)
  const { adopted, findings: adoptionFindings } = resolveAdoptions(file, snapshot, account, issues)
  const splits = resolveSplits(
    { file, home, snapshot, account, issues, adopted: new Set(adopted) },
    serviceTargets,
  )
  const targetRoles = [...serviceTargets, ...splits.map((split) => split.role)]
  const resolve = principalResolver(snapshot, account, targetRoles, splits, issues)
  const passable = passableRoles(file, home, account)
  const trustOf = (arn: string): string | undefined => {
    const planned = targetRoles.find((role) => role.arn === arn)
    if (planned) return JSON.stringify(planned.trust)
    const found = account.byArn(arn)
    return found && 'trust' in found && typeof found.trust === 'string' ? found.trust : undefined
  }
  const isServiceRole = (arn: string): boolean => trustsSageMaker(trustOf(arn) ?? '')

  // Thousands of grants may say the same: each distinct one is worked out once.
  const units = new Map<string, AccessUnit>()
  const unitOf = (grant: Grant, on: readonly TargetServer[]): AccessUnit => {
    const { personas: held, on: keys, add, remove, until, when, policyName } = grant
    const text = JSON.stringify([held, keys, add, remove, until, when, policyName])
    const known = units.get(text)
    if (known) return known
    const unit = accessUnit(file, grant, personas, on)
    units.set(text, unit)
    return unit
  }
  const explain = grantExplainer(personas, passable, isServiceRole, now)

  const findings: Finding[] = [...serverFindings, ...roleFindings, ...adoptionFindings]
  for (const { existing, name } of serviceTargets) {
    const found = existing ? account.role(name) : undefined
    if (found) findings.push(...keptPolicies(found, ownedPrefix(home, file.name), new Set(adopted)))
  }
  const listed = new Map<string, TargetPrincipal>()
  const applied: AppliedGrant[] = []
  for (const grant of file.grants) {
    const on = grant.on.flatMap((key) => servers.get(key) ?? [])
    const principals: TargetPrincipal[] = []
    for (const [place, ref] of grant.to.entries()) {
      const principal = resolve(ref, grantPath(grant, grant.to.length > 1 ? `to.${place}` : 'to'))
      if (!principal) continue
      listed.set(principal.arn, principal)
      if (!principals.some((other) => other.arn === principal.arn)) principals.push(principal)
    }
    const unit = unitOf(grant, on)
    if (unit.until && Date.parse(unit.until) <= now.getTime()) {
      const who = principals.map((principal) => principal.name).join(', ')
      findings.push(
        finding('grant-ended', `${who}: ${unit.purpose} ended on ${unit.until} and is cleaned up.`),
      )
      continue
    }
    findings.push(...explain(grant, unit, principals))
    applied.push({ index: grant.index, unit, principals })
  }
  checkPolicyNames(applied, ownedPath(file.name), account, issues)
  issues.throwAny()
  findings.push(...removedButGranted(applied), ...conditionFindings(applied, trustOf))

  const principals = [...listed.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1))
  const placed = placePolicies({
    ...{ file, home, account, snapshot, roles, splits, applied, passable },
    adopted: new Set(adopted),
  })
  const through = viaGrants(applied)
  const elsewhere = otherAccounts(file, home, snapshot, through)
  return {
    target: {
      servers: allServers,
      principals,
      roles: targetRoles,
      policies: placed.policies,
      attachments: placed.attachments,
      ...(placed.inline.length > 0 ? { inline: placed.inline } : {}),
      ...(elsewhere.length > 0 ? { elsewhere } : {}),
      access: targetAccess(snapshot, roles, applied),
      ...(adopted.length > 0 ? { adopted } : {}),
    },
    findings: sortFindings([
      ...findings,
      ...placed.findings,
      ...permissionSetFindings(file, snapshot, principals),
      ...otherAccountFindings(snapshot, through, elsewhere),
    ]),
  }
}

/** Removing an action in one grant does nothing where another grant of the same principal gives it. */
function removedButGranted(applied: readonly AppliedGrant[]): readonly Finding[] {
  const findings: Finding[] = []
  const byPrincipal = new Map<string, AccessUnit[]>()
  for (const { unit, principals } of applied) {
    for (const principal of principals)
      byPrincipal.set(principal.arn, [...(byPrincipal.get(principal.arn) ?? []), unit])
  }
  for (const [principal, units] of byPrincipal) {
    for (const unit of units.length > 1 ? units : []) {
      const others = units.filter((other) => other !== unit && overlaps(other, unit))
      const given = unit.removed.filter((name) => others.some((other) => other.actions.includes(name)))
      if (given.length > 0) {
        const name = principal.slice(principal.lastIndexOf('/') + 1)
        findings.push(
          finding(
            'removed-but-granted',
            `${name}: ${given.join(', ')} is removed from ${unit.purpose}, but another grant gives it.`,
            { principal },
          ),
        )
      }
    }
  }
  return findings
}

/** AccessUI knows no servers, so grants on different servers overlap in it. */
function overlaps(a: AccessUnit, b: AccessUnit): boolean {
  const arns = new Set(a.servers.flatMap((server) => [server.resource, ...server.arns]))
  return (
    b.removed.includes('AccessUI') ||
    b.servers.some((server) => arns.has(server.resource) || server.arns.some((arn) => arns.has(arn)))
  )
}
