import { readInlineLabel } from '@mlflow-iam/core/evaluate/owned'
import { readInlinePolicy } from '@mlflow-iam/core/grants/rules/inline-policy'
import { defaultDocument } from '@mlflow-iam/core/plan/read-document'
import type { Snapshot } from '@mlflow-iam/core/snapshot/snapshot'
import { loaded, type Model } from './model.ts'
import { lastPart, type PrincipalInfo } from './people.ts'

// A policy is its ARN here, or `inline:<name>@<holder's ARN>`, as access from elsewhere names it.

/** Whether the file names a policy among those that its grants replace. */
export function isAdopted(adopt: readonly string[], policy: string): boolean {
  const inline = readInlineLabel(policy)
  if (inline) return adopt.some((text) => meansInline(text, inline))
  return adopt.includes(policy) || (policy.includes(':policy/') && adopt.includes(lastPart(policy)))
}

function meansInline(text: string, { name, holder }: { readonly name: string; readonly holder: string }) {
  const read = readInlinePolicy(text)
  if (!('holder' in read) || read.name !== name) return false
  if (read.holder.arn !== undefined) return read.holder.arn === holder
  return (
    holder.includes(`:${read.holder.kind}/`) &&
    lastPart(holder).toLowerCase() === read.holder.name.toLowerCase()
  )
}

/** How the file names a policy that its grants replace. */
export function adoptText(policy: string): string {
  const inline = readInlineLabel(policy)
  if (!inline) return lastPart(policy)
  const kind = inline.holder.split(':')[5]?.split('/')[0]
  return `inline:${inline.name}@${kind}/${lastPart(inline.holder)}`
}

/** Whether a principal has a policy itself, or gets it with the copy of the role that it shares now. */
export function holds(holder: PrincipalInfo, policy: string): boolean {
  const inline = readInlineLabel(policy)
  return inline ? inline.holder === (holder.splitFrom ?? holder.arn) : holder.attached.includes(policy)
}

/** Whether a principal of the file loses a policy that is taken over; what comes through a group stays. */
export function isTakenOver(model: Model, holder: PrincipalInfo, policy: string): boolean {
  return (
    isAdopted(model.edit.adopt, policy) &&
    holds(holder, policy) &&
    groupsWith(model, holder, policy).length === 0
  )
}

/** Groups of a user that hold a policy. */
export function groupsWith(model: Model, holder: PrincipalInfo, policy: string): readonly string[] {
  const snapshot = loaded(model.snapshot)
  if (holder.kind !== 'user' || !snapshot) return []
  const mine = snapshot.users.find((user) => user.arn === holder.arn)?.groups ?? []
  const owner = readInlineLabel(policy)?.holder
  return snapshot.groups
    .filter((group) => mine.includes(group.name))
    .filter((group) => group.arn === owner || group.attached.includes(policy))
    .map((group) => group.name)
}

/** Whether a policy could be taken over: made by hand in this account, not by AWS and not by this tool. */
export function isHandMade(policy: string): boolean {
  const inline = readInlineLabel(policy)
  // What permission sets have inline is written in Identity Center.
  if (inline) return !lastPart(inline.holder).startsWith('AWSReservedSSO_')
  return (
    policy.includes(':policy/') && !policy.includes(':iam::aws:') && !policy.includes(':policy/mlflow-iam/')
  )
}

/** What a policy says, as it is stored; empty where it is not known. */
export function storedText({ users, groups, roles, policies }: Snapshot, policy: string): string {
  const inline = readInlineLabel(policy)
  if (inline) {
    const holder = [...users, ...groups, ...roles].find((each) => each.arn === inline.holder)
    return holder?.inline.find(({ name }) => name === inline.name)?.document ?? ''
  }
  const managed = policies.find((each) => each.arn === policy)
  return managed ? defaultDocument(managed) : ''
}

/** How whoever loses a policy that is taken over loses it. */
export function lossWord(policy: string): 'detached' | 'deleted' {
  return readInlineLabel(policy) ? 'deleted' : 'detached'
}
