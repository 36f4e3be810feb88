import { loaded, type Model } from './model.ts'
import { lastPart, type PrincipalInfo } from './people.ts'

/** Whether the file names a policy among those that its grants replace, by name or ARN. */
export function isAdopted(adopt: readonly string[], policy: string): boolean {
  return adopt.includes(policy) || (policy.includes(':policy/') && adopt.includes(lastPart(policy)))
}

/** Whether a principal of the file loses a policy that is taken over; what comes through a group stays. */
export function isTakenOver(model: Model, holder: PrincipalInfo, policy: string): boolean {
  return (
    isAdopted(model.edit.adopt, policy) &&
    holder.attached.includes(policy) &&
    groupsWith(model, holder, policy).length === 0
  )
}

/** Groups of a user that hold a policy. */
export function groupsWith(model: Model, holder: PrincipalInfo, policy: string): readonly string[] {
  const snapshot = loaded(model.snapshot)
  if (holder.kind !== 'user' || !snapshot) return []
  const mine = snapshot.users.find((user) => user.arn === holder.arn)?.groups ?? []
  return snapshot.groups
    .filter((group) => mine.includes(group.name) && group.attached.includes(policy))
    .map((group) => group.name)
}

/** Whether a policy could be taken over: made by hand in this account, not by AWS and not by this tool. */
export function isHandMade(policy: string): boolean {
  return (
    policy.includes(':policy/') && !policy.includes(':iam::aws:') && !policy.includes(':policy/mlflow-iam/')
  )
}
