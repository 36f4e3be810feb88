import type { Account } from '../account/account.ts'
import type { CenterState, PermissionSetState } from '../account/center-state.ts'
import { Refusal } from '../wire/refusal.ts'
import { notFound } from './refusals.ts'

/** The Identity Center of this account, asked for by its instance. */
export function centerAt({ state }: Account, instanceArn: string): CenterState {
  const { center } = state
  if (center === undefined) {
    throw new Refusal(
      'AccessDeniedException',
      `User: ${state.caller.arn} is not authorized to perform this operation on ${instanceArn}`,
      400,
    )
  }
  if (center.instanceArn !== instanceArn) throw notFound(`Could not find instance ${instanceArn}`)
  return center
}

export function setAt(account: Account, instanceArn: string, setArn: string): PermissionSetState {
  const set = centerAt(account, instanceArn).permissionSets.find((each) => each.arn === setArn)
  if (set === undefined) throw notFound(`Could not find PermissionSet with id ${setArn.split('/').at(-1)}`)
  return set
}
