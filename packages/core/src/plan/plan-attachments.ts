import { inlineLabel } from '../evaluate/owned.ts'
import { arnName } from '../policy/arn.ts'
import { attachmentLimits } from '../policy/measure.ts'
import { Problem } from '../problem.ts'
import type { InlinePolicy, Snapshot } from '../snapshot/snapshot.ts'
import type { AccountIndex } from '../target/account-index.ts'
import { listedPrincipals, type Target } from '../target/target.ts'
import type { DraftOperation } from './draft-operation.ts'
import type { Request } from './operation.ts'
import type { LeftSplits } from './plan-left-splits.ts'

type Kind = 'user' | 'group' | 'role'

/**
 * Attaches and detaches so that the owned attachments of every listed principal become exactly the target's;
 * with `prune`, those of every other principal go too. Attachments from elsewhere are never touched, but for
 * policies that the file adopts.
 */
export function planAttachments(
  target: Target,
  snapshot: Snapshot,
  account: AccountIndex,
  prefix: string,
  prune: boolean,
  left: LeftSplits,
): readonly DraftOperation[] {
  const wanted = new Map<string, string[]>()
  for (const { principal, policy } of target.attachments)
    wanted.set(principal, [...(wanted.get(principal) ?? []), policy])
  const purposes = new Map(target.policies.map((policy) => [policy.arn, policy.purpose]))
  const adopted = new Set(target.adopted)
  const listed = new Set(listedPrincipals(target).filter((arn) => !arn.includes(':permissionSet/')))

  // Named by the file itself; the role that a split profile shared before is not.
  const named = new Set([...target.principals, ...target.roles].map(({ arn }) => arn))
  const stays = (holder: string, policy: string): boolean => left.kept.has(holder) && left.carried.has(policy)

  const drafts: DraftOperation[] = []
  for (const principal of [...listed].sort()) {
    const attached = account.byArn(principal)?.attached ?? []
    const owned = attached.filter((arn) => arn.startsWith(prefix))
    const policies = wanted.get(principal) ?? []
    const missing = policies.filter((arn) => !attached.includes(arn))
    refuseOverfull(principal, attached, missing, owned, snapshot)
    for (const arn of missing) drafts.push(attach(principal, arn, whyAttached(principal, arn, purposes)))
    for (const arn of owned.filter((item) => !policies.includes(item) && !stays(principal, item))) {
      drafts.push(
        detachDraft(principal, arn, `The file no longer grants ${arnName(arn)} to ${arnName(principal)}.`),
      )
    }
    // The one case in which an attachment from elsewhere is taken off: the file says that its grants replace it.
    if (!named.has(principal)) continue
    for (const arn of attached.filter((item) => adopted.has(item))) {
      drafts.push(
        detachDraft(
          principal,
          arn,
          `The grants of this file replace the hand-made policy ${arnName(arn)} for ${arnName(principal)}.`,
        ),
      )
    }
    for (const inline of account.byArn(principal)?.inline ?? []) {
      if (adopted.has(inlineLabel(inline.name, principal))) drafts.push(deleteInlineDraft(principal, inline))
    }
  }
  if (!prune) return [...drafts, ...left.drafts]
  for (const other of [...snapshot.users, ...snapshot.groups, ...snapshot.roles]) {
    // Identity Center's own roles follow their permission set and are never edited.
    if (listed.has(other.arn) || other.name.startsWith('AWSReservedSSO_')) continue
    for (const arn of other.attached.filter((item) => item.startsWith(prefix) && !stays(other.arn, item))) {
      drafts.push(
        detachDraft(other.arn, arn, `The file does not list ${other.name}, and prune revokes what it owns.`),
      )
    }
  }
  return [...drafts, ...left.drafts]
}

function whyAttached(principal: string, policy: string, purposes: ReadonlyMap<string, string>): string {
  const purpose = purposes.get(policy)
  if (purpose) return `${arnName(principal)} gets ${purpose}.`
  return `${arnName(principal)} gets ${arnName(policy)}, which the shared role has too.`
}

