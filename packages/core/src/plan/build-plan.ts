import type { GrantsFile } from '../grants/grants-file.ts'
import { iamArn } from '../policy/arn.ts'
import { canonicalHash } from '../policy/hash.ts'
import { Problem } from '../problem.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { indexAccount } from '../target/account-index.ts'
import { compileTarget } from '../target/compile-target.ts'
import { ownedPrefix } from '../target/owned.ts'
import { type DraftOperation, orderOperations } from './draft-operation.ts'
import { sortFindings } from './findings.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { Operation } from './operation.ts'
import type { Plan } from './plan.ts'
import { planAdoptions } from './plan-adoptions.ts'
import { planAttachments } from './plan-attachments.ts'
import { planDeletions } from './plan-deletions.ts'
import { planLeftSplits } from './plan-left-splits.ts'
import { planLosses } from './plan-losses.ts'
import { planPermissionSets } from './plan-permission-sets.ts'
import { planPolicies } from './plan-policies.ts'
import { planRoles } from './plan-roles.ts'
import { findSwitches, planSplits } from './plan-splits.ts'
import { planSurroundings } from './plan-surroundings.ts'
import { type Evidence, planUnused } from './plan-unused.ts'
import { projectPlan } from './project-plan.ts'

export interface PlanRequest {
  readonly file: GrantsFile
  readonly snapshot: Snapshot
  /** Also revoke and delete what the file owns and no longer lists. */
  readonly prune: boolean
  readonly now: Date
  /** Adds findings on what was granted and not used. */
  readonly evidence?: Evidence
}

/** Compares what should exist with what was read, and writes down every request that makes them equal. */
export function buildPlan({ file, snapshot, prune, now, evidence }: PlanRequest): Plan {
  refuseOtherAccount(file, snapshot)
  const { target, findings } = compileTarget(file, snapshot, now)
  const account = indexAccount(snapshot)
  const prefix = ownedPrefix(snapshot, file.name)

  const roles = planRoles(target.roles, account)
  const policies = planPolicies(target.policies, account, now)
  const left = planLeftSplits(target, snapshot, file.name, prefix, prune)
  const attachments = planAttachments(target, snapshot, account, prefix, prune, left)
  const switches = findSwitches(target, snapshot, account)
  const splits = planSplits(switches, target, snapshot, prefix)
  const permissionSets = planPermissionSets(target, snapshot, file.name, prune, now)
  const deletions = prune
    ? planDeletions(target, snapshot, file.name, prefix, unreferredPolicies(permissionSets, snapshot), left)
    : { drafts: [], findings: [] }
  const losses = planLosses({
    ...{ target, snapshot, account, prefix, fileName: file.name },
    ...{ prune, narrowed: policies.narrowed, switches, now },
  })

  const operations = orderOperations([
    ...roles.drafts,
    ...policies.drafts,
    ...attachments,
    ...permissionSets,
    ...splits.drafts,
    ...deletions.drafts,
  ])
  const after = operations.length > 0 ? projectPlan(snapshot, operations) : snapshot
  const surroundings = planSurroundings({
    target,
    before: snapshot,
    after,
    name: file.name,
    prefix,
    prune,
    losing: losses.flatMap((loss) => loss.principal ?? []),
    now,
  })
  const body = {
    version: 1 as const,
    account: snapshot.account,
    partition: snapshot.partition,
    region: file.region ?? snapshot.region,
    name: file.name,
    prune,
    snapshot: { fingerprint: fingerprintOf(operations, snapshot) },
    target,
    operations,
    findings: sortFindings([
      ...findings,
      ...roles.findings,
      ...policies.findings,
      ...deletions.findings,
      ...splits.findings,
      ...left.findings,
      ...planAdoptions({ target, before: snapshot, after, switches, now }),
      ...losses,
      ...surroundings,
      ...(evidence ? planUnused(target, evidence, snapshot) : []),
    ]),
    totals: totalsOf(operations),
  }
  const { version, ...rest } = body
  return {
    version,
    id: canonicalHash(body, 12),
    ...rest,
    snapshot: { takenAt: snapshot.takenAt, fingerprint: body.snapshot.fingerprint },
  }
}

/** The id that a plan's content has; a plan file whose `id` differs was edited. */
export function planId(plan: Plan): string {
  const { id: _, snapshot, ...rest } = plan
  return canonicalHash({ ...rest, snapshot: { fingerprint: snapshot.fingerprint } }, 12)
}

/** ARNs of the policies that permission sets no longer refer to after these drafts. */
function unreferredPolicies(drafts: readonly DraftOperation[], snapshot: Snapshot): ReadonlySet<string> {
  return new Set(
    drafts.flatMap(({ request }) => {
      if (request.action !== 'DetachCustomerManagedPolicyReferenceFromPermissionSet') return []
      const { Path: path, Name: name } = request.input.CustomerManagedPolicyReference
      return [iamArn(snapshot, 'policy', path, name)]
    }),
  )
}

function totalsOf(operations: readonly Operation[]): Plan['totals'] {
  const count = (risk: Operation['risk']): number =>
    operations.filter((operation) => operation.risk === risk).length
  const deletes = operations.filter(
    ({ action }) => action === 'DeletePolicy' || action === 'DeleteRole',
  ).length
  return { adds: count('adds'), changes: count('changes'), removes: count('removes'), deletes }
}

function refuseOtherAccount(file: GrantsFile, snapshot: Snapshot): void {
  if (file.account !== undefined && file.account !== snapshot.account) {
    throw new Problem(
      'WRONG_ACCOUNT',
      `The grants file is for account ${file.account}, and this is account ${snapshot.account}.`,
      {
        why: 'The file names its account so that its access is never given in another one.',
        fix: [`Sign in to ${file.account} (--profile), or correct account in the file.`],
        exit: 3,
      },
    )
  }
  if (file.partition !== snapshot.partition) {
    throw new Problem(
      'WRONG_PARTITION',
      `The grants file is for partition ${file.partition}, and this account is in ${snapshot.partition}.`,
      {
        why: 'ARNs of one partition mean nothing in another.',
        fix: [`Say partition: ${snapshot.partition} in the file, or sign in elsewhere.`],
        exit: 3,
      },
    )
  }
}
