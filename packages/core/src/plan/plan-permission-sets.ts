import { arnName, iamArn } from '../policy/arn.ts'
import type { PermissionSet, Snapshot } from '../snapshot/snapshot.ts'
import { ownedPath } from '../target/owned.ts'
import type { Target } from '../target/target.ts'
import type { DraftOperation } from './draft-operation.ts'
import type { Request } from './operation.ts'
import { inlineChange, inlineDraft } from './plan-inline-sets.ts'

/**
 * Refers permission sets to our policies by name and path, or writes our statements into their inline policy, and
 * provisions each changed set once, after the policies exist: until then nothing that its users have changes. A set
 * that changes from one form to the other is provisioned twice: with both, then without the old one.
 */
export function planPermissionSets(
  target: Target,
  snapshot: Snapshot,
  fileName: string,
  prune: boolean,
  now: Date,
): readonly DraftOperation[] {
  const path = ownedPath(fileName)
  const wanted = new Map<string, string[]>()
  for (const { principal, policy } of target.attachments) {
    if (principal.includes(':permissionSet/'))
      wanted.set(principal, [...(wanted.get(principal) ?? []), arnName(policy)])
  }
  const listed = new Set(
    target.principals
      .filter((principal) => principal.kind === 'permission-set')
      .map((principal) => principal.arn),
  )
  const inlines = new Map((target.inline ?? []).map((inline) => [inline.principal, inline]))
  const drafts: DraftOperation[] = []
  for (const set of snapshot.permissionSets) {
    if (!listed.has(set.arn) && !prune) continue
    const owned = set.customerManaged.filter((policy) => policy.path === path).map((policy) => policy.name)
    const names = wanted.get(set.arn) ?? []
    const missing = names.filter((name) => !owned.includes(name))
    const surplus = owned.filter((name) => !names.includes(name))
    const inline = inlineChange(set, fileName, inlines.get(set.arn), now)
    const adopted = set.customerManaged.filter(
      (policy) =>
        listed.has(set.arn) && target.adopted?.includes(iamArn(snapshot, 'policy', policy.path, policy.name)),
    )
    if (missing.length === 0 && surplus.length === 0 && adopted.length === 0 && !inline) continue
    const moves =
      (inline?.kind === 'begins' && surplus.length + adopted.length > 0) ||
      (inline?.kind === 'ends' && missing.length > 0)
    const last = moves ? 'let-go' : 'refer'
    for (const name of missing) drafts.push(refer(set, name, path))
    for (const name of surplus) drafts.push({ ...unrefer(set, name, path), stage: last })
    for (const policy of adopted) {
      const because = `The grants of this file replace the hand-made policy ${policy.name} for permission set ${set.name}.`
      drafts.push({ ...unrefer(set, policy.name, policy.path, because), stage: last })
    }
    if (inline) {
      const stage = inline.kind === 'ends' ? last : 'refer'
      drafts.push(inlineDraft(set, inline, stage, set.accounts.length > 0 ? [provisionRequest(set)] : []))
    }
    if (set.accounts.length === 0) continue
    const removes = surplus.length + adopted.length > 0 || inline?.risk === 'removes'
    drafts.push(provision(set, removes && !moves))
    if (moves) drafts.push({ ...provision(set, true), stage: 'provision-again' })
  }
  return drafts
}

function reference(set: PermissionSet, name: string, path: string) {
  return {
    InstanceArn: set.instanceArn,
    PermissionSetArn: set.arn,
    CustomerManagedPolicyReference: { Name: name, Path: path },
  }
}

function refer(set: PermissionSet, name: string, path: string): DraftOperation {
  return {
    stage: 'refer',
    request: {
      action: 'AttachCustomerManagedPolicyReferenceToPermissionSet',
      input: reference(set, name, path),
    },
    principal: set.arn,
    because: `Permission set ${set.name} gets ${name}.`,
    risk: 'adds',
    inverse: () => [
      { action: 'DetachCustomerManagedPolicyReferenceFromPermissionSet', input: reference(set, name, path) },
      provisionRequest(set),
    ],
  }
}

function unrefer(
  set: PermissionSet,
  name: string,
  path: string,
  because = `The file no longer grants ${name} to permission set ${set.name}.`,
): DraftOperation {
  return {
    stage: 'refer',
    request: {
      action: 'DetachCustomerManagedPolicyReferenceFromPermissionSet',
      input: reference(set, name, path),
    },
    principal: set.arn,
    because,
    risk: 'removes',
    inverse: () => [
      { action: 'AttachCustomerManagedPolicyReferenceToPermissionSet', input: reference(set, name, path) },
      provisionRequest(set),
    ],
  }
}

function provision(set: PermissionSet, removes: boolean): DraftOperation {
  return {
    stage: 'provision',
    request: provisionRequest(set),
    principal: set.arn,
    because: `Permission set ${set.name} changes in ${set.accounts.length === 1 ? `account ${set.accounts[0]}` : `${set.accounts.length} accounts: ${set.accounts.join(', ')}`}.`,
    risk: removes ? 'removes' : 'changes',
    inverse: () => [provisionRequest(set)],
  }
}

function provisionRequest(set: PermissionSet): Request {
  return {
    action: 'ProvisionPermissionSet',
    input: {
      InstanceArn: set.instanceArn,
      PermissionSetArn: set.arn,
      TargetType: 'ALL_PROVISIONED_ACCOUNTS',
    },
  }
}