/** The request that attaches a policy to a user, group or role, by the principal's ARN. */
export function attachRequest(principal: string, policy: string): Request {
  const name = arnName(principal)
  switch (kindOf(principal)) {
    case 'user':
      return { action: 'AttachUserPolicy', input: { UserName: name, PolicyArn: policy } }
    case 'group':
      return { action: 'AttachGroupPolicy', input: { GroupName: name, PolicyArn: policy } }
    case 'role':
      return { action: 'AttachRolePolicy', input: { RoleName: name, PolicyArn: policy } }
  }
}

export function detachRequest(principal: string, policy: string): Request {
  const name = arnName(principal)
  switch (kindOf(principal)) {
    case 'user':
      return { action: 'DetachUserPolicy', input: { UserName: name, PolicyArn: policy } }
    case 'group':
      return { action: 'DetachGroupPolicy', input: { GroupName: name, PolicyArn: policy } }
    case 'role':
      return { action: 'DetachRolePolicy', input: { RoleName: name, PolicyArn: policy } }
  }
}

function attach(principal: string, policy: string, because: string): DraftOperation {
  return {
    stage: 'attach',
    request: attachRequest(principal, policy),
    principal,
    because,
    risk: 'adds',
    inverse: () => [detachRequest(principal, policy)],
  }
}

/** Takes a policy off a principal, after everything that widens is usable. */
export function detachDraft(principal: string, policy: string, because: string): DraftOperation {
  return {
    stage: 'detach',
    request: detachRequest(principal, policy),
    principal,
    because,
    risk: 'removes',
    inverse: () => [attachRequest(principal, policy)],
  }
}

/** Deletes a hand-made inline policy that grants replace; it exists nowhere else, so its text is kept to the byte. */
function deleteInlineDraft(principal: string, { name, document }: InlinePolicy): DraftOperation {
  return {
    stage: 'detach',
    request: inlineRequest(principal, name),
    principal,
    because: `The grants of this file replace the inline policy ${name} of ${arnName(principal)}; a rollback writes it again as it was.`,
    risk: 'removes',
    inverse: () => [inlineRequest(principal, name, document)],
  }
}

/** Writes this text as an inline policy; without one, deletes the policy. */
function inlineRequest(principal: string, PolicyName: string, document?: string): Request {
  const name = arnName(principal)
  const written = document === undefined ? undefined : { PolicyName, PolicyDocument: document }
  switch (kindOf(principal)) {
    case 'user':
      return written
        ? { action: 'PutUserPolicy', input: { UserName: name, ...written } }
        : { action: 'DeleteUserPolicy', input: { UserName: name, PolicyName } }
    case 'group':
      return written
        ? { action: 'PutGroupPolicy', input: { GroupName: name, ...written } }
        : { action: 'DeleteGroupPolicy', input: { GroupName: name, PolicyName } }
    case 'role':
      return written
        ? { action: 'PutRolePolicy', input: { RoleName: name, ...written } }
        : { action: 'DeleteRolePolicy', input: { RoleName: name, PolicyName } }
  }
}

function kindOf(principal: string): Kind {
  const kind = principal.split(':')[5]?.split('/')[0]
  return kind === 'user' || kind === 'group' ? kind : 'role'
}

/** New policies are attached before old ones go, so the peak counts both. */
function refuseOverfull(
  principal: string,
  attached: readonly string[],
  missing: readonly string[],
  owned: readonly string[],
  snapshot: Snapshot,
): void {
  const kind = kindOf(principal)
  const quotas = {
    user: snapshot.quotas?.attachedPerUser,
    group: snapshot.quotas?.attachedPerGroup,
    role: snapshot.quotas?.attachedPerRole,
  }
  const quota = quotas[kind] ?? attachmentLimits[kind]
  const peak = attached.length + missing.length
  if (missing.length === 0 || peak <= quota) return
  throw new Problem(
    'NO_ROOM_TO_ATTACH',
    `${kind} ${arnName(principal)} would have ${peak} policies attached for a moment; IAM allows ${quota}.`,
    {
      why: `New policies are attached before old ones are detached, so that nobody loses access halfway. ${attached.length} are attached now, ${owned.length} of them ours.`,
      fix: [
        `Detach ${peak - quota} polic${peak - quota === 1 ? 'y' : 'ies'} from ${arnName(principal)} first, or ask AWS for a higher quota.`,
      ],
      exit: 3,
    },
  )
}
